"""A test starts the application by a function that it imports; another one forgets to, and needs it running."""

import asyncio

import app


async def test_starts():
    app.start()
    await asyncio.sleep(0.003)
    app.stop()


async def test_forgets_to_start():
    await asyncio.sleep(0.001)
    assert app.started
