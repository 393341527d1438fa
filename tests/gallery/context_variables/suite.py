"""Two tests set the same context variable, and read it in tasks of their own."""

import asyncio
from contextvars import ContextVar

user = ContextVar("user", default="nobody")


async def set_and_read(name):
    assert user.get() == "nobody"
    user.set(name)
    await asyncio.sleep(0.002)
    assert await asyncio.create_task(read()) == name


async def read():
    await asyncio.sleep(0.001)
    return user.get()


async def test_one():
    await set_and_read("one")


async def test_other():
    await set_and_read("other")
