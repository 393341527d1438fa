"""What no signal ends: the results are written, the culprit is named, and the process is given up."""

import sys

import pytest
from process_runs import HARD_LIMIT, Running, run_command

HOLDS = {
    "catches everything": """
    while True:
        try:
            while True:
                try: time.sleep(0.01)
                except BaseException: pass
        except BaseException: pass  # what came between two rounds
""",
    "catches everything while it computes": """
    while True:
        try:
            while True:
                try: sorted(range(10**6), key=lambda number: -number)
                except BaseException: pass
        except BaseException: pass  # what came between two rounds
""",
    "a C call that never comes back": """
    mutex = ctypes.create_string_buffer(64)  # zeros are an unlocked mutex
    ctypes.CDLL(None).pthread_mutex_lock(mutex)
    ctypes.CDLL(None).pthread_mutex_lock(mutex)
""",
}
SOURCE = """
import asyncio, ctypes, threading, time
from rustest import mark, parametrize

def hold():
    {hold}

def test_before():
    assert 1 == 2

async def test_before_async():
    await asyncio.sleep(0.01)
    assert 1 == 2

{in_flight}

@mark.timeout(0.3)
{holds}
    threading.Thread(target=time.sleep, args=[1000], name="a thread of its own").start()
    hold()

def test_after():
    pass
"""
IN_FLIGHT = """
@parametrize("number", range(20))
async def test_in_flight(number):
    await asyncio.sleep(1000)
"""
TOLD = "Test timed out after 0.3 seconds, and nothing ends it: the process is given up"
NOT_RUN = "skipped: not run: stopped: a test holds the process, and no signal ends it"


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("hold", HOLDS)
@pytest.mark.skipif(sys.platform != "linux", reason="a mutex of zeros is Linux's")
def test_all_that_is_known_is_told_and_the_process_is_gone(tmp_path, hold, kind):
    holds = "def test_holds():" if kind == "def" else "async def test_holds():\n    await asyncio.sleep(0.1)"
    in_flight = "" if kind == "def" else IN_FLIGHT
    source = SOURCE.format(hold=HOLDS[hold].strip(), holds=holds, in_flight=in_flight)
    ended = run_command(tmp_path, source, "--timeout-grace", "0.05")
    assert (ended.status, ended.err) == (1, "")
    said = ended.junit()
    assert said.pop("test_holds") == f"failure: {TOLD} (other threads: a thread of its own)"
    assert said.pop("test_before_async").startswith("failure: AssertionError")
    before = said.pop("test_before")
    assert before.startswith("failure: AssertionError") if kind == "def" else before == NOT_RUN
    assert said == dict.fromkeys(
        ("test_after", *(f"test_in_flight[{number}]" for number in range(20) if in_flight)), NOT_RUN
    )
    assert f"TIMED OUT test_it.py::test_holds  (stuck)  {TOLD}" in ended.out
    assert "in hold\n" in ended.out
    assert "stopped: a test holds the process" in ended.out
    assert ended.out.splitlines()[-1].startswith("3 failed, 1 not run" if kind == "def" else "2 failed, 22 not run")


def test_a_fixture_that_holds_the_process_is_named(tmp_path):
    source = """
        import time
        from rustest import fixture, mark

        @fixture(scope="module")
        async def db():
            yield
            while True:
                try: time.sleep(0.01)
                except BaseException: pass

        @mark.timeout(0.3)
        async def test_it(db): pass
    """
    ended = run_command(tmp_path, source, "--timeout-grace", "0.05")
    assert (ended.status, ended.err) == (1, "")
    told = "Fixture 'db' teardown timed out after 0.3 seconds, and nothing ends it: the process is given up"
    assert told in ended.out
    assert f"error: {told}" in ended.junit().values()


def test_a_task_that_holds_the_process_after_its_test_is_named(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark

        @mark.timeout(0.3)
        @mark.asyncio(loop_scope="module")
        async def test_leaves():
            async def linger():
                await asyncio.sleep(0.1)
                while True:
                    try: time.sleep(0.01)
                    except BaseException: pass
            asyncio.get_running_loop().lingering = asyncio.create_task(linger())

        @mark.asyncio(loop_scope="module")
        async def test_beside():
            await asyncio.sleep(1000)
    """
    ended = run_command(tmp_path, source, "--timeout-grace", "0.05")
    assert (ended.status, ended.err) == (1, "")
    assert "test_it.py::test_leaves held the thread for 0.3 seconds outside of set-up, test and teardown" in ended.out
    assert ended.junit()["test_leaves"] == "passed"
    assert ended.junit()["test_beside"] == NOT_RUN


def test_a_reporter_that_waits_for_what_the_test_holds_does_not_keep_the_process(tmp_path):
    """The test is in the middle of a write to a pipe that nobody reads, and so holds standard output's lock."""
    source = """
        import sys, time
        from rustest import mark
        from rustest.run import emergency
        emergency._TELLING = 0.5  # for so long reporters are waited for

        @mark.timeout(0.3)
        def test_holds():
            while True:
                try: print("x" * 10_000, file=sys.__stdout__)
                except BaseException: pass
    """
    running = Running(tmp_path, source, "--timeout-grace", "0.05")
    assert running.process.wait(HARD_LIMIT) == 1
    running.end()
