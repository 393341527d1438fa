"""`approx`: what is near enough, for every kind of number and container."""

import math
from collections import OrderedDict, deque
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from rustest import approx

INF, NAN = math.inf, math.nan


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (0.1 + 0.2, 0.3),
        (1.000001, 1),
        (1, 1.0000009),
        (1e-13, 0),
        (-1e-13, 0.0),
        (1 + 1e-7j, 1),
        (1j * 1j, -1),
        (Decimal("0.1") + Decimal("0.2"), Decimal("0.3000001")),
        (Decimal("1.000001"), Decimal(1)),
        (Decimal("0.3"), 0.1 + 0.2),
        (0.1 + 0.2, Decimal("0.3")),
        (Fraction(1, 3), 0.3333333),
        (0.3333333, Fraction(1, 3)),
        (Fraction(1, 3), Decimal("0.3333333")),
        (10**400 + 1, 10**400),
        (INF, INF),
        (-INF, -INF),
        (Decimal("Infinity"), INF),
    ],
)
def test_values_within_the_tolerance_are_equal(actual, expected):
    assert actual == approx(expected)
    assert approx(expected) == actual
    assert not actual != approx(expected)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (1.0000021, 1),
        (1.1e-12, 0),
        (1 + 1e-5j, 1),
        (Decimal("1.000002"), Decimal(1)),
        (1.1, Decimal(1)),
        (1j, Decimal(1)),
        (10**400 * 2, 10**400),
        (1.0, 10**400),
        (INF, -INF),
        (INF, 1e308),
        (1e308, INF),
        (Decimal("Infinity"), 10),
        (10, Decimal("Infinity")),
        (NAN, NAN),
        (NAN, 1),
        (1, NAN),
        (Decimal("NaN"), 1),
        ("1", 1),
        (None, 1),
        ([1], 1),
        (1, [1]),
    ],
)
def test_values_beyond_the_tolerance_are_not(actual, expected):
    assert actual != approx(expected)
    assert approx(expected) != actual
    assert not actual == approx(expected)


@given(st.floats(-1e300, 1e300), st.floats(-0.9e-6, 0.9e-6))
@examples(50)
def test_a_number_moved_by_less_than_the_tolerance_is_near(number, part):
    assert number * (1 + part) == approx(number)


@given(st.floats(1e-3, 1e300), st.floats(1.1e-6, 1))
@examples(50)
def test_a_number_moved_by_more_than_the_tolerance_is_not(number, part):
    assert number * (1 + part) != approx(number)
    assert number * (1 - part) != approx(number)


def test_rel_is_a_fraction_of_the_expected_number():
    assert 109 == approx(100, rel=0.1)
    assert 111 != approx(100, rel=0.1)
    assert 100 != approx(109.0, rel=0.05)
    assert Decimal(109) == approx(Decimal(100), rel=Decimal("0.1"))
    assert Decimal(109) == approx(Decimal(100), rel=0.1)


def test_abs_alone_switches_rel_off():
    assert 1_000_000.5 == approx(1_000_000)
    assert 1_000_000.5 != approx(1_000_000, abs=0.1)
    assert 1_000_000.5 == approx(1_000_000, rel=1e-6, abs=0.1)
    assert 1.5 == approx(1, rel=1e-6, abs=0.6)


def test_rel_alone_keeps_the_least_tolerance():
    assert 1e-13 == approx(0, rel=1e-9)


def test_nan_equals_nan_only_if_asked_to():
    assert NAN == approx(NAN, nan_ok=True)
    assert Decimal("NaN") == approx(NAN, nan_ok=True)
    assert 1 != approx(NAN, nan_ok=True)
    assert NAN != approx(1, nan_ok=True)
    assert [NAN, 1] == approx([NAN, 1.0000001], nan_ok=True)


@pytest.mark.parametrize("value", [True, False, None, "x", b"x", object(), ...])
def test_what_is_no_number_is_strictly_equal_or_not(value):
    assert value == approx(value)
    assert value != approx("other")


def test_true_is_no_number_near_one():
    assert approx(0.9999999) != True  # noqa: E712
    assert 0.9999999 != approx(True)
    assert approx(1) == True  # noqa: E712


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([0.1 + 0.2, 1], [0.3, 1]),
        ((0.1 + 0.2,), [0.3]),
        (deque([0.1 + 0.2]), (0.3,)),
        (range(3), [0, 1, 2.0000001]),
        ([], []),
        ({"a": 0.1 + 0.2, "b": "x"}, {"b": "x", "a": 0.3}),
        (OrderedDict(a=0.1 + 0.2), {"a": 0.3}),
        ({}, {}),
        ({"a": [{"b": 0.1 + 0.2}]}, {"a": [{"b": 0.3}]}),
        ([[0.1 + 0.2], (1,)], [[0.3], [1]]),
        ([1, "x", None, True], [1.0000001, "x", None, True]),
    ],
)
def test_containers_are_near_part_by_part(actual, expected):
    assert actual == approx(expected)
    assert approx(expected) == actual


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ([0.3, 1.1], [0.3, 1]),
        ([0.3], [0.3, 1]),
        ([0.3, 1], [0.3]),
        ({"a": 1}, {"b": 1}),
        ({"a": 1, "b": 2}, {"a": 1}),
        ({"a": 1}, ["a"]),
        (["a"], {"a": 1}),
        ({"a": [{"b": 0.31}]}, {"a": [{"b": 0.3}]}),
        ("ab", ["a", "b"]),
        (["a", "b"], "ab"),
        ({1, 2}, [1, 2]),
        (1, [1]),
        (None, [None]),
    ],
)
def test_containers_that_differ_are_not(actual, expected):
    assert actual != approx(expected)
    assert approx(expected) != actual


