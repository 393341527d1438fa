"""`approx`: equal but for rounding."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from rustest.authoring.tolerance import Tolerance, is_date, is_number, read_tolerance
from rustest.model.hints import TYPE_CHECKING, TypeGuard, cast
from rustest.model.mismatch import ABSENT, Mismatch, Tolerant
from rustest.model.record import NamedTuple

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


class Approx(Tolerant):
    """What `approx(...)` makes: it equals whatever is close to the expected value."""

    __array_ufunc__ = None  # numpy then leaves `array == approx(...)` to this class
    __slots__ = ("expected", "tolerance")

    def __init__(self, expected: object, tolerance: Tolerance) -> None:
        self.expected = expected
        self.tolerance = tolerance

    def __eq__(self, actual: object) -> bool:
        return next(self.mismatches(actual), None) is None

    __hash__ = None  # type: ignore[assignment]  # what is equal would have to have equal hashes

    def __bool__(self) -> bool:
        raise TypeError("approx(...) is neither true nor false: compare something with it, as in `x == approx(y)`")

    def __repr__(self) -> str:
        return _show(self.expected, self.tolerance)

    def mismatches(self, actual: object) -> Iterator[Mismatch]:
        """The innermost parts of the value that are too far off, or missing, or too many."""
        return _find((), actual, self.expected, self.tolerance)

    def explain(self, actual: object) -> str:
        """By how much a number is off, and of which shape an array is."""
        one, other = _plain(actual), _plain(self.expected)
        if isinstance(one, _Array) and isinstance(other, _Array):
            return f"their shapes are {one.shape} and {other.shape}"
        return self.tolerance.measure(one, other) if is_number(one) and is_number(other) else ""


def _find(path: tuple[object, ...], actual: object, expected: object, tolerance: Tolerance) -> Iterator[Mismatch]:
    """The parts that do not agree; the way to them leads through both values alike."""
    one, other = _plain(actual), _plain(expected)
    if isinstance(one, _Array) or isinstance(other, _Array):
        if (parts := _match_arrays(one, other)) is not None:
            yield from _find(path, *parts, tolerance)
            return
    elif _is_mapping(other):
        if _is_mapping(one):
            yield from _find_in_mappings(path, one, other, tolerance)
            return
    elif _is_sequence(other):
        if _is_sequence(one):
            yield from _find_in_sequences(path, one, other, tolerance)
            return
    elif tolerance.admits(one, other) if is_number(one) and is_number(other) else bool(one == other):
        return
    yield Mismatch(path, actual, Approx(expected, tolerance))


def _find_in_mappings(
    path: tuple[object, ...], actual: Mapping[object, object], expected: Mapping[object, object], tolerance: Tolerance
) -> Iterator[Mismatch]:
    for key, value in expected.items():
        if key in actual:
            yield from _find((*path, key), actual[key], value, tolerance)
        else:
            yield Mismatch((*path, key), ABSENT, Approx(value, tolerance))
    yield from (Mismatch((*path, key), actual[key], ABSENT) for key in actual if key not in expected)


def _find_in_sequences(
    path: tuple[object, ...], actual: Sequence[object], expected: Sequence[object], tolerance: Tolerance
) -> Iterator[Mismatch]:
    for index, (one, other) in enumerate(zip(actual, expected, strict=False)):
        yield from _find((*path, index), one, other, tolerance)
    for index in range(len(actual), len(expected)):
        yield Mismatch((*path, index), ABSENT, Approx(expected[index], tolerance))
    for index in range(len(expected), len(actual)):
        yield Mismatch((*path, index), actual[index], ABSENT)


class _Array(NamedTuple):
    """An array of at least one dimension."""

    shape: tuple[int, ...]
    values: list[object]
    """Nested as deep as it has dimensions."""


def _match_arrays(actual: object, expected: object) -> tuple[object, object] | None:
    """What to compare where one side is an array at least; None if their shapes do not go together.

    A number stands for an array full of it.
    """
    match actual, expected:
        case _Array(), _Array():
            return (actual.values, expected.values) if actual.shape == expected.shape else None
        case _Array(), _:
            return actual.values, _fill(actual.values, expected) if is_number(expected) else expected
        case _, _Array():
            return _fill(expected.values, actual) if is_number(actual) else actual, expected.values
        case _:
            return None


def _fill(like: object, number: object) -> object:
    return [_fill(part, number) for part in cast("list[object]", like)] if isinstance(like, list) else number


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
