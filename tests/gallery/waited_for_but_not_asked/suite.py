"""A test waits for its tasks with `asyncio.wait`, which raises nothing, and never asks how they went."""

import asyncio


async def send():
    raise ConnectionError("the server is down")


async def test_waits():
    done, _ = await asyncio.wait([asyncio.create_task(send())])
    assert len(done) == 1
