"""An async generator is begun and dropped in the middle, before the code behind its last `yield`."""

kept = []


async def rows():
    yield 1
    yield 2
    assert 1 == 2


async def test_takes_one():
    generator = rows()
    kept.append(generator)
    assert await anext(generator) == 1
