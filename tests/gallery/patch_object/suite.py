"""A test patches a method of a class of the library with `patch.object`; another one uses such an object."""

import asyncio
from collections import Counter
from unittest.mock import patch


async def test_patches():
    with patch.object(Counter, "most_common", return_value=[]):
        await asyncio.sleep(0.002)
        assert Counter("aab").most_common(1) == []


async def test_counts():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert Counter("aab").most_common(1) == [("a", 2)]
