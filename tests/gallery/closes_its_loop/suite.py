"""A test closes its event loop; another one is in the middle of something."""

import asyncio


async def test_closes():
    asyncio.get_running_loop().close()


async def test_goes_on():
    await asyncio.sleep(0.003)
