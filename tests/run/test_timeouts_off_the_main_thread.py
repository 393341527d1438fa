"""A run in another thread than the main one: limits hold where code waits, and no signal is touched."""

import signal
import threading

from project_runs import Recording, record

SOURCE = """
    import asyncio, time
    from rustest import fixture, mark

    @fixture
    async def slow_set_up():
        await asyncio.sleep(1000)

    @mark.timeout(0.2)
    async def test_waits():
        await asyncio.sleep(1000)

    @mark.timeout(0.2)
    async def test_set_up(slow_set_up):
        pass

    @mark.timeout(0.2)
    async def test_swallows():
        while True:
            try: await asyncio.sleep(0.01)
            except asyncio.CancelledError: pass

    @mark.timeout(0.2)
    async def test_blocks():
        await asyncio.sleep(0.1)
        time.sleep(0.5)

    @mark.timeout(0.2)
    def test_blocks_in_sync():
        time.sleep(0.5)

    async def test_good():
        await asyncio.sleep(0.1)
"""


def test_what_waits_is_timed_out_and_what_blocks_is_once_it_has_ended(tmp_path):
    runs: list[Recording] = []
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGURG)]
    thread = threading.Thread(target=lambda: runs.append(record(tmp_path, SOURCE, timeout_grace=0.2)))
    thread.start()
    thread.join(30)
    (run,) = runs
    timed_out = ("test_waits", "test_swallows", "test_blocks", "test_blocks_in_sync")
    assert run.verdicts() == {**dict.fromkeys(timed_out, "timed out"), "test_set_up": "error", "test_good": "passed"}
    assert {run.failure(test).message for test in timed_out} == {"Test timed out after 0.2 seconds"}
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGURG)] == before
