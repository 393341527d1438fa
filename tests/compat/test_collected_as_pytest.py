"""The node ids of hundreds of ways to write a test, and their order: to the letter as pytest has them.

The folder `collected` holds the project, as text, so that nobody takes its files for tests of ours.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rustest.cli.main import main

PROJECT = Path(__file__).parent / "collected"
ADDRESS = re.compile(r"0x[0-9a-f]+")

TWICE = "test_ids_ids.py::test_stacked_collide2[a-b-c]"
"""pytest has two tests by this name; here a name means one test."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    for text in PROJECT.rglob("*.txt"):
        path = folder / text.relative_to(PROJECT).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.read_bytes())
    (folder / "pyproject.toml").touch()
    return folder


CHOICES = [
    (),
    ("sub", "test_classes.py"),
    ("test_reorder.py::test_2", "test_reorder.py::TestR", "test_classes.py::TestOuter::TestInner"),
    ("-k", "TestK or collide or (stacked and not hidden)"),
    ("-m", "slow"),
    ("--deselect", "test_ids_values.py::", "--deselect", "sub"),
]
"""The options of a run each."""

ASK_PYTEST = """
import json, os, sys
import pytest

for options in json.load(sys.stdin):  # each in a process of its own, and pytest loaded once for all
    if not (child := os.fork()):
        status = pytest.main(["-q", "--collect-only", "-pno:cacheprovider", "-pno:warnings", *options])
        sys.stdout.flush()
        os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, options
    print("END", flush=True)
"""


@pytest.fixture(scope="module")
def witness(project) -> dict[tuple[str, ...], list[str]]:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    command, asked = [sys.executable, "-c", ASK_PYTEST], json.dumps(CHOICES)
    done = subprocess.run(
        command, input=asked, cwd=project, env=environment, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(zip(CHOICES, map(ids_in, done.stdout.split("END\n")[:-1]), strict=True))


def ids_in(told: str) -> list[str]:
    return [ADDRESS.sub("0x", line) for line in told.splitlines() if re.match(r"[\w/]+\.py::", line)]


@pytest.mark.parametrize("options", CHOICES, ids=" ".join)
def test_ids_and_order_are_pytests(project, options, witness, monkeypatch, capfd):
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    status = main(["-q", "--collect-only", *options])
    ours, theirs = ids_in(capfd.readouterr().out), list(witness[options])
    assert status == 0
    if theirs.count(TWICE) > 1:
        theirs[theirs.index(TWICE, theirs.index(TWICE) + 1)] = TWICE.replace("]", "_1]")
    assert ours == theirs
