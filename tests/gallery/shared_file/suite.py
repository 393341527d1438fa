"""Two tests write to a file of the same name, and read it after they have awaited."""

import asyncio
import os
import tempfile
from pathlib import Path

FILE = Path(tempfile.gettempdir(), f"gallery-{os.getpid()}.txt")


async def write_and_read(text):
    FILE.write_text(text)
    await asyncio.sleep(0.01)
    assert FILE.read_text() == text


async def test_one():
    await write_and_read("one")


async def test_other():
    await write_and_read("other")
