"""Each test goes on with what the one before it has left in a global."""

import asyncio

order = None


async def test_opens():
    global order
    await asyncio.sleep(0.003)
    order = ["apple"]


async def test_adds():
    await asyncio.sleep(0.001)
    order.append("pear")
    assert len(order) == 2


async def test_pays():
    assert order == ["apple", "pear"]
