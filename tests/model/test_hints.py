"""The words of `model/hints.py` are `typing`'s, and do what a program needs of them."""

import typing

import pytest

from rustest.model import hints


def test_all_its_words_are_typings():
    assert [name for name in hints.__all__ if not hasattr(typing, name)] == []
    assert [name for name in hints.__all__ if not hasattr(hints, name)] == []


def test_a_cast_value_stays_the_same():
    value = object()
    assert hints.cast("int", value) is value


def test_what_should_not_come_is_named_when_it_comes():
    with pytest.raises(AssertionError, match="'guest'"):
        hints.assert_never("guest")


def test_a_generic_class_may_be_written_with_what_it_holds():
    class Box(hints.Generic[hints.TypeVar("T")]):
        pass

    assert typing.get_origin(Box[int]) is Box and typing.get_args(Box[int]) == (int,)
    assert isinstance(Box(), Box)
