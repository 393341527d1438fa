"""Two tests each install a handler for the same signal and wait for it."""

import asyncio
import os
import signal


async def raise_and_wait():
    got = []
    before = signal.signal(signal.SIGUSR2, lambda *_: got.append(1))
    try:
        await asyncio.sleep(0.001)
        os.kill(os.getpid(), signal.SIGUSR2)
        await asyncio.sleep(0.001)
        assert got == [1]
    finally:
        signal.signal(signal.SIGUSR2, before)


async def test_one():
    await raise_and_wait()


async def test_other():
    await raise_and_wait()
