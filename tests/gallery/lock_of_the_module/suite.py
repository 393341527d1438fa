"""Tests share a lock of their module, and each has an event loop of its own: a lock serves one loop only."""

import asyncio

lock = asyncio.Lock()


async def test_one():
    async with lock:
        await asyncio.sleep(0.01)


async def test_other():
    async with lock:
        await asyncio.sleep(0.01)


async def test_third():
    async with lock:
        await asyncio.sleep(0.01)
