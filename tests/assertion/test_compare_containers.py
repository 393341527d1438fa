"""What is said of sequences, mappings and sets: the innermost parts that differ, with the way to them."""

from collections import OrderedDict, UserDict, UserList, deque
from types import MappingProxyType

import pytest

from rustest.assertion.compare import explain_comparison

HEADING = "left (-) and right (+) differ:"


def said(left: object, right: object, op: str = "==", verbosity: int = 0) -> list[str]:
    lines = explain_comparison(op, left, right, verbosity=verbosity)
    return lines[1:] if lines[:1] == [HEADING] else lines


def test_an_element_is_named_by_its_index():
    assert said([1, 2, 3, 5], [1, 2, 3, 7]) == ["at [3]: 5 != 7"]


def test_deep_parts_are_named_by_their_way():
    left = {"users": [0, {"name": "ada", "tags": ("x", {1})}]}
    right = {"users": [0, {"name": "bob", "tags": ("x", {2})}]}
    assert said(left, right) == [
        "at ['users'][1]['name']: 'ada' != 'bob'",
        "at ['users'][1]['tags'][1]:",
        "- 1",
        "+ 2",
    ]


def test_missing_and_extra_elements():
    assert said([1, 2, 3], [1, 2, 3, 4, 5]) == ["left has 3 items, right has 5 items", "+ [3]: 4", "+ [4]: 5"]
    assert said([1, 2], [1]) == ["left has 2 items, right has 1 item", "- [1]: 2"]
    assert said({"a": [1, 2]}, {"a": []}) == [
        "at ['a']: left has 2 items, right has 0 items",
        "- ['a'][0]: 1",
        "- ['a'][1]: 2",
    ]


def test_an_insertion_does_not_make_the_rest_differ():
    assert said([1, 2, 3, 4, 5, 6], [1, 2, 99, 3, 4, 5, 7]) == [
        "left has 6 items, right has 7 items",
        "+ [2]: 99",
        "at [5] (right: [6]): 6 != 7",
    ]
    assert said([1, 2, 3, 4], [2, 3, 4, 5]) == ["- [0]: 1", "+ [3]: 5"]


def test_an_insertion_is_seen_among_elements_without_a_hash():
    rows = [{"id": number, "tags": [{number}]} for number in range(200)]
    assert said(rows, [*rows[:7], {"id": -1}, *rows[7:]]) == [
        "left has 200 items, right has 201 items",
        "+ [7]: {'id': -1}",
    ]


def test_elements_at_the_same_index_are_compared_where_that_says_less():
    assert said([1, 2, 3, 4], [1, 20, 3, 40]) == ["at [1]: 2 != 20", "at [3]: 4 != 40"]


def test_equal_numbers_of_other_types_do_not_differ():
    assert said([1, 1.0, True, 2], [True, 1, 1.0, 3]) == ["at [3]: 2 != 3"]


def test_the_same_nan_does_not_differ_from_itself():
    nan = float("nan")
    assert said([nan, 1], [nan, 2]) == ["at [1]: 1 != 2"]


def test_types_are_named_where_only_they_differ():
    assert said([1, 2], (1, 2)) == ["left is a list, right a tuple"]
    assert said({"a": [1]}, {"a": (1,)}) == ["at ['a']: [1] != (1,) (left is a list, right a tuple)"]
    assert said([[1] * 40], [(1,) * 40])[-1] == "(left is a list, right a tuple)"
    assert said([[1]], [{"a": 1}]) == ["at [0]: [1] != {'a': 1}"]
    assert said([1, 2], (1, 3)) == ["at [1]: 2 != 3"]


@pytest.mark.parametrize("kind", [deque, UserList, tuple])
def test_other_sequences_are_compared_too(kind):
    assert said(kind([1, 2, 3]), kind([1, 5, 3])) == ["at [1]: 2 != 5"]


