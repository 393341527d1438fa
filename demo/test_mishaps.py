"""What goes wrong, goes wrong by itself: a test that hangs, and one that is mistaken."""

import asyncio

from rustest import mark


@mark.asyncio(timeout=0.3)
async def test_hangs() -> None:
    await asyncio.Event().wait()


async def test_is_mistaken() -> None:
    await asyncio.sleep(0.1)
    answer = 6 * 9
    assert answer == 42
