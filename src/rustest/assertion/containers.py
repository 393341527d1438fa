"""Kinds of containers, as far as their parts can be compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeGuard, cast


def is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    """Whether it has keys and values."""
    return isinstance(value, Mapping)


def is_set(value: object) -> TypeGuard[AbstractSet[object]]:
    """Whether it has elements without an order; the keys of a dict do too."""
    return isinstance(value, AbstractSet)


def is_sequence(value: object) -> TypeGuard[Sequence[object]]:
    """Whether it has an order and is no text; a deque is one too, though it cannot be sliced."""
    if isinstance(value, Sequence):
        return not isinstance(cast("object", value), str | bytes | bytearray | memoryview | range)
    from collections import deque

    return isinstance(value, deque)


def is_collection(value: object) -> TypeGuard[Iterable[object]]:
    """Whether its elements can be looked at without using them up."""
    return isinstance(value, Iterable) and not isinstance(value, Iterator)