@pytest.mark.parametrize("kind", [dict, OrderedDict, UserDict, MappingProxyType])
def test_mappings_are_compared_by_key(kind):
    left, right = {"same": 0, "a": 1, "b": 2}, {"same": 0, "b": 3, "c": 4}
    assert said(kind(left), kind(right)) == ["at ['b']: 2 != 3", "- ['a']: 1", "+ ['c']: 4"]


def test_the_order_of_keys_counts_for_ordered_dicts():
    assert said(OrderedDict(a=1, b=2), OrderedDict(b=2, a=1)) == [
        "their keys stand in another order, which counts for OrderedDict"
    ]


def test_sets_are_compared_by_element():
    assert said({3, 1, 2}, frozenset({2, 4, 5})) == ["- 1", "- 3", "+ 4", "+ 5"]


@pytest.mark.parametrize(
    ("op", "left", "right", "lines"),
    [
        ("<=", {1, 2, 3}, {2}, ["- 1", "- 3"]),
        ("<", {1, 2}, {2, 3}, ["- 1"]),
        ("<", {1}, {1}, ["both have the same elements"]),
        (">=", {2}, {1, 2}, ["+ 1"]),
        (">", {2}, {2}, ["both have the same elements"]),
        ("<=", {"a": 1}.keys(), {"b": 1}.keys(), ["- 'a'"]),
    ],
)
def test_sets_name_the_items_that_keep_them_from_being_subsets(op, left, right, lines):
    assert said(left, right, op) == lines


@pytest.mark.parametrize(("op", "left", "right"), [("<", 2, 1), (">=", "a", "b"), ("!=", [1], [1]), ("==", 1, 2)])
def test_nothing_is_said_where_the_values_say_it_all(op, left, right):
    assert said(left, right, op) == []


def test_texts_inside_have_their_marks_where_they_are_long():
    left, right = ({"bio": f"a text of some length, {word} read to the end"} for word in ("never", "newer"))
    assert said(left, right) == [
        "at ['bio']:",
        "- 'a text of some length, never read to the end'",
        "+ 'a text of some length, newer read to the end'",
        " " * 28 + "^",
    ]


def test_large_parts_stand_one_above_the_other():
    left, right = [{"a": list(range(30))}], [7]
    assert said(left, right) == ["at [0]:", f"- {left[0]}", "+ 7"]


def test_rounding_is_named():
    assert said(0.1 + 0.2, 0.3) == ["off by 5.55e-17: approx(...) allows for rounding"]
    assert said([0.1 + 0.2], [0.3]) == [
        "at [0]: 0.30000000000000004 != 0.3 (off by 5.55e-17: approx(...) allows for rounding)"
    ]
    assert said(0.5, 0.3) == []


def test_containers_that_hold_themselves_are_compared_once():
    left: list[object] = [1]
    right: list[object] = [2]
    left.append({"again": left})
    right.append({"again": right})
    assert said(left, right) == ["at [0]: 1 != 2", "at [1]['again']: left and right again, as further up"]


def test_containers_a_hundred_deep_are_still_explained():
    left, right = [1], [2]
    for _ in range(100):
        left, right = [left], [right]
    assert said(left, right)[0].startswith("at [0][0][0]")


def test_long_results_are_folded():
    left, right = list(range(250)), [-number for number in range(250)]
    short = said(left, right)
    assert len(short) == 31
    assert short[-1] == "... 219 more lines; -vv shows all"
    assert said(left, right, verbosity=-1) == short
    assert said(left, right, verbosity=1)[-1] == "... 99 more lines; -vv shows all"
    assert len(said(left, right, verbosity=2)) == 249


def test_of_very_long_results_it_is_not_counted_what_is_left_out():
    left, right = dict.fromkeys(range(10_000)), {}
    assert said(left, right)[-1] == "... more than 1970 more lines; -vv shows all"


def test_the_heading_says_what_the_signs_mean():
    assert explain_comparison("==", {1}, {2}, verbosity=0) == [HEADING, "- 1", "+ 2"]
    assert explain_comparison("==", [1], [2], verbosity=0) == ["at [0]: 1 != 2"]
