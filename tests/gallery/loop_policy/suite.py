"""A test installs an event loop policy of its own; another one makes a loop."""

import asyncio


class Policy(asyncio.DefaultEventLoopPolicy):
    def new_event_loop(self):
        raise RuntimeError("not here")


async def test_installs():
    before = asyncio.get_event_loop_policy()
    asyncio.set_event_loop_policy(Policy())
    await asyncio.sleep(0.002)
    asyncio.set_event_loop_policy(before)


async def test_makes_a_loop():
    for _ in range(4):
        await asyncio.sleep(0.001)
        asyncio.new_event_loop().close()
