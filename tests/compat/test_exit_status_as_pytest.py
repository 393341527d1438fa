"""The status of runs in which something is wrong, or that end early, held against pytest's."""

from pathlib import Path

import pytest
from pytest_witness import ask_pytest

from rustest.cli.main import main
from rustest.testing import write_project

BROKEN = "import no_such_module\n"
PASSING = "def test_one(): pass\n"
RAISES = {"test_a.py": BROKEN, "test_b.py": PASSING}
BELOW = {"test_b.py": PASSING, "deep/below/conftest.py": BROKEN, "deep/below/test_c.py": PASSING}
ONE = {"test_b.py": PASSING}
WARNS = {"test_a.py": "import warnings\ndef test_a():\n    warnings.warn('a')\n    warnings.warn('b')\n"}
EXIT = "pytest.exit('enough', returncode=9)"
ENDS = """
import pytest
@pytest.fixture
def resource():
    {}
def test_first(resource):
    {}
def test_later():
    pass
"""
MARKED = "{}\npytestmark = pytest.mark.xfail\n"
ALWAYS = ("pytest_configure", "pytest_sessionstart", "pytest_collection_modifyitems")
AROUND = ("pytest_runtest_protocol", "pytest_runtest_setup", "pytest_runtest_makereport", "pytest_runtest_logreport")
LAST = ("pytest_sessionfinish", "pytest_terminal_summary")
WITH_CHOICES = ("--show-capture", "--lfnf", "--tb")
CHOOSES = "def pytest_sessionfinish(session, exitstatus):\n    if exitstatus == 5: session.exitstatus = 0\n"


def hook(name: str, body: str) -> dict[str, str]:
    return {"conftest.py": f"import pytest\ndef {name}():\n    {body}\n", **ONE}


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
    **{f"{name} raises": (hook(name, "raise ValueError(1)"), ()) for name in ALWAYS},
    "a hook refuses": (hook("pytest_configure", "raise pytest.UsageError('no')"), ()),
    **{f"{name} ends the run": (hook(name, EXIT), ()) for name in (*ALWAYS, *AROUND, *LAST)},
    "a hook raises KeyboardInterrupt": (hook("pytest_runtest_logreport", "raise KeyboardInterrupt"), ()),
    "a test ends the run": ({"test_a.py": ENDS.format("pass", EXIT)}, ()),
    "an expected failure ends the run": ({"test_a.py": MARKED.format(ENDS.format("pass", EXIT))}, ()),
    "a test ends the run with 0": ({"test_a.py": ENDS.format("pass", "pytest.exit('well', returncode=0)")}, ()),
    "a test ends the run without a status": ({"test_a.py": ENDS.format("pass", "pytest.exit('well')")}, ()),
    "a test raises KeyboardInterrupt": ({"test_a.py": ENDS.format("pass", "raise KeyboardInterrupt")}, ()),
    "a set-up ends the run": ({"test_a.py": ENDS.format(EXIT, "pass")}, ()),
    "a teardown ends the run": ({"test_a.py": ENDS.format(f"yield; {EXIT}", "pass")}, ()),
    "a file ends the run": ({"test_a.py": f"import pytest\n{EXIT}\n", "test_b.py": PASSING}, ()),
    "a conftest ends the run": ({"conftest.py": f"import pytest\n{EXIT}\n", "test_b.py": PASSING}, ()),
    "a filter of a module that is not there": (ONE, ("-W", "ignore::nowhere.Warned")),
    "more warnings than are allowed": (WARNS, ("--max-warnings=1", "-W", "default")),
    "more warnings than the settings allow": (WARNS, ("-o", "max_warnings=0", "-W", "default")),
    "as many warnings as are allowed": (WARNS, ("--max-warnings=2", "-W", "default")),
    "a failure, and more warnings": (
        {**WARNS, "test_c.py": "def test_c(): assert 0\n"},
        ("--max-warnings=1", "-W", "default"),
    ),
    "no such folder for confcutdir": (ONE, ("--confcutdir=nowhere",)),
    "a debugger without a class": (ONE, ("--pdbcls=nothing",)),
    **{f"a wrong value of {flag}": (ONE, (f"{flag}=x",)) for flag in WITH_CHOICES},
    "a wrong choice in the settings": (ONE, ("-o", "tmp_path_retention_policy=x")),
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
