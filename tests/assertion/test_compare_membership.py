"""What is said of `in`, `not in` and `is`."""

import pytest

from rustest.assertion.compare import explain_comparison


def said(op: str, left: object, right: object) -> list[str]:
    return explain_comparison(op, left, right, verbosity=0)


def test_where_a_text_was_found():
    assert said("not in", "foo", "a foo b") == ["found at index 2:", "  a foo b", "    ^^^"]
    assert said("not in", "foo", "a\nb foo bar\nc") == ["found at index 4, in line 2:", "  b foo bar", "    ^^^"]


def test_of_a_long_line_only_what_is_around_is_shown():
    lines = said("not in", "foo", "x" * 500 + "foo" + "y" * 500)
    assert lines == ["found at index 500:", f"  {'x' * 30}foo{'y' * 30}", " " * 32 + "^^^"]


def test_where_an_element_was_found():
    assert said("not in", 3, [1, 2, 3]) == ["found at index 2"]
    assert said("not in", "k", {"k": [1]}) == ["found as a key, with the value [1]"]
    assert said("not in", b"b", b"abc") == ["found at index 1"]
    assert said("not in", 1, {1, 2}) == []


def test_a_text_that_differs_in_case_only():
    assert said("in", "HELLO", "say hello") == ["found only where case is ignored, at index 4: 'hello'"]


def test_how_much_of_a_text_was_found():
    assert said("in", "hello wurld", "say hello world to everyone") == [
        "left (-) and right (+) differ:",
        "only its first 7 characters are there, at index 4:",
        "- 'hello wurld'",
        "+ 'hello world'",
        "          ^",
    ]


@pytest.mark.parametrize(("left", "right"), [("zzz", "abc"), ("zzz", ""), (3, [1, 2]), ("x", ["abc"]), (b"z", b"abc")])
def test_nothing_is_said_where_nothing_comes_near(left, right):
    assert said("in", left, right) == []


def test_an_element_that_comes_near():
    assert said("in", "Ada", ["bob", "ada "]) == ["there is one like it: 'ada '"]


def test_an_iterator_is_not_used_up():
    elements = iter([1, 2, 3])
    assert said("in", 5, elements) == []
    assert list(elements) == [1, 2, 3]


def test_equal_objects_are_not_the_same():
    assert said("is", [1], [1]) == ["they look the same, but are two objects: == compares values"]
    assert said("is", [1], [2]) == []
    assert said("is", 1, True) == []
    assert said("is not", None, None) == []
