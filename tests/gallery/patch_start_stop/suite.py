"""A test starts a patcher, awaits, and stops it; another one calls what is patched."""

import asyncio
import json
from unittest.mock import patch


async def test_patches():
    patcher = patch("json.loads", return_value={})
    patcher.start()
    await asyncio.sleep(0.002)
    assert json.loads("[1]") == {}
    patcher.stop()


async def test_calls_the_real_one():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert json.loads("[1]") == [1]
