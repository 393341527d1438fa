"""Tests share an event that a fixture of their module makes: it belongs to the loop on which it was made."""

import asyncio

from rustest import fixture


@fixture(scope="module")
async def served():
    condition = asyncio.Condition()
    yield condition


async def test_one(served):
    async with served:
        await asyncio.sleep(0.002)


async def test_other(served):
    async with served:
        await asyncio.sleep(0.002)


async def test_third(served):
    async with served:
        await asyncio.sleep(0.002)
