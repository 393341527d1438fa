"""What is said of `approx`: which parts are off, and by how much."""

from decimal import Decimal

import pytest

from rustest import approx
from rustest.assertion.compare import explain_comparison


class Array:
    """As numpy's are, for what approx asks of them."""

    def __init__(self, values: list[object]) -> None:
        self.values = values
        self.shape = (len(values), len(values[0])) if isinstance(values[0], list) else (len(values),)

    def tolist(self) -> list[object]:
        return self.values


def said(left: object, right: object) -> list[str]:
    return explain_comparison("==", left, right, verbosity=0)


@pytest.mark.parametrize(
    ("actual", "expected", "lines"),
    [
        (3.1, 3, ["off by 0.1"]),
        (Decimal("3.1"), 3.0, ["off by 0.1"]),
        (10**400, 1.5, []),
        (float("nan"), 1, []),
        (float("inf"), 1, []),
        (2j, 1j, ["off by 1"]),
        ("a", "b", []),
        ([1], {"a": 1}, []),
    ],
)
def test_a_single_value_says_by_how_much_it_is_off_where_that_is_a_number(actual, expected, lines):
    assert said(actual, approx(expected)) == lines
    assert said(approx(expected), actual) == lines


def test_elements_that_are_off():
    assert said([1, 2.00000001, 3.1], approx([1, 2, 3])) == ["at [2]: 3.1 != 3 ± 3e-06 (off by 0.1)"]
    assert said(approx([1, 3]), [1, 3.1]) == ["at [1]: 3 ± 3e-06 != 3.1 (off by 0.1)"]


def test_parts_that_are_missing_or_too_many():
    assert said({"a": 1, "b": [1, 2]}, approx({"a": 1, "b": [1], "c": 1})) == [
        "left (-) and right (+) differ:",
        "- ['b'][1]: 2",
        "+ ['c']: 1 ± 1e-06",
    ]
    assert said(approx([1]), [1, 2]) == ["left (-) and right (+) differ:", "+ [1]: 2"]


def test_approx_inside_of_other_values():
    assert said({"x": [2.5, 7]}, {"x": [approx(2), 7]}) == ["at ['x'][0]: 2.5 != 2 ± 2e-06 (off by 0.5)"]


def test_arrays_name_the_element_or_the_shape_that_is_off():
    assert said(Array([[1, 2], [3, 5]]), approx(Array([[1, 2], [3, 4]]))) == ["at [1][1]: 5 != 4 ± 4e-06 (off by 1)"]
    assert said(Array([[1, 2]]), approx(Array([1, 2]))) == ["their shapes are (1, 2) and (2,)"]
    assert said(Array([1, 2]), approx(1)) == ["at [1]: 2 != 1 ± 1e-06 (off by 1)"]
    assert said(1, approx(Array([1, 2]))) == ["at [1]: 1 != 2 ± 2e-06 (off by 1)"]
