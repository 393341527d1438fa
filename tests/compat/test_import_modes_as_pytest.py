"""How files are imported in pytest's import modes, held against pytest, layout by layout."""

import os
from pathlib import Path

import pytest
from import_layouts import LAYOUTS, Told, ask, write

from rustest.cli.arguments import parse_arguments
from rustest.cli.settings import make_settings
from rustest.model.report import Report
from rustest.testing import _run


def told(report: Report) -> Told:
    found = {problem.where.removesuffix(".py").replace("/", "."): ("error", {}) for problem in report.problems}
    for name, finished in report.finished.items():
        where = name.replace(".py::", ".").replace("/", ".")
        verdict = "failure" if finished.outcome.verdict.is_bad else "passed"
        found[where] = verdict, {one.name: one.value for one in finished.properties}
    return found


CASES = {f"{layout.name}, {mode}": (layout, mode) for layout in LAYOUTS for mode in layout.modes}


@pytest.fixture(scope="module")
def projects(tmp_path_factory) -> dict[str, tuple[Path, Told]]:
    jobs = [(*case, tmp_path_factory.mktemp("project")) for case in CASES.values()]
    for layout, _, folder in jobs:
        write(layout, folder)
    return dict(zip(CASES, zip([job[2] for job in jobs], ask(jobs), strict=True), strict=True))


@pytest.mark.parametrize("name", CASES)
def test_files_are_imported_as_pytest_does_it(name, projects, monkeypatch):
    layout, mode = CASES[name]
    folder, witness = projects[name]
    monkeypatch.chdir(folder)
    options = ("--import-mode", mode, *layout.options, "--continue-on-collection-errors")
    settings = make_settings(parse_arguments(["--pytest-compat", *options]))
    assert os.path.samefile(settings.rootdir, folder)
    assert told(_run(settings, None, ())) == witness
