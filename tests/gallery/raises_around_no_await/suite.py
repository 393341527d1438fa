"""A coroutine is made inside `raises`, and awaited nowhere."""

from rustest import raises


async def buy():
    raise ValueError("no money")


async def test_forgets_await():
    with raises(ValueError):
        buy()
