"""A test returns what it should have asserted."""


def test_returns():
    return 1 == 2


async def test_returns_in_async_code():
    return 1 == 2
