"""`approx`: equal but for rounding."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, NamedTuple, TypeGuard, cast

from rustest.authoring.tolerance import Tolerance, is_date, is_number, read_tolerance

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


def approx(
    expected: object,
    rel: "float | Decimal | Fraction | None" = None,
    abs: "float | Decimal | Fraction | None" = None,
    nan_ok: bool = False,
) -> "Approx":
    """Something that equals whatever differs from `expected` by no more than rounding does.

    So `0.1 + 0.2 == approx(0.3)` is true. `expected` is a number, a sequence or mapping of such values to any depth, or
    an array (numpy's, or any that has `shape` and `tolist` as numpy's do). `rel` is the tolerance as a fraction of the
    expected number, 1e-6 unless given; `abs` is the least tolerance, 1e-12 unless given; `abs` without `rel` counts
    alone. NaN equals NaN with `nan_ok` only. What is no number must be strictly equal; so must True and False.
    Raises ValueError for a tolerance that is negative, infinite or NaN, TypeError for one that is no number, and for a
    set, whose elements have no order to be compared in.
    """
    _refuse_sets(expected)
    return Approx(expected, read_tolerance(rel, abs, nan_ok))


class Approx:
    """What `approx(...)` makes: it equals whatever is close to the expected value."""

    __array_ufunc__ = None  # numpy then leaves `array == approx(...)` to this class
    __slots__ = ("expected", "tolerance")

    def __init__(self, expected: object, tolerance: Tolerance) -> None:
        self.expected = expected
        self.tolerance = tolerance

    def __eq__(self, actual: object) -> bool:
        return _agree(actual, self.expected, self.tolerance)

    __hash__ = None  # type: ignore[assignment]  # what is equal would have to have equal hashes

    def __bool__(self) -> bool:
        raise TypeError("approx(...) is neither true nor false: compare something with it, as in `x == approx(y)`")

    def __repr__(self) -> str:
        return _show(self.expected, self.tolerance)


def _agree(actual: object, expected: object, tolerance: Tolerance) -> bool:
    actual, expected = _plain(actual), _plain(expected)
    if isinstance(actual, _Array) or isinstance(expected, _Array):
        return _arrays_agree(actual, expected, tolerance)
    if _is_mapping(expected):
        return _is_mapping(actual) and _mappings_agree(actual, expected, tolerance)
    if _is_sequence(expected):
        return _is_sequence(actual) and _sequences_agree(actual, expected, tolerance)
    if is_number(actual) and is_number(expected):
        return tolerance.admits(actual, expected)
    return bool(actual == expected)


def _mappings_agree(actual: Mapping[object, object], expected: Mapping[object, object], tolerance: Tolerance) -> bool:
    return actual.keys() == expected.keys() and all(_agree(actual[key], expected[key], tolerance) for key in expected)


def _sequences_agree(actual: Sequence[object], expected: Sequence[object], tolerance: Tolerance) -> bool:
    pairs = zip(actual, expected, strict=False)
    return len(actual) == len(expected) and all(_agree(one, other, tolerance) for one, other in pairs)


class _Array(NamedTuple):
    """An array of at least one dimension."""

    shape: tuple[int, ...]
    values: list[object]
    """Nested as deep as it has dimensions."""


def _arrays_agree(actual: object, expected: object, tolerance: Tolerance) -> bool:
    """Compare where one side is an array at least; a number stands for an array full of it."""
    match actual, expected:
        case _Array(), _Array():
            return actual.shape == expected.shape and _agree(actual.values, expected.values, tolerance)
        case _Array(), _ if is_number(expected):
            return all(_agree(number, expected, tolerance) for number in _flatten(actual.values))
        case _, _Array() if is_number(actual):
            return all(_agree(actual, number, tolerance) for number in _flatten(expected.values))
        case _Array(), _:
            return _agree(actual.values, expected, tolerance)
        case _:
            return isinstance(expected, _Array) and _agree(actual, expected.values, tolerance)


def _flatten(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        yield from _flatten(cast("list[object]", value)) if isinstance(value, list) else (value,)


def _plain(value: object) -> object:
    """Arrays as `_Array`, and their scalars as Python's own numbers, whose arithmetic never wraps around."""
    shape, to_list = getattr(value, "shape", None), getattr(value, "tolist", None)
    if not isinstance(shape, tuple) or not callable(to_list) or is_date(value):
        return value
    values: object = to_list()
    return _Array(cast("tuple[int, ...]", shape), cast("list[object]", values)) if shape else values


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)


def _is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray)


def _refuse_sets(expected: object) -> None:
    if isinstance(expected, AbstractSet):
        raise TypeError(f"approx() cannot compare a set, which has no order: sort it first, {expected!r}")
    if _is_mapping(expected):
        expected = tuple(expected.values())
    if _is_sequence(expected):
        for part in expected:
            _refuse_sets(part)


def _show(expected: object, tolerance: Tolerance) -> str:
    expected = _plain(expected)
    if isinstance(expected, _Array):
        return f"array({_show(expected.values, tolerance)})"
    if _is_mapping(expected):
        return "{" + ", ".join(f"{key!r}: {_show(value, tolerance)}" for key, value in expected.items()) + "}"
    if _is_sequence(expected):
        inner = ", ".join(_show(part, tolerance) for part in expected)
        return f"({inner})" if isinstance(expected, tuple) else f"[{inner}]"
    return tolerance.show(expected) if is_number(expected) else repr(expected)
