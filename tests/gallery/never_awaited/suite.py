"""A coroutine is made and not awaited, so that none of its code runs."""

from unittest.mock import AsyncMock


async def check():
    assert 1 == 2


async def test_forgets_await():
    check()


def test_forgets_it_in_sync_code():
    check()


async def test_forgets_to_await_a_mock():
    AsyncMock()()
