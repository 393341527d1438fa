"""Plugins that run async tests and set async fixtures up on loops of their own, by their hooks."""

import pytest
from hook_projects import run, verdicts

from rustest.model.outcome import Verdict
from rustest.testing import write_project

RUNNING = """
import asyncio, inspect
def pytest_pyfunc_call(pyfuncitem):
    if inspect.iscoroutinefunction(pyfuncitem.function) and pyfuncitem.get_closest_marker("anyio") is None:
        asyncio.run(pyfuncitem.obj(*pyfuncitem.funcargs.values()))
        return True
"""
SETTING_UP = """
def pytest_fixture_setup(fixturedef):
    written = fixturedef.func
    if inspect.iscoroutinefunction(written) and "left" not in fixturedef.argname:
        fixturedef.func = lambda **given: asyncio.run(written(**given))
"""
FIXTURES = """
import pytest
@pytest.fixture
async def made(): return 1
@pytest.fixture
async def left(): return 1
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_test_that_a_hook_runs_is_ended_when_its_time_is_up(folder):
    tests = "import asyncio, pytest\nasync def test_it(): pass\n"
    tests += "@pytest.mark.timeout(0.2)\nasync def test_hangs(): await asyncio.sleep(60)\n"
    write_project(folder, {"conftest.py": RUNNING, "test_it.py": tests})
    report = run()
    hung = report.finished["test_it.py::test_hangs"].outcome
    assert hung.verdict is Verdict.TIMED_OUT
    assert [failure.message for failure in hung.failures] == ["Test timed out after 0.2 seconds"]
    assert report.finished["test_it.py::test_it"].outcome.verdict is Verdict.PASSED


def test_fixtures_are_left_to_hooks_only_where_the_test_is(folder):
    tests = "import asyncio, pytest\nasync def test_left_to_hooks(made): assert made == 1\n"
    tests += "@pytest.mark.anyio\nasync def test_of_anyio(left): assert left == 1\n"
    write_project(folder, {"conftest.py": RUNNING + SETTING_UP + FIXTURES, "test_it.py": tests})
    found = verdicts("-p", "no:cacheprovider")
    assert set(found.values()) == {Verdict.PASSED}
    assert {name.partition("[")[0] for name in found} == {"test_it.py::test_left_to_hooks", "test_it.py::test_of_anyio"}


def test_in_auto_mode_rustest_runs_what_hooks_would(folder):
    tests = "import asyncio, pytest\nasync def test_it(made, left): assert made == left == 1\n"
    settings = "[pytest]\nasyncio_mode = auto\n"
    conftest = SETTING_UP.replace("def", "import asyncio, inspect\ndef", 1) + FIXTURES
    write_project(folder, {"pytest.ini": settings, "conftest.py": conftest, "test_it.py": tests})
    assert verdicts() == {"test_it.py::test_it": Verdict.PASSED}


def test_a_fixture_that_no_hook_takes_says_so(folder):
    files = {"conftest.py": RUNNING + SETTING_UP + FIXTURES, "test_it.py": "async def test_it(left): pass\n"}
    write_project(folder, files)
    (failure,) = run().finished["test_it.py::test_it"].outcome.failures
    assert "the async fixture `left` (conftest.py:16) is declared by pytest.fixture" in failure.message
