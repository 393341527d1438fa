"""`@patch` on an async test replaces a function as long as the test runs; another test calls that function."""

import asyncio
import json
from unittest.mock import patch


@patch("json.dumps", return_value="patched")
async def test_patches(dumps):
    await asyncio.sleep(0.002)
    assert json.dumps([1]) == "patched"


async def test_calls_the_real_one():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert json.dumps([1]) == "[1]"
