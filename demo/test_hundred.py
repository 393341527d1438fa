"""A hundred tests that each wait 100 ms, as tests of network code do: one after another they would take ten seconds."""

import asyncio

from rustest import parametrize


@parametrize("number", range(100))
async def test_waits(number: int) -> None:
    await asyncio.sleep(0.1)
    assert number < 100
