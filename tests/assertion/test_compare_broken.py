"""Objects whose methods raise: the comparison is explained as far as it goes, and never raises."""

import warnings
from collections.abc import Callable, Mapping, Sequence

import pytest

from rustest.assertion.compare import explain_comparison
from rustest.model.errors import TestTimedOut


def said(left: object, right: object, op: str = "==") -> list[str]:
    return explain_comparison(op, left, right, verbosity=0)


def raise_value_error(*_: object) -> object:
    raise ValueError("no\nway")


def broken(base: type = object, **methods: Callable[..., object]) -> object:
    return type("Broken", (base,), methods)()


NOTE = "(no details: comparing them raised ValueError: no way)"
LIST = {"__len__": lambda self: 2, "__getitem__": lambda self, index: index}
DICT = {**LIST, "__iter__": lambda self: iter("ab")}


@pytest.mark.parametrize("method", ["__len__", "__getitem__"])
def test_what_a_sequence_raises_is_told_in_place_of_details(method):
    one, other = (broken(Sequence, **LIST) for _ in range(2))
    setattr(type(one), method, raise_value_error)
    assert said(one, other) == [NOTE]


@pytest.mark.parametrize("method", ["__iter__", "__getitem__", "__contains__"])
def test_what_a_mapping_raises_is_told_in_place_of_details(method):
    one, other = (broken(Mapping, **DICT) for _ in range(2))
    setattr(type(one), method, raise_value_error)
    setattr(type(other), method, raise_value_error)
    assert said(one, other)[-1] == NOTE


def test_what_an_eq_raises_is_told_in_place_of_details():
    assert said([broken(__eq__=raise_value_error)], [1]) == [NOTE]
    assert said([1, broken(__eq__=raise_value_error)], [1, 2]) == [NOTE]


def test_what_was_found_before_is_told():
    assert said({"a": 1, "b": broken(__eq__=raise_value_error)}, {"a": 2, "b": 3}) == ["at ['a']: 1 != 2", NOTE]


def test_items_that_cannot_be_hashed_are_still_counted():
    one, other = ([broken(__hash__=raise_value_error) for _ in range(3)] for _ in range(2))
    assert said(one, other[:2])[1] == "left has 3 items, right has 2 items"


def test_an_object_that_cannot_say_its_class_is_told_like_others():
    one = broken(__class__=property(raise_value_error))
    assert said(one, [1]) == [NOTE]
    assert said(one, {1}, "<=") == [NOTE]


def test_a_result_of_eq_that_is_neither_true_nor_false_is_told():
    class Several:
        def __bool__(self) -> bool:
            raise ValueError("no\nway")

    assert said([broken(__eq__=lambda self, other: Several())], [1]) == [NOTE]


def test_an_exception_without_a_message_is_told_by_its_name():
    class Mute(Exception):
        __str__ = raise_value_error

    def raise_mute(*_: object) -> object:
        raise Mute

    assert said([broken(__eq__=raise_mute)], [1]) == ["(no details: comparing them raised Mute)"]


@pytest.mark.parametrize("error", [SystemExit, RecursionError])
def test_exceptions_of_other_kinds_are_told_like_errors(error):
    def raise_error(*_: object) -> object:
        raise error

    assert said([broken(__eq__=raise_error)], [1]) == [f"(no details: comparing them raised {error.__name__})"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, GeneratorExit, TestTimedOut])
def test_what_ends_the_test_passes(error):
    def raise_error(*_: object) -> object:
        raise error

    with pytest.raises(error):
        said([broken(__eq__=raise_error)], [1])


def test_a_result_that_is_too_long_is_left_without_complaint():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(list(range(5000)), [-1] * 5000)[-1].startswith("... more than")
