"""A test catches the end of its time with a bare `except`, and goes on to its last line."""

import asyncio

from rustest import mark


@mark.timeout(0.02)
async def test_goes_on():
    for _ in range(3):
        try:
            await asyncio.sleep(0.03)
        except BaseException:
            pass
