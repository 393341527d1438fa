"""A test switches its loop to debug mode; another one counts on the usual mode."""

import asyncio


async def test_switches():
    asyncio.get_running_loop().set_debug(True)
    await asyncio.sleep(0.003)


async def test_as_usual():
    for _ in range(3):
        await asyncio.sleep(0.001)
        assert not asyncio.get_running_loop().get_debug()
