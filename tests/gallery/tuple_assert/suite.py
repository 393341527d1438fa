"""An assert has brackets around its condition and its message: a tuple, which is always true."""


def test_asserts_a_tuple():
    assert (1 == 2, "they differ")


async def test_asserts_one_in_async_code():
    assert (1 == 2, "they differ")
