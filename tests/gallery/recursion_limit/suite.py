"""A test lowers the recursion limit while it awaits; another one recurses deeper than that."""

import asyncio
import sys


def count_down(number):
    return number and count_down(number - 1)


async def test_lowers():
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    await asyncio.sleep(0.002)
    sys.setrecursionlimit(usual)


async def test_recurses():
    for _ in range(4):
        await asyncio.sleep(0.001)
        assert count_down(600) == 0
