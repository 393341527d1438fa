"""A test replaces a function of another module by plain assignment, and puts it back; another one calls it."""

import asyncio
import shutil


async def test_replaces():
    real = shutil.which
    shutil.which = lambda name: None
    await asyncio.sleep(0.002)
    assert shutil.which("sh") is None
    shutil.which = real


async def test_calls_the_real_one():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert shutil.which("sh")
