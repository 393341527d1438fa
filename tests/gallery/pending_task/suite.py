"""A task of the test is still running when the test has ended."""

import asyncio


async def listen():
    await asyncio.Event().wait()


async def test_listens():
    task = asyncio.create_task(listen())
    await asyncio.sleep(0)
    assert not task.done()


async def test_beside_it():
    await asyncio.sleep(0.003)
