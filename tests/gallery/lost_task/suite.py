"""A background task crashes, and nobody asks for its result."""

import asyncio


async def send():
    await asyncio.sleep(0)
    raise ConnectionError("the server is down")


async def test_sends():
    asyncio.create_task(send())
    await asyncio.sleep(0.003)


async def test_beside_it():
    await asyncio.sleep(0.003)
