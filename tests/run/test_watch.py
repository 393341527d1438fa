"""The watch: a test that leaves a change of what the process shares to its neighbours is named, and nobody else."""

import os
import signal

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

TOOLS = """
import logging, os, signal, sys, warnings

def handle(number, frame): pass

DO = {
    "the environment variable FLAVOUR": lambda: os.environ.update(FLAVOUR="salt"),
    "the working directory": lambda: os.chdir("/"),
    "the number of warning filters": lambda: warnings.simplefilter("ignore", BytesWarning),
    "the length of sys.path": lambda: sys.path.append("/nowhere"),
    "the root logger's handlers": lambda: logging.root.addHandler(HANDLER),
    "the handler of SIGUSR1": lambda: BEFORE.append(signal.signal(signal.SIGUSR1, handle)),
}
HANDLER = logging.NullHandler()
BEFORE = [os.getcwd()]
UNDO = {
    "the environment variable FLAVOUR": lambda: os.environ.pop("FLAVOUR"),
    "the working directory": lambda: os.chdir(BEFORE[0]),
    "the number of warning filters": lambda: warnings.filters.pop(0),
    "the length of sys.path": lambda: sys.path.pop(),
    "the root logger's handlers": lambda: logging.root.removeHandler(HANDLER),
    "the handler of SIGUSR1": lambda: signal.signal(signal.SIGUSR1, BEFORE.pop()),
}
"""
KINDS = (
    "the environment variable FLAVOUR",
    "the working directory",
    "the number of warning filters",
    "the length of sys.path",
    "the root logger's handlers",
    "the handler of SIGUSR1",
)


def told(folder, body: str, more: str = "", **settings) -> list[tuple[str | None, str]]:
    source = f"""
import asyncio
from rustest import fixture
from tools import DO, UNDO

async def test_changes():
    {body}

async def test_beside():
    await asyncio.sleep(0.03)
{more}
"""
    report = run_project(folder, {"tools.py": TOOLS, "test_it.py": source}, **settings)
    assert {one.outcome.verdict for one in report.finished.values()} == {Verdict.PASSED}
    return [(one.id, one.message.partition(" and left it so")[0]) for one in report.warnings]


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_that_outlives_an_await_names_its_test_and_what_it_changed(tmp_path, kind):
    body = f'DO["{kind}"](); await asyncio.sleep(0.01); UNDO["{kind}"](); await asyncio.sleep(0)'
    assert told(tmp_path, body) == [("test_it.py::test_changes", f"the test changed {kind}")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_that_is_left_at_the_end_is_told_too(tmp_path, kind):
    undo = f'await asyncio.sleep(0.01)\n    UNDO["{kind}"]()'
    source = told(tmp_path, f'await asyncio.sleep(0.001); DO["{kind}"]()', f"\nasync def test_mends():\n    {undo}")
    assert source == [("test_it.py::test_changes", f"the test changed {kind}")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_that_is_put_back_before_the_next_await_is_not_told(tmp_path, kind):
    assert told(tmp_path, f'DO["{kind}"](); UNDO["{kind}"](); await asyncio.sleep(0.01)') == []


def test_a_change_that_another_task_puts_back_before_any_other_test_has_its_turn_is_not_told(tmp_path):
    tasks = """
async def change(what):
    DO[what]()

async def undo(what):
    UNDO[what]()
"""
    what = "the environment variable FLAVOUR"
    assert told(tmp_path, f"await asyncio.gather(change({what!r}), undo({what!r}))", tasks) == []


def test_what_a_fixture_of_the_session_sets_up_is_not_told(tmp_path):
    more = """
@fixture(scope="session", autouse=True)
async def flavoured():
    await asyncio.sleep(0)
    DO["the environment variable FLAVOUR"]()
    yield
    UNDO["the environment variable FLAVOUR"]()
"""
    assert told(tmp_path, "await asyncio.sleep(0.01)", more) == []


def test_without_company_nothing_is_told(tmp_path):
    body = 'DO["the working directory"](); await asyncio.sleep(0.01); UNDO["the working directory"]()'
    assert told(tmp_path, body, concurrency=1) == []


def test_the_setting_makes_it_an_error_or_nothing(tmp_path):
    body = 'DO["the working directory"](); await asyncio.sleep(0.01); UNDO["the working directory"]()'
    assert told(tmp_path, body, strict={"shared_change": "ignore"}) == []
    with pytest.raises(AssertionError):
        told(tmp_path, body, strict={"shared_change": "error"}, max_reruns=0)


def test_nothing_of_this_is_left_to_the_tests_after_these():
    assert "FLAVOUR" not in os.environ
    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