def test_a_mapping_need_not_be_a_dict():
    class Settings(Mapping):
        def __getitem__(self, key):
            return {"a": 0.1 + 0.2}[key]

        def __iter__(self):
            return iter("a")

        def __len__(self):
            return 1

    assert Settings() == approx({"a": 0.3})
    assert {"a": 0.3} == approx(Settings())


@pytest.mark.parametrize("expected", [{0.3}, frozenset([0.3]), [[{0.3}]], {"a": {0.3}}, {"a": 1}.keys()])
def test_a_set_is_refused(expected):
    with pytest.raises(TypeError, match="approx\\(\\) cannot compare a set"):
        approx(expected)


@pytest.mark.parametrize("name", ["rel", "abs"])
@pytest.mark.parametrize("limit", [-1, -1e-12, NAN, INF, Decimal(-1)])
def test_a_tolerance_below_zero_or_without_end_is_refused(name, limit):
    with pytest.raises(ValueError, match=f"{name} of approx\\(\\) must be 0 or more"):
        approx(1, **{name: limit})


@pytest.mark.parametrize("name", ["rel", "abs"])
@pytest.mark.parametrize("limit", ["1", True, 1j, [1]])
def test_a_tolerance_that_is_no_number_is_refused(name, limit):
    with pytest.raises(TypeError, match=f"{name} of approx\\(\\) must be a number"):
        approx(1, **{name: limit})


def test_there_is_no_order_no_truth_and_no_hash():
    for compare in (
        lambda: approx(1) < 2,
        lambda: 2 >= approx(1),
        lambda: [1] < approx([2]),
        lambda: bool(approx(1)),
        lambda: hash(approx(1)),
    ):
        with pytest.raises(TypeError):
            compare()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (approx(2.5), "2.5 ± 2.5e-06"),
        (approx(0), "0 ± 1e-12"),
        (approx(100, abs=0.5), "100 ± 0.5"),
        (approx(Decimal("2.5")), "2.5 ± 2.5e-06"),
        (approx(Fraction(1, 2)), "1/2 ± 5e-07"),
        (approx(3 + 4j), "(3+4j) ± 5e-06"),
        (approx(INF), "inf"),
        (approx(NAN), "nan"),
        (approx("x"), "'x'"),
        (approx(True), "True"),
        (approx([1, "x"]), "[1 ± 1e-06, 'x']"),
        (approx((1.0,)), "(1.0 ± 1e-06)"),
        (approx({"a": [1]}), "{'a': [1 ± 1e-06]}"),
    ],
)
def test_it_shows_number_and_tolerance(value, shown):
    assert repr(value) == shown


def test_a_number_beyond_all_floats_can_be_shown():
    assert repr(approx(10**400)).endswith("± 1e-06 of it")


class Array:
    """The part of numpy's arrays that `approx` reads."""

    def __init__(self, values):
        self._values = values

    @property
    def shape(self):
        shape, values = [], self._values
        while isinstance(values, list):
            shape.append(len(values))
            values = values[0] if values else None
        return tuple(shape)

    def tolist(self):
        return self._values


def numpy_array(values):
    return pytest.importorskip("numpy").array(values)


@pytest.mark.parametrize("array", [Array, numpy_array])
def test_arrays_are_near_number_by_number(array):
    flat = array([0.1 + 0.2, 1.0])
    assert flat == approx([0.3, 1])
    assert [0.3, 1] == approx(flat)
    assert flat == approx(array([0.3, 1.0]))
    assert {"a": flat} == approx({"a": [0.3, 1]})
    assert flat != approx([0.3])
    assert flat != approx([0.3, 1.1])
    assert repr(approx(array([1.0]))) == "array([1.0 ± 1e-06])"


@pytest.mark.parametrize("array", [Array, numpy_array])
def test_a_number_stands_for_an_array_full_of_it(array):
    square = array([[1.0, 1.0], [1.0, 1.0]])
    assert square == approx(1.0000001)
    assert 1.0000001 == approx(square)
    assert square != approx(1.1)
    assert 1.1 != approx(square)
    assert square != approx("x")


def test_arrays_of_different_shapes_are_not_near():
    assert Array([[], []]) != approx(Array([[]]))
    assert Array([[1, 1], [1, 1]]) != approx(Array([1, 1, 1, 1]))
    assert Array([[1, 1], [1, 1]]) == approx(Array([[1, 1], [1, 1]]))


def test_numpy_scalars_neither_wrap_around_nor_lose_their_meaning():
    numpy = pytest.importorskip("numpy")
    assert numpy.float32(0.3) == approx(0.3)
    assert numpy.uint8(1) != approx(2)
    assert numpy.uint8(1) == approx(2, abs=1)
    assert numpy.bool_(True) == approx(True)
    assert numpy.datetime64(10**9, "ns") != approx(numpy.datetime64(10**9 + 1, "ns"))
    assert numpy.timedelta64(10**9, "ns") != approx(numpy.timedelta64(10**9 + 1, "ns"))
    with pytest.raises(TypeError):
        numpy.ones(2) < approx(1)
