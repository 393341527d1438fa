"""A value against an expected one that equals a range of values: what `approx` says of each part."""

from collections.abc import Iterator

from rustest.assertion.mapping_diff import step_of
from rustest.assertion.place import Place
from rustest.model.mismatch import ABSENT, Mismatch, Tolerant


def diff_from_tolerant(place: Place, actual: object, expected: Tolerant, *, is_left: bool) -> Iterator[str]:
    """The parts that are not as expected, and how far they are off; `is_left` if the expected value is the left one."""
    for mismatch in expected.mismatches(actual):
        yield from _describe(place, mismatch, is_left)


def _describe(place: Place, mismatch: Mismatch, is_left: bool) -> list[str]:
    step = "".join(step_of(place, key) for key in mismatch.path)
    left, right = mismatch.actual, mismatch.expected
    if is_left:
        left, right = right, left
    if left is ABSENT:
        return [place.only_right(step, right)]
    if right is ABSENT:
        return [place.only_left(step, left)]
    hint = mismatch.expected.explain(mismatch.actual) if isinstance(mismatch.expected, Tolerant) else ""
    return place.enter(step).say_unequal(place.show(left), place.show(right), hint)
