"""A background task calls `sys.exit(0)`, which must not pass for a good end of anything."""

import asyncio
import sys


async def leave():
    sys.exit(0)


async def test_leaves():
    task = asyncio.create_task(leave())
    await asyncio.sleep(0.003)
    assert task.done()


async def test_beside_it():
    await asyncio.sleep(0.003)
