"""A test blocks the thread; another one has a time limit of its own, which passes meanwhile."""

import asyncio
import time


async def test_in_time():
    async with asyncio.timeout(0.05):
        await asyncio.sleep(0.02)


async def test_blocks():
    await asyncio.sleep(0.01)
    time.sleep(0.08)
