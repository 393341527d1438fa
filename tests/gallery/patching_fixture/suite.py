"""A fixture patches a function for one test, from its set-up to its teardown; another test calls that function."""

import asyncio
import shutil
from unittest.mock import patch

from rustest import fixture


@fixture
async def nothing_installed():
    with patch("shutil.which", return_value=None):
        yield


async def test_patched(nothing_installed):
    await asyncio.sleep(0.002)
    assert shutil.which("sh") is None


async def test_real():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert shutil.which("sh")
