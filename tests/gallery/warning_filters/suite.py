"""One test turns warnings into errors while it awaits, and another one warns."""

import asyncio
import warnings


async def test_allows_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        await asyncio.sleep(0.002)


async def test_warns():
    for _ in range(4):
        await asyncio.sleep(0.001)
        warnings.warn("old", UserWarning, stacklevel=1)
