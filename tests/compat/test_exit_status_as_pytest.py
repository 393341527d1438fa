"""The status of runs in which something is wrong before the first test, held against pytest's."""

from pathlib import Path

import pytest
from pytest_witness import ask_pytest

from rustest.cli.main import main
from rustest.testing import write_project

BROKEN = "import no_such_module\n"
PASSING = "def test_one(): pass\n"
RAISES = {"test_a.py": BROKEN, "test_b.py": PASSING}
BELOW = {"test_b.py": PASSING, "deep/below/conftest.py": BROKEN, "deep/below/test_c.py": PASSING}
CHOOSES = "def pytest_sessionfinish(session, exitstatus):\n    if exitstatus == 5: session.exitstatus = 0\n"

CASES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "a file that raises": (RAISES, ()),
    "others run all the same": (RAISES, ("--continue-on-collection-errors",)),
    "stopped at the first": (RAISES, ("-x",)),
    "another file is named": (RAISES, ("test_b.py",)),
    "a test of that file is named": (RAISES, ("test_a.py::test_one",)),
    "only listed": (RAISES, ("--collect-only",)),
    "a conftest above": ({"conftest.py": BROKEN, "test_b.py": PASSING}, ()),
    "a conftest further below": (BELOW, ()),
    "a conftest of what is named": (BELOW, ("deep/below",)),
    "a test has no such fixture": ({"test_a.py": "def test_a(nothing): pass\n"}, ()),
    "a test of unittest's is refused": (
        {
            "test_a.py": "from unittest import TestCase\n"
            "class TestIt(TestCase):\n    def test_a(self, argument): pass\n    def test_b(self): pass\n"
        },
        (),
    ),
    "a hook chooses the status": ({"conftest.py": CHOOSES, "test_a.py": "x = 1\n"}, ()),
    "a hook sees another status": ({"conftest.py": CHOOSES, "test_a.py": "def test_a(): assert 0\n"}, ()),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    made = {name: tmp_path_factory.mktemp("project") for name in CASES}
    for name, folder in made.items():
        write_project(folder, {"pytest.ini": "[pytest]\n", **CASES[name][0]})
    return made


@pytest.fixture(scope="module")
def witness(folders) -> dict[str, int]:
    told = ask_pytest((folder, CASES[name][1]) for name, folder in folders.items())
    return {name: one.status for name, one in zip(folders, told, strict=True)}


@pytest.mark.parametrize("name", CASES)
def test_the_status_is_that_of_pytest(name, folders, witness, monkeypatch, capfd):
    monkeypatch.chdir(folders[name])
    assert main(["--pytest-compat", *CASES[name][1]]) == witness[name], capfd.readouterr()


def test_no_test_of_a_suite_runs_that_is_not_collected_whole(folders, monkeypatch, capfd):
    monkeypatch.chdir(folders["a file that raises"])
    assert main(["--pytest-compat"]) == 2
    told = capfd.readouterr().out
    assert "1 problem, no tests ran" in told
    assert "with --continue-on-collection-errors the others are" in told


def test_workers_run_the_others_as_those_of_pytest_xdist_do(folders, monkeypatch, capfd):
    monkeypatch.chdir(folders["a file that raises"])
    assert main(["--pytest-compat", "-n", "1"]) == 1
    assert "1 passed, 1 problem" in capfd.readouterr().out


def test_where_the_suite_is_of_rustest_the_others_run(folders, monkeypatch, capfd):
    monkeypatch.chdir(folders["a file that raises"])
    assert main(["--pytest-compat=off"]) == 1
    assert "1 passed, 1 problem" in capfd.readouterr().out
