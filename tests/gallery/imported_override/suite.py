"""A test overrides settings by a function that it imports from the application; another one reads them."""

import asyncio

import app


async def test_overrides():
    with app.override(colour="red"):
        await asyncio.sleep(0.01)
        assert app.settings["colour"] == "red"


async def test_reads():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert app.settings["colour"] == "blue"
