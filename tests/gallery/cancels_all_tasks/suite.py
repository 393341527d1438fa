"""A test cancels every task of its loop but its own; another one waits."""

import asyncio


async def test_cancels():
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0.001)


async def test_waits():
    await asyncio.sleep(0.003)
