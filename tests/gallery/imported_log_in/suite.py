"""A test sets a variable by a function that it imports; another one passes only while that variable is set."""

import asyncio
import os

import app


async def test_is_logged_in():
    app.log_in("one")
    await asyncio.sleep(0.01)
    app.log_out()


async def test_forgets_to_log_in():
    await asyncio.sleep(0.001)
    assert os.environ.get("GALLERY_USER") == "one"
