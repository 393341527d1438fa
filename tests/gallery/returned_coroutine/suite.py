"""A plain function that is a test calls an async one, and returns what it got: nobody awaits it."""


async def check():
    assert 1 == 2


def test_returns_it():
    return check()


test_lambda = lambda: check()
