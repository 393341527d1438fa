"""A test holds the thread until its time is up; no cancellation can reach it meanwhile."""

import time

from rustest import mark


@mark.timeout(0.02)
async def test_blocks():
    end = time.monotonic() + 1
    while time.monotonic() < end:
        pass


@mark.timeout(0.02)
def test_blocks_in_sync_code():
    time.sleep(1)
