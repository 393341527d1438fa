"""Hooks of conftest files and plugins: outcomes, order and calls are those of pytest, project by project."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hook_projects import PROJECTS, Found, Project, run_ours, write

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}
    for project in PROJECTS:
        made[project.name] = tmp_path_factory.mktemp("project") / "it"
        write(project, made[project.name])
    return made


@pytest.fixture(scope="module")
def witness(folders) -> dict[str, Found]:
    command = [sys.executable, "-B", HERE / "hook_projects.py", *folders.values()]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=100, env=environment).stdout
    found = [Found(*json.loads(line)) for line in told.splitlines()]
    return dict(zip(folders, found, strict=True))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda project: project.name)
def test_hooks_make_of_a_project_what_they_make_of_it_under_pytest(project: Project, folders, witness, monkeypatch):
    monkeypatch.chdir(folders[project.name])
    found, report = run_ours(project, folders[project.name])
    expected = witness[project.name]
    assert found == expected, [one.outcome.failures for one in report.finished.values() if one.outcome.failures]
    assert list(found.outcomes) == list(expected.outcomes)
    assert found.outcomes
