"""Every way to write a fixture, with pytest and pytest-asyncio as the witnesses."""

import os
import subprocess
import sys
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
from matrix_projects import LOG, Case

from rustest.testing import run, write_project

CASES = [
    Case(*words)
    for words in product(
        ("sync", "generator", "async", "async generator"),
        ("function", "class", "module", "package", "session"),
        ("function", "method"),
        ("plain", "autouse", "param"),
    )
]

SETTINGS = """
[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = session
asyncio_default_test_loop_scope = session
pythonpath = .
"""
"""pytest-asyncio's own riddles are out of the way: one loop for everything, so that the order alone is compared."""

Lines = list[tuple[str, int]]
"""What happened to each fixture of a case, and to which life of it."""


@pytest.fixture(scope="module")
def by_pytest(tmp_path_factory) -> dict[str, dict[str, Lines]]:
    folder = tmp_path_factory.mktemp("by_pytest")
    _write(folder, "pytest")
    (folder / "pytest.ini").write_text(SETTINGS)
    plugins = ["-p", "pytest_asyncio.plugin", "-p", "no:cacheprovider", "--assert=plain"]
    command = [sys.executable, "-m", "pytest", "-q", *plugins]
    lean = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1", "MATRIX_LOG": "log.txt"}
    done = subprocess.run(command, cwd=folder, env={**os.environ, **lean}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr
    return _by_case(folder)


@pytest.fixture(scope="module")
def one_by_one(tmp_path_factory) -> dict[str, dict[str, Lines]]:
    return _run(tmp_path_factory.mktemp("one_by_one"), concurrency=1)


@pytest.fixture(scope="module")
def at_once(tmp_path_factory) -> dict[str, dict[str, Lines]]:
    return _run(tmp_path_factory.mktemp("at_once"))


def _run(folder: Path, **settings: object) -> dict[str, dict[str, Lines]]:
    _write(folder, "rustest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MATRIX_LOG", str(folder / "log.txt"))
        report = run(folder, rootdir=str(folder), pythonpath=["."], **settings)
    assert {key: one.outcome for key, one in report.finished.items() if one.outcome.verdict.value != "passed"} == {}
    assert report.problems == ()
    return _by_case(folder)


def _write(folder: Path, dialect: str) -> None:
    write_project(folder, {"matrix_log.py": LOG})
    for case in CASES:
        write_project(folder, case.files(dialect))


def _by_case(folder: Path) -> dict[str, dict[str, Lines]]:
    logs: dict[str, dict[str, Lines]] = defaultdict(lambda: defaultdict(list))
    for line in (folder / "log.txt").read_text().splitlines():
        fixture, what, life = line.split("|")
        logs[fixture.partition(" ")[0]][fixture].append((what, int(life)))
    return logs


def _comparable(case: Case, lines: Lines) -> Lines:
    """The lives numbered as they come here, for in the run those of other cases come between.

    Those who use no param come last, when rustest, unlike pytest, has torn down what nobody will use any more.
    """
    numbers = {0: 0}
    kept = [line for line in lines if case.flavour != "param" or not line[0].endswith("bystander")]
    return [(what, numbers.setdefault(life, len(numbers))) for what, life in kept]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_set_up_and_teardown_come_in_pytests_order(case, by_pytest, one_by_one):
    ours, theirs = one_by_one[case.name], by_pytest[case.name]
    assert list(ours) == list(theirs) != []
    for fixture, lines in ours.items():
        assert _comparable(case, lines) == _comparable(case, theirs[fixture])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_overlapping_tests_find_as_many_lives_as_under_pytest_and_each_whole(case, by_pytest, at_once):
    ours, theirs = at_once[case.name], by_pytest[case.name]
    assert ours.keys() == theirs.keys() != set()
    for fixture, lines in ours.items():
        assert sorted(what for what, _ in lines) == sorted(what for what, _ in theirs[fixture])
        for life in {life for _, life in lines} - {0}:
            _check_whole([what for what, of in lines if of == life], "generator" in case.kind)


def _check_whole(life: list[str], is_torn_down: bool) -> None:
    """Set-up first, teardown last, each once; `outer` is a generator whatever `it` is."""
    first, *uses = life
    assert first.endswith(" up")
    if is_torn_down or first.startswith("outer"):
        assert uses.pop() in ("it down", "outer down")
    assert not any(use.endswith(" up") or use in ("it down", "outer down") for use in uses)
