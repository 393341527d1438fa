"""A callback of the loop crashes."""

import asyncio


async def test_calls_soon():
    asyncio.get_running_loop().call_soon(lambda: 1 / 0)
    await asyncio.sleep(0.003)


async def test_beside_it():
    await asyncio.sleep(0.003)
