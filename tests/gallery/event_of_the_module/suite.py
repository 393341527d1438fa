"""One test sets an event of the module, and a later one finds it set."""

import asyncio

ready = asyncio.Event()


async def test_prepares():
    await asyncio.sleep(0.002)
    ready.set()


async def test_is_ready():
    assert ready.is_set()
