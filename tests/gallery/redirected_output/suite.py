"""A test redirects the standard output while it awaits; another one prints."""

import asyncio
import io
from contextlib import redirect_stdout


async def test_redirects():
    with redirect_stdout(io.StringIO()) as caught:
        print("one")
        await asyncio.sleep(0.002)
    assert caught.getvalue() == "one\n"


async def test_prints():
    for _ in range(4):
        await asyncio.sleep(0.001)
        print("other")
