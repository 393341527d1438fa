"""A test takes the exceptions of the loop that it shares with another one, whose task crashes."""

import asyncio

from rustest import mark

pytestmark = mark.asyncio(loop_scope="module")


async def crash():
    raise ValueError("lost")


async def test_takes_exceptions():
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: None)
    await asyncio.sleep(0.003)
    loop.set_exception_handler(None)


async def test_loses_one():
    asyncio.create_task(crash())
    await asyncio.sleep(0.001)
