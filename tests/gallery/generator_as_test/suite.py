"""A test has a `yield` in it, so that calling it runs none of its code."""


def test_yields():
    yield
    assert 1 == 2


async def test_yields_in_async_code():
    yield
    assert 1 == 2
