"""One test sets an environment variable while it awaits, and another one counts on its not being set."""

import asyncio
import os


async def test_sets():
    os.environ["GALLERY_COLOUR"] = "red"
    await asyncio.sleep(0.002)
    assert os.environ.pop("GALLERY_COLOUR") == "red"


async def test_counts_on_none():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert "GALLERY_COLOUR" not in os.environ
