"""One test works in a folder of its own, and another one opens a file by its relative path."""

import asyncio
import os
import tempfile


async def test_goes_elsewhere():
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        await asyncio.sleep(0.002)
        assert os.listdir() == []
        os.chdir(before)


async def test_stays():
    here = os.getcwd()
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert os.getcwd() == here
