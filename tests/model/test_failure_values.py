"""The values in a failure are short, and asking for them never breaks anything."""

import sys
from collections import OrderedDict

import pytest

from rustest.model.failure import Detail, Failure, Phase, describe, keeping


def failure_of(test, detail: Detail | None = None) -> Failure:
    with keeping(detail or Detail()):
        try:
            test()
        except BaseException as error:
            return describe(error, Phase.CALL)
    raise AssertionError("nothing was raised")


def values_of(test) -> dict[str, str]:
    return dict(failure_of(test).frames[-1].values)


def locals_of(test) -> dict[str, str]:
    return dict(failure_of(test, Detail(locals=True)).frames[-1].locals)


def shown(value: object) -> str:
    def test(value=value):
        raise ValueError

    return locals_of(test)["value"]


SHORT = [None, 1.5, "text", b"bytes", bytearray(b"x"), [1, "a"], (1,), (), {}, {1: [2]}, set(), {1}, frozenset({1})]


@pytest.mark.parametrize("value", [*SHORT, frozenset(), [], OrderedDict(a=1), 10**9, True, ...], ids=repr)
def test_what_is_short_is_shown_as_its_repr(value):
    assert shown(value) == repr(value)


class Endless:
    def __repr__(self):
        return "x" * 1_000_000


class Lines:
    def __repr__(self):
        return "array([1,\n       2])"


LONG = {
    "text": "a" * 50_000_000,
    "quotes": "'\"\n" * 1000,
    "bytes": b"'" * 10_000,
    "array": bytearray(b"\0" * 10_000),
    "list": list(range(1_000_000)),
    "nested": [[[[[[[[1] * 100] * 100] * 100] * 100] * 100] * 100] * 100],
    "dict": {n: [n] * 1000 for n in range(1000)},
    "set": set(range(100_000)),
    "int": 1 << 10_000_000,
    "repr": Endless(),
}


@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
def test_what_is_long_is_cut(value):
    assert len(shown(value)) <= 120
    assert "\n" not in shown(value)


def test_a_long_text_keeps_both_its_ends():
    text = shown("begin" + "-" * 1000 + "end")
    assert (text[:8], text[-6:]) == ("'begin--", "--end'")


def test_lines_are_joined():
    assert shown(Lines()).split() == ["array([1,", "2])"]


def test_what_holds_itself_comes_to_an_end():
    mine: list = [1]
    mine.append(mine)
    assert shown(mine) == "[1, [...]]"


class Broken(Exception):
    pass


class Hostile:
    """Raises at every question."""

    def __repr__(self):
        raise KeyboardInterrupt

    def __getattribute__(self, name):
        raise Broken(name)

    def __eq__(self, other):
        raise Broken

    __hash__ = None

    def __len__(self):
        raise Broken

    def __iter__(self):
        raise Broken

    def __str__(self):
        raise Broken


class NotText:
    def __repr__(self):
        return 1


class HostileList(list):
    def __iter__(self):
        raise SystemExit

    def __len__(self):
        raise SystemExit

    def __repr__(self):
        return "mine"


class TextOfItsOwn:
    def __repr__(self):
        class Text(str):
            def splitlines(self, *_):
                raise Broken

            def __len__(self):
                raise Broken

        return Text("as text")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Hostile(), "<KeyboardInterrupt raised in repr() of Hostile object at 0x"),
        ([Hostile()], "<KeyboardInterrupt raised in repr() of list object at 0x"),
        (NotText(), "<TypeError raised in repr() of NotText object at 0x"),
        (HostileList([1]), "mine"),
        (TextOfItsOwn(), "as text"),
    ],
    ids=["hostile", "inside", "not text", "list", "text"],
)
def test_a_value_that_does_not_want_to_be_shown_is_named(value, text):
    assert shown(value).startswith(text)


