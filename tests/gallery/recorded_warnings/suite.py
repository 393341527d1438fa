"""Two tests warn, and each counts the warnings that `recwarn` has caught."""

import asyncio
import warnings


async def warn_and_count(recwarn):
    warnings.warn("old", UserWarning, stacklevel=1)
    await asyncio.sleep(0.002)
    assert len(recwarn) == 1


async def test_one(recwarn):
    await warn_and_count(recwarn)


async def test_other(recwarn):
    await warn_and_count(recwarn)
