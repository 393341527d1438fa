"""An async test leaves its result in a global, and a sync test goes on with it."""

import asyncio

token = None


async def test_logs_in():
    global token
    await asyncio.sleep(0.001)
    token = "secret"


def test_uses_the_token():
    assert token == "secret"


async def test_apart():
    await asyncio.sleep(0.001)
