"""Two tests have the same name, and the second hides the first, which would fail."""

import asyncio


async def test_pays():
    assert 1 == 2


async def test_pays():
    await asyncio.sleep(0)
