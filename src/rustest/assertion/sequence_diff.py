"""Two sequences, index by index; what was put in or taken out moves the rest, which is then not said to differ."""

import itertools
from collections.abc import Hashable, Iterator, Sequence
from typing import cast

from rustest.assertion.alignment import Block, align
from rustest.assertion.place import Place

_UNHASHABLE = 64
"""How many elements without a hash are compared each with each."""


def diff_sequences(place: Place, left: Sequence[object], right: Sequence[object]) -> Iterator[str]:
    """The lengths if they differ, then the elements that do, and those that one side has alone."""
    left, right = _list(left), _list(right)
    if len(left) != len(right):
        yield place.say(f"left has {_count(left)}, right has {_count(right)}")
    window = _trim(place, left, right)
    for block in _find_blocks(place, left, right, window):
        yield from _describe_block(place, left, right, block)


def _list(value: Sequence[object]) -> Sequence[object]:
    return value if isinstance(value, list | tuple) else list(itertools.islice(value, len(value)))


def _count(elements: Sequence[object]) -> str:
    return "1 item" if len(elements) == 1 else f"{len(elements)} items"


def _trim(place: Place, left: Sequence[object], right: Sequence[object]) -> Block:
    """What lies between the equal beginning and the equal end."""
    start, left_end, right_end = 0, len(left), len(right)
    while start < left_end and start < right_end and not place.differ(left[start], right[start]):
        start += 1
    while start < left_end and start < right_end and not place.differ(left[left_end - 1], right[right_end - 1]):
        left_end, right_end = left_end - 1, right_end - 1
    return Block(start, left_end, start, right_end)


def _find_blocks(place: Place, left: Sequence[object], right: Sequence[object], window: Block) -> Iterator[Block]:
    """The changed parts: by index where as few elements differ so as in any other way, else as they belong together."""
    start, left_end, _, right_end = window
    by_index = None
    if left_end == right_end:
        by_index = [index for index in range(start, left_end) if place.differ(left[index], right[index])]
        if len(by_index) <= 1:
            return iter([Block(index, index + 1, index, index + 1) for index in by_index])
    elif start in (left_end, right_end):
        return iter([window])
    blocks = _align(left[start:left_end], right[start:right_end], start)
    if by_index is not None and (blocks is None or sum(map(_size, blocks)) >= len(by_index)):
        return (Block(index, index + 1, index, index + 1) for index in by_index)
    return iter(blocks or [window])


def _size(block: Block) -> int:
    return max(block.left_end - block.left_start, block.right_end - block.right_start)


def _align(left: Sequence[object], right: Sequence[object], start: int) -> list[Block] | None:
    numbers = _number(left, right)
    if numbers is None:
        return None
    blocks = align(numbers[: len(left)], numbers[len(left) :])
    return [Block(*(edge + start for edge in block)) for block in blocks]


def _number(left: Sequence[object], right: Sequence[object]) -> list[int] | None:
    """A number for each element, the same for those that are equal; None if that would take too long to find out."""
    seen = dict[object, int]()
    try:
        return [seen.setdefault(_freeze(element), len(seen)) for element in itertools.chain(left, right)]
    except Exception:  # no hash, or one that raises
        return _number_by_equality([*left, *right])


def _number_by_equality(elements: list[object]) -> list[int] | None:
    if len(elements) > _UNHASHABLE:
        return None
    numbers = list[int]()
    for number, element in enumerate(elements):
        numbers.append(next((numbers[index] for index in range(number) if elements[index] == element), number))
    return numbers


def _freeze(value: object) -> Hashable:
    """Something hashable that is equal for equal values: built-in containers may stand for themselves."""
    if type(value) is list:
        return list, tuple(map(_freeze, cast("list[object]", value)))
    if type(value) is tuple:
        return tuple(map(_freeze, cast("tuple[object, ...]", value)))
    if type(value) is dict:
        return dict, frozenset((key, _freeze(held)) for key, held in cast("dict[object, object]", value).items())
    if type(value) is set:
        return frozenset(cast("set[object]", value))
    return value


def _describe_block(place: Place, left: Sequence[object], right: Sequence[object], block: Block) -> Iterator[str]:
    """Elements in place of others are compared pair by pair; the rest stands on one side alone."""
    common = min(block.left_end - block.left_start, block.right_end - block.right_start)
    for offset in range(common):
        i, j = block.left_start + offset, block.right_start + offset
        if place.differ(left[i], right[j]):
            yield from place.describe_inside(f"[{i}]", left[i], right[j], f"[{j}]")
    for i in range(block.left_start + common, block.left_end):
        yield place.only_left(f"[{i}]", left[i])
    for j in range(block.right_start + common, block.right_end):
        yield place.only_right(f"[{j}]", right[j])
