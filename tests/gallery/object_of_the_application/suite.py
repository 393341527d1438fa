"""An object of the application changes itself in a method of its own, which a test calls; another one reads it."""

import asyncio

import app


async def test_paints():
    app.shop.paint("red")
    await asyncio.sleep(0.01)
    assert app.shop.colour == "red"
    app.shop.paint("blue")


async def test_reads():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert app.shop.colour == "blue"
