"""A test empties the environment with `patch.dict`; another one reads it."""

import asyncio
import os
from unittest.mock import patch


async def test_needs_no_environment():
    with patch.dict(os.environ, clear=True):
        await asyncio.sleep(0.002)
        assert not os.environ


async def test_needs_a_path():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert os.environ.get("PATH")
