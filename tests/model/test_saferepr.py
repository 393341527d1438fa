"""`saferepr`: as `repr` where that is short and well, and one bounded line where it is not."""

import time
from collections import Counter, OrderedDict, defaultdict, deque
from dataclasses import dataclass, field
from typing import NamedTuple

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest import fail
from rustest.model.errors import TestTimedOut
from rustest.model.saferepr import WHOLE, saferepr, shorten

quick = examples(20)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60) | st.binary(max_size=60)
KEYS = SCALARS | st.tuples(SCALARS) | st.frozensets(SCALARS, max_size=2)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.tuples(inner, inner)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.sets(KEYS, max_size=4)
        | st.builds(deque, st.lists(inner, max_size=4))
    ),
    max_leaves=12,
)


class Point(NamedTuple):
    x: object
    y: object = 0


@dataclass
class User:
    name: object
    secret: str = field(default="hush", repr=False)
    tags: object = ()


@dataclass
class Plain:
    """Shown by its own means."""

    x: int

    def __repr__(self) -> str:
        return f"<plain {self.x}>"


class Broken:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __repr__(self) -> str:
        raise self.error


class Strange:
    def __repr__(self) -> str:
        return 7  # type: ignore[return-value]


class Shown:
    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


class Rows(list):
    def __len__(self) -> int:
        raise RuntimeError

    def __iter__(self):
        raise RuntimeError


@quick
@given(VALUES)
def test_what_is_short_is_shown_as_repr_does(value):
    if len(repr(value)) <= 240:
        assert saferepr(value) == repr(value)


@quick
@given(VALUES)
def test_it_is_one_bounded_line(value):
    assert len(saferepr([value] * 5)) <= 240
    assert saferepr([value] * 5).isprintable()


@quick
@given(VALUES)
def test_all_is_shown_at_verbosity_2(value):
    assert saferepr([value] * 5, WHOLE) == repr([value] * 5)


@pytest.mark.parametrize(
    "value",
    [
        Point(1, [2]),
        User("ada", tags=["x"]),
        Plain(3),
        OrderedDict(a=1),
        Counter("aab"),
        defaultdict(list, a=[1]),
        deque([1], maxlen=3),
        set(),
        frozenset(),
        frozenset({1}),
        (1,),
        range(3),
        bytearray(b"x"),
        ...,
        int,
        len,
    ],
)
def test_other_types_are_shown_as_repr_does(value):
    assert saferepr(value) == repr(value)
    assert saferepr([value]) == repr([value])


def test_long_text_is_cut_in_the_middle():
    text = saferepr("a" * 500 + "z" * 500)
    assert len(text) == 240
    assert text.startswith("'aaa")
    assert "a...z" in text
    assert text.endswith("zzz'")


def test_large_containers_are_cut_between_elements():
    assert saferepr(list(range(1000))).startswith("[0, 1, 2, 3, ")
    assert ", ..., " in saferepr(list(range(1000)))
    assert saferepr(list(range(1000))).endswith(", 998, 999]")
    assert saferepr({number: number for number in range(1000)}).endswith(", 999: 999}")
    assert saferepr(set(range(1000))).endswith(", ...}")
    assert saferepr(User("ada", tags=list(range(1000)))).startswith("User(name='ada', tags=[0, 1, ")
    assert saferepr(Point(list(range(1000)), 5)).endswith(" 999], y=5)")


@pytest.mark.parametrize("error", [ValueError("x"), SystemExit(3), RecursionError(), GeneratorExit(), KeyError("k")])
def test_a_broken_repr_is_named(error):
    broken = Broken(error)
    named = f"<{type(error).__name__} raised in repr() of Broken object at {id(broken):#x}>"
    assert saferepr(broken) == named
    assert saferepr([1, {"a": broken}]) == f"[1, {{'a': {named}}}]"
    assert saferepr(User(broken)) == f"User(name={named}, tags=())"


def test_an_outcome_in_a_repr_is_named_too():
    class Failing:
        def __repr__(self) -> str:
            fail("not this way")

    assert saferepr(Failing()).startswith("<Failed raised in repr() of Failing object at 0x")


def test_a_repr_that_gives_no_text_is_named():
    assert saferepr(Strange()).startswith("<TypeError raised in repr() of Strange object at 0x")


@pytest.mark.parametrize("error", [KeyboardInterrupt, TestTimedOut])
def test_what_ends_the_test_passes(error):
    with pytest.raises(error):
        saferepr([Broken(error())])


def test_lines_are_joined_and_control_characters_escaped():
    assert saferepr(Shown("array([1,\n       2])")) == "array([1, 2])"
    assert saferepr([Shown("\x1b[31mred\udc80")]) == r"[\x1b[31mred\udc80]"


def test_methods_of_subclasses_are_not_asked():
    assert saferepr(Rows([1, 2])) == "[1, 2]"


def test_a_missing_field_is_named():
    user = User("ada")
    del user.name
    assert saferepr(user).startswith("<AttributeError raised in repr() of User object at 0x")


def test_cycles_end():
    cycle: list[object] = [1]
    cycle.append({"again": cycle})
    assert saferepr(cycle) == "[1, {'again': [...]}]"
    many: list[object] = list(range(300))
    many[0] = many
    assert saferepr(many).startswith("[[...], 1, 2")


def test_deep_nesting_ends():
    nested: object = 1
    for _ in range(5000):
        nested = [nested]
    assert "[...]" in saferepr(nested, WHOLE)
    assert len(saferepr(nested)) <= 240


def test_a_text_is_cut_in_the_middle_where_it_has_one_character_too_many():
    assert shorten("abcdefghij", 10) == "abcdefghij"
    assert shorten("abcdefghijk", 10) == "abcd...ijk"


def test_integers_beyond_the_limit_of_digits_are_shown():
    number = 10**20_000
    assert saferepr(number) == shorten(hex(number))
    assert saferepr(-number, WHOLE) == hex(-number)


@pytest.mark.parametrize("kind", [list, tuple, set, deque, dict.fromkeys, User, Point])
def test_the_size_of_a_container_costs_nothing(kind):
    """Against `repr`, for a clock's time depends on the machine."""
    million = kind(range(1_000_000)) if kind not in (User, Point) else kind(list(range(1_000_000)))
    started = time.process_time()
    repr(million)
    needed = time.process_time() - started
    started = time.process_time()
    saferepr(million)
    assert time.process_time() - started < needed / 3
