"""Limits of sync tests that run an event loop of their own."""

from project_runs import record


def test_a_loop_that_waits_is_interrupted_and_its_tasks_clean_up(tmp_path):
    source = """
import asyncio
from happened import note
from rustest import mark

async def main():
    try:
        await asyncio.sleep(30)
    finally:
        await asyncio.sleep(0.05)
        note("cleaned up")

@mark.timeout(0.2)
def test_a():
    asyncio.run(main())

def test_b():
    asyncio.run(asyncio.sleep(0))
"""
    run = record(tmp_path, source)
    assert run.verdicts() == {"test_a": "timed out", "test_b": "passed"}
    assert [frame.function for frame in run.failure("test_a").frames] == ["test_a", "main"]
    assert run.log == ["cleaned up"]


def test_what_cannot_be_interrupted_and_ends_late_by_itself_does_not_pass(tmp_path):
    source = """
import asyncio, time
from rustest import mark

async def main():
    asyncio.get_running_loop().call_soon(time.sleep, 0.5)
    await asyncio.sleep(0)

@mark.timeout(0.2)
def test_a():
    asyncio.run(main())
"""
    run = record(tmp_path, source)
    assert run.verdicts() == {"test_a": "timed out"}
    assert run.failure("test_a").message == "Test timed out after 0.2 seconds"
