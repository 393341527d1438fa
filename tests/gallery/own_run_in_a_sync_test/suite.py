"""A sync test calls `asyncio.run`, which leaves the thread without a loop; async tests stand around it."""

import asyncio


async def test_before():
    await asyncio.sleep(0.001)


def test_runs():
    assert asyncio.run(asyncio.sleep(0.001, "done")) == "done"


async def test_after():
    await asyncio.sleep(0.001)
