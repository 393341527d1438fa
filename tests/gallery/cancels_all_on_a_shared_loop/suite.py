"""A test cancels every task of a loop that it shares with another one, which waits."""

import asyncio

from rustest import mark

pytestmark = mark.asyncio(loop_scope="module")


async def test_waits():
    await asyncio.sleep(0.003)


async def test_cancels():
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0.001)
