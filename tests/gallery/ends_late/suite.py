"""A test catches the end of its time with a bare `except`, and goes on to its last line."""

import asyncio

from rustest import mark


@mark.timeout(0.02)
async def test_goes_on():
    for seconds in (1, 0.01):
        try:
            await asyncio.sleep(seconds)
        except BaseException:
            pass
