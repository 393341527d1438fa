"""A test whose time is up swallows the cancellation, and returns as if all were well."""

import asyncio
from contextlib import suppress

from rustest import mark


@mark.timeout(0.02)
async def test_swallows_it():
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(1)


@mark.timeout(5)
async def test_beside_it():
    await asyncio.sleep(0.003)
