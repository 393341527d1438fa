"""What differs between two values: the innermost parts that do, with the way to each."""

from collections.abc import Iterator

from rustest.assertion.containers import is_mapping, is_sequence, is_set
from rustest.assertion.leaves import describe_leaves
from rustest.assertion.mapping_diff import diff_mappings
from rustest.assertion.place import Place
from rustest.assertion.record_diff import compared_fields, diff_records
from rustest.assertion.sequence_diff import diff_sequences
from rustest.assertion.set_diff import diff_sets
from rustest.assertion.text_diff import diff_bytes, diff_texts
from rustest.assertion.tolerant_diff import diff_from_tolerant
from rustest.model.mismatch import Tolerant

_DEPTH = 60
"""How deep the way may lead before values are shown whole."""


def describe_difference(place: Place, left: object, right: object) -> Iterator[str]:
    """The lines on two values that are known to differ; maybe none at the root, for there both are shown already."""
    if place.is_again(left, right):
        yield place.say("left and right again, as further up")
        return
    lines = _diff_parts(place.remember(left, right), left, right) if len(place.outer) < _DEPTH else iter(())
    first = next(lines, None)
    if first is None:
        yield from describe_leaves(place, left, right)
        return
    yield first
    yield from lines


def _diff_parts(place: Place, left: object, right: object) -> Iterator[str]:
    """The lines on their parts; none where they have none that differ."""
    if isinstance(right, Tolerant):
        return diff_from_tolerant(place, left, right, is_left=False)
    if isinstance(left, Tolerant):
        return diff_from_tolerant(place, right, left, is_left=True)
    if isinstance(left, str) and isinstance(right, str):
        return diff_texts(place, left, right)
    if isinstance(left, bytes | bytearray) and isinstance(right, bytes | bytearray):
        return diff_bytes(place, bytes(left), bytes(right))
    if is_mapping(left) and is_mapping(right):
        return diff_mappings(place, left, right)
    if is_set(left) and is_set(right):
        return diff_sets(place, left, right)
    if (fields := compared_fields(left, right)) is not None:
        return diff_records(place, left, right, fields)
    if is_sequence(left) and is_sequence(right):
        return diff_sequences(place, left, right)
    return iter(())
