"""Steps that block the loop are charged to their test, with the place."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rustest.model.outcome import Note, Verdict
from rustest.testing import run_project, write_project

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


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="tells of threads by the files of Linux")
def test_nobody_looks_on_while_a_sync_test_runs(tmp_path):
    source = """
        import os, time

        async def test_async(): pass

        def looks():
            \"\"\"How often each other thread has been waiting.\"\"\"
            found = {}
            for thread in set(os.listdir("/proc/self/task")) - {str(os.getpid())}:
                with open(f"/proc/self/task/{thread}/status") as status:
                    found[thread] = [line for line in status if line.startswith("voluntary_ctxt_switches")]
            return found

        def test_sync():
            time.sleep(0.2)  # one look may be due still
            before = looks()
            time.sleep(0.3)
            assert looks() == before
    """
    assert run_child(tmp_path, source) == 0


def test_after_a_sync_test_blocks_are_seen_again(tmp_path):
    source = """
        import asyncio
        import time

        async def test_first(): pass
        def test_sync(): time.sleep(0.3)
        async def test_blocks():
            await asyncio.sleep(0.01)
            time.sleep(0.3)
    """
    report = run_project(tmp_path, {"test_x.py": source}, concurrency=1)
    (longest,) = report.outcome("test_x.py::test_blocks").blocks
    assert longest.frame is not None
    assert longest.frame.line == 9


def run_child(folder: Path, source: str) -> int:
    """Run a test file in a process of its own, where no other threads are, and give its status."""
    write_project(folder, {"test_x.py": source})
    command = [sys.executable, "-m", "rustest", "test_x.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=60).returncode
