"""What holds of every comparison, whatever is compared."""

import copy
import re

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest.assertion.compare import explain_comparison

quick = examples(20)
WORDS = st.sampled_from(["a", "b", "name", "two words"])
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(-2, 2)
    | st.text("ab \n", max_size=50)
    | st.binary(max_size=3)
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.tuples(inner, inner)
        | st.dictionaries(WORDS | st.integers(0, 3), inner, max_size=4)
        | st.sets(st.integers(0, 5), max_size=4)
    ),
    max_leaves=15,
)
NUMBER_TREES = st.recursive(
    st.integers(0, 3),
    lambda inner: st.lists(inner, min_size=1, max_size=5) | st.dictionaries(WORDS, inner, min_size=1, max_size=4),
    max_leaves=15,
)
OPERATORS = ["==", "!=", "is", "is not", "in", "not in", "<", "<=", ">", ">="]
AT = re.compile(r"at (?P<left>[\[.][^:]*?)(?: \(right: (?P<right>[^:]*)\))?(?:, index \d+)?:(?: |$)")


class Broken:
    def __repr__(self) -> str:
        raise ValueError

    def __eq__(self, other: object) -> bool:
        raise ValueError

    def __hash__(self) -> int:
        raise ValueError


MAYBE_BROKEN = TREES | st.lists(TREES | st.builds(Broken), max_size=4) | st.builds(Broken)


@pytest.mark.parametrize("op", OPERATORS)
@quick
@given(left=MAYBE_BROKEN, right=MAYBE_BROKEN, verbosity=st.integers(-1, 3))
def test_it_gives_lines_and_never_raises(op, left, right, verbosity):
    lines = explain_comparison(op, left, right, verbosity=verbosity)
    assert all(type(line) is str and "\n" not in line for line in lines)


@quick
@given(TREES)
def test_nothing_is_said_of_equal_values(value):
    assert explain_comparison("==", value, copy.deepcopy(value), verbosity=2) == []


@quick
@given(TREES, TREES)
def test_every_way_leads_to_parts_that_differ(left, right):
    for line in explain_comparison("==", left, right, verbosity=2):
        if at := AT.match(line):
            ways = at["left"], at["right"] or at["left"]
            one, other = eval(f"left{ways[0]}", {"left": left}), eval(f"right{ways[1]}", {"right": right})
            assert one != other


@quick
@given(st.lists(TREES), st.lists(TREES))
def test_something_is_said_of_lists_that_differ(left, right):
    assert (left == right) == (explain_comparison("==", left, right, verbosity=0) == [])


@quick
@given(NUMBER_TREES, st.randoms(use_true_random=False))
def test_one_changed_leaf_is_all_that_is_said(value, dice):
    changed = [copy.deepcopy(value)]
    holder, key, way = changed, 0, ""
    while isinstance(holder[key], list | dict):
        holder = holder[key]
        key = dice.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
        way += f"[{key!r}]"
    number, holder[key] = holder[key], 7
    expected = [f"at {way}: {number} != 7"] if way else []
    assert explain_comparison("==", value, changed[0], verbosity=0) == expected
