"""A test ends its own process, with `os._exit` or SIGTERM: what is known is told, and the run is red."""

import pytest
from process_runs import run_command

LEAVES = {
    "a sync test": "def test_leaves():\n    os._exit(0)",
    "an async test": "async def test_leaves():\n    await asyncio.sleep(0.01)\n    os._exit(0)",
    "a thread": "async def test_leaves():\n    await asyncio.to_thread(os._exit, 0)",
    "its own fixture": "@fixture\ndef own(): os._exit(0)\n\ndef test_leaves(own): pass",
}
SOURCE = """
import asyncio, os
from rustest import fixture

async def test_before():
    print("said before")
    assert 1 == 2

{leaves}

def test_after(): pass
"""


@pytest.mark.parametrize("who", LEAVES)
def test_what_is_known_is_told_and_the_status_is_that_of_a_failure(tmp_path, who):
    ended = run_command(tmp_path, SOURCE.format(leaves=LEAVES[who]), "--concurrency", "1")
    assert (ended.status, ended.err) == (1, "")
    said = ended.junit()
    assert said["test_before"].startswith("failure: AssertionError")
    assert said["test_leaves"].startswith("error: os._exit(0) was called, which ends the process")
    assert said["test_after"] == "skipped: not run: stopped: the process is ended from within"
    assert "CRASHED test_it.py::test_leaves  " in ended.out
    assert ended.out.splitlines()[-1].startswith("1 failed, 1 crashed, 1 not run")


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("send", ["os.kill(os.getpid(), signal.SIGTERM)", "signal.raise_signal(signal.SIGTERM)"])
def test_sigterm_that_nobody_handles_is_the_fault_of_the_test_that_sends_it(tmp_path, kind, send):
    source = f"import os, signal\n{kind} test_sends(): {send}\ndef test_after(): pass\n"
    ended = run_command(tmp_path, {"test_it.py": source}, "--concurrency", "1")
    assert (ended.status, ended.err) == (1, "")
    said = ended.junit()
    assert said["test_sends"].startswith("error: SIGTERM was sent to the own process, without a handler for it, which")


def test_with_a_worker_it_costs_that_test_alone(tmp_path):
    source = "import os, signal\ndef test_sends(): os.kill(os.getpid(), signal.SIGTERM)\ndef test_after(): pass\n"
    ended = run_command(tmp_path, {"test_it.py": source}, "-n", "1")
    assert ended.status == 1
    assert ended.junit()["test_sends"].startswith("error: worker gw0 was killed by SIGTERM while this test was running")
    assert ended.junit()["test_after"] == "passed"


def test_the_place_is_told_where_it_was_called(tmp_path):
    ended = run_command(tmp_path, SOURCE.format(leaves=LEAVES["a sync test"]))
    assert "\n    test_it.py:10 in test_leaves\n" in ended.out


def test_a_wider_fixture_that_ends_the_process_is_named(tmp_path):
    leaves = """
@fixture(scope="session")
async def db():
    yield
    os._exit(0)

async def test_it(db): pass
"""
    ended = run_command(tmp_path, SOURCE.format(leaves=leaves))
    assert ended.status == 1
    assert "\nPROBLEM fixture db  teardown: os._exit(0) was called" in ended.out


def test_a_forked_process_leaves_as_it_would_without_rustest(tmp_path):
    source = """
import os
def test_forks():
    child = os.fork()
    if not child:
        os._exit(7)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
"""
    assert run_command(tmp_path, source).status == 0