def test_hostile_locals_and_messages_do_not_keep_a_failure_from_being_described():
    def test():
        first, second, third = Hostile(), HostileList([1]), [Hostile()]
        raise Message(first, second, third)

    class Message(Exception):
        def __str__(self):
            raise SystemExit

        __notes__ = Hostile()

    failure = failure_of(test, Detail(locals=True, native=True))
    assert failure.message == "<no message: __str__ raised SystemExit>"
    assert [value.name for value in failure.frames[-1].values] == ["first", "second", "third"]
    assert [value.name for value in failure.frames[-1].locals] == ["first", "second", "third", "Message"]


def test_a_metaclass_with_answers_of_its_own_costs_the_values_and_nothing_else():
    class Meta(type):
        def __getattribute__(cls, name):
            raise Broken

    class Odd(metaclass=Meta):
        pass

    def test():
        odd = Odd()
        raise ValueError(odd, 1)

    assert failure_of(test).frames[-1].function.endswith("test")


TABLE = {"a": 1}


def test_values_are_local_names_and_globals_that_hold_data():
    def test():
        x = 1
        plain = object()

        def helper(*_):
            raise_it()

        def raise_it():
            raise ValueError(sys, helper, pytest, TABLE, x, plain, test, len)

        raise_it()

    assert values_of(test) == {"TABLE": "{'a': 1}", "x": "1"}


def test_a_name_is_told_once_and_ten_at_most():
    def test():
        a = b = c = d = e = f = g = h = i = j = k = 1
        raise ValueError(a, a, b, c, d, e, f, g, h, i, j, k)

    assert [*values_of(test)] == [*"abcdefghij"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="comprehensions have no frame, nor names that outlast them")
def test_names_inside_a_comprehension_are_found():
    def test():
        lines = [{}]
        return [line["price"] for line in lines]

    assert values_of(test)["line"] == "{}"


def test_an_attributes_name_is_no_name():
    price = 3

    def test():
        x = 1
        return x.price

    assert values_of(test) == {"x": "1"}
    assert price == 3


def test_local_variables_are_kept_only_where_they_are_asked_for():
    def test():
        x, helper = 1, len  # noqa: F841
        raise ValueError

    assert failure_of(test).frames[-1].locals == ()
    assert locals_of(test) == {"x": "1", "helper": "<built-in function len>"}


def test_of_a_module_only_what_holds_data_is_kept():
    def test():
        exec("import os\nx = 1\ndef f(): pass\nraise ValueError", {"__name__": "made_up"})

    assert locals_of(test) == {"x": "1"}


def test_the_body_of_a_class_with_a_mapping_of_its_own_is_left_alone():
    class Namespace(dict):
        def __getitem__(self, name):
            if name == "asked":
                raise SystemExit
            return super().__getitem__(name)

        def keys(self):
            raise SystemExit

    class Meta(type):
        @classmethod
        def __prepare__(cls, *_):
            return Namespace()

    def test():
        class Body(metaclass=Meta):
            x = 1
            raise ValueError(x)

    assert values_of(test) == {}
    assert locals_of(test) == {}


def test_a_recursion_keeps_locals_at_its_ends_only():
    def rec(n):
        return rec(n + 1)

    frames = failure_of(lambda: rec(0), Detail(locals=True)).frames
    assert sum(bool(frame.locals) for frame in frames) <= 20
    assert dict(frames[-1].values)["n"].isdigit()


def test_a_skip_needs_no_values():
    from rustest.model.errors import Skipped

    def test():
        why = "because"
        raise Skipped(why)

    assert values_of(test) == {}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python has no suggestions to give before")
def test_a_misspelt_name_is_told_with_the_one_that_python_takes_to_be_meant():
    def misspelt():
        value = 1
        return vlaue, value  # noqa: F821

    assert failure_of(misspelt).message == "name 'vlaue' is not defined. Did you mean: 'value'?"
    assert failure_of(lambda: sys.pathh).message.endswith("has no attribute 'pathh'. Did you mean: 'path'?")


def test_an_error_of_a_name_is_told_whatever_its_text_does():
    class Hostile(AttributeError):
        def __str__(self):
            raise ValueError

    def hostile():
        raise Hostile

    assert "Hostile" in failure_of(hostile).type
    assert failure_of(hostile).message.startswith("<")
