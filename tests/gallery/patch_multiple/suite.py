"""A test patches two functions of a module at once with `patch.multiple`; another one calls one of them."""

import asyncio
import shutil
from unittest.mock import patch


@patch.multiple("shutil", which=lambda name: None, rmtree=lambda path: None)
async def test_patches():
    await asyncio.sleep(0.002)
    assert shutil.which("sh") is None


async def test_finds_it():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert shutil.which("sh")
