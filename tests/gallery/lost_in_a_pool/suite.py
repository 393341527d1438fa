"""A function that a thread of a pool runs for the test crashes, and nobody awaits it."""

import asyncio


def send():
    raise ConnectionError("the server is down")


async def test_sends():
    asyncio.get_running_loop().run_in_executor(None, send)
    await asyncio.sleep(0.05)
