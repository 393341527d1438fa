"""Two tests store a value in the same global, await, and read it."""

import asyncio

user = None


async def test_one():
    global user
    user = "one"
    await asyncio.sleep(0.002)
    assert user == "one"


async def test_other():
    global user
    user = "other"
    await asyncio.sleep(0.002)
    assert user == "other"
