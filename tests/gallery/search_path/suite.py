"""One test puts a folder in front of `sys.path`, and another one counts on what is to be found there."""

import asyncio
import sys


async def test_puts_a_folder_in_front():
    sys.path.insert(0, "plugins")
    await asyncio.sleep(0.002)
    assert sys.path.pop(0) == "plugins"


async def test_searches():
    first = sys.path[0]
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert sys.path[0] == first
