"""The test passes, and what its fixture has to tidy up fails."""

import asyncio

from rustest import fixture


@fixture
async def connection():
    yield
    await asyncio.sleep(0)
    raise ConnectionError("closed already")


async def test_with_it(connection):
    pass


async def test_beside_it():
    await asyncio.sleep(0.003)
