"""A test asserts what comes to the descriptor 1; another one prints."""

import asyncio
import os


async def test_catches(capfd):
    os.write(1, b"one")
    await asyncio.sleep(0.002)
    assert capfd.readouterr().out == "one"


async def test_prints():
    for _ in range(4):
        await asyncio.sleep(0.001)
        print("other", flush=True)
