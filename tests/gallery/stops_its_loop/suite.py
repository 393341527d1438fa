"""A test stops its event loop; another one is in the middle of something."""

import asyncio


async def test_stops():
    asyncio.get_running_loop().stop()
    await asyncio.sleep(0.001)


async def test_goes_on():
    await asyncio.sleep(0.003)
