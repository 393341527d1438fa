"""Steps that block the loop are charged to their test, with the place."""

import io

from rustest.model.outcome import Note, Verdict
from rustest.testing import run_project

BLOCKING = {
    "test_x.py": """
        import asyncio
        import time

        async def test_blocks():
            await asyncio.sleep(0.01)
            time.sleep(0.3)

        async def test_waits():
            await asyncio.sleep(0.05)
    """
}
PLACE = "test_x.py:7"


def test_the_blocking_test_is_named_with_place_and_who_waited(tmp_path):
    stream = io.StringIO()
    report = run_project(tmp_path, BLOCKING, stream=stream)
    outcome = report.outcome("test_x.py::test_blocks")
    assert outcome.verdict is Verdict.PASSED
    assert Note.SLOW in outcome.notes
    longest = outcome.blocks[0]
    assert longest.seconds >= 0.3
    assert longest.waited == 1
    assert longest.frame is not None
    assert f"test_x.py:{longest.frame.line}" == PLACE
    assert f"at {PLACE}; 1 test waited" in stream.getvalue()


def test_nothing_is_told_where_it_is_switched_off(tmp_path):
    report = run_project(tmp_path, BLOCKING, slow_callback=0)
    assert report.outcome("test_x.py::test_blocks").notes == frozenset()


def test_beyond_the_limit_the_test_fails_at_its_place(tmp_path):
    report = run_project(tmp_path, BLOCKING, block_limit=0.2)
    outcome = report.outcome("test_x.py::test_blocks")
    assert outcome.verdict is Verdict.FAILED
    (failure,) = outcome.failures
    assert failure.message.startswith("blocked the loop for")
    assert [frame.function for frame in failure.frames] == ["test_blocks"]


def test_a_sync_test_blocks_nobody(tmp_path):
    source = "import time\ndef test_sync(): time.sleep(0.3)\nasync def test_async(): pass\n"
    report = run_project(tmp_path, {"test_x.py": source}, block_limit=0.1)
    assert report.ids(Verdict.PASSED) == ("test_x.py::test_async", "test_x.py::test_sync")
    assert report.outcome("test_x.py::test_sync").blocks == ()
