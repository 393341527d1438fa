"""A test shuts down the default executor of its loop; another one sends work to a thread."""

import asyncio


async def test_shuts_down():
    await asyncio.to_thread(sum, [1, 2])
    await asyncio.get_running_loop().shutdown_default_executor()


async def test_works_in_a_thread():
    await asyncio.sleep(0.003)
    assert await asyncio.to_thread(sum, [1, 2]) == 3
