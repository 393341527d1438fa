"""Which parts of two sequences belong together, and what was changed between them.

Few changes are found by walking the diagonals of the edit graph, farthest first (Myers, 1986). Where they are many, the
elements that occur once on either side, in the same order, hold the two together (the patience of Cohen), and what lies
between those is aligned by itself. So the time grows with the sizes and with a bound on the changes, never with the
product of the sizes.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence

from rustest.model.record import NamedTuple

_EDITS = 64
"""How many insertions and deletions are looked for before something coarser is tried."""
_EDITS_IN_GAP = 16
"""The same for what lies between two anchors, of which there may be many."""
_FUEL = 500_000
"""How many equal elements may be walked over in one window; repetitive input could walk over them again and again."""


class Block(NamedTuple):
    """A changed part: elements of the left side that elements of the right side stand in place of; one may be none."""

    left_start: int
    left_end: int
    right_start: int
    right_end: int


def align(left: Sequence[Hashable], right: Sequence[Hashable]) -> list[Block]:
    """The changed parts in order; what lies between them is equal."""
    block = trim(left, right, Block(0, len(left), 0, len(right)))
    if block is None:
        return []
    return _find_shortest(left, right, block, _EDITS) or list(_split_at_anchors(left, right, block))


def trim(left: Sequence[Hashable], right: Sequence[Hashable], block: Block) -> Block | None:
    """The block without what its sides have in common at its start and end; None if that is all."""
    start, left_end, right_start, right_end = block
    while start < left_end and right_start < right_end and left[start] == right[right_start]:
        start, right_start = start + 1, right_start + 1
    while start < left_end and right_start < right_end and left[left_end - 1] == right[right_end - 1]:
        left_end, right_end = left_end - 1, right_end - 1
    return None if start == left_end and right_start == right_end else Block(start, left_end, right_start, right_end)


def _find_shortest(left: Sequence[Hashable], right: Sequence[Hashable], block: Block, most: int) -> list[Block] | None:
    """The fewest insertions and deletions as blocks, or None if there are too many of them."""
    width, height = block.left_end - block.left_start, block.right_end - block.right_start
    if not width or not height:
        return [block]
    if abs(width - height) > most:
        return None
    rounds = _walk_diagonals(left, right, block, most)
    return None if rounds is None else _trace_back(rounds, block)


def _walk_diagonals(
    left: Sequence[Hashable], right: Sequence[Hashable], block: Block, most: int
) -> list[dict[int, int]] | None:
    """How far each diagonal (x - y) was come before each round; None if the end was not reached in time."""
    x0, y0 = block.left_start, block.right_start
    width, height = block.left_end - x0, block.right_end - y0
    farthest, rounds, fuel = {1: 0}, list[dict[int, int]](), _FUEL
    for edits in range(most + 1):
        rounds.append(farthest.copy())
        for diagonal in range(-edits + 2 * max(0, edits - height), edits - 2 * max(0, edits - width) + 1, 2):
            x = start = _step(farthest, diagonal, edits)
            y = x - diagonal
            while x < width and y < height and left[x0 + x] == right[y0 + y]:
                x, y = x + 1, y + 1
            farthest[diagonal] = x
            fuel -= x - start
            if x >= width and y >= height:
                return rounds
        if fuel < 0:
            return None
    return None


def _step(farthest: dict[int, int], diagonal: int, edits: int) -> int:
    """Where the diagonal is entered."""
    return farthest[diagonal - 1] + 1 if _deletes(farthest, diagonal, edits) else farthest[diagonal + 1]


def _deletes(farthest: dict[int, int], diagonal: int, edits: int) -> bool:
    """Whether it is entered by a deletion, from the left, and not by an insertion, from above."""
    above, before = farthest.get(diagonal + 1, -1), farthest.get(diagonal - 1, -1)
    return diagonal != -edits and (diagonal == edits or before >= above)


def _trace_back(rounds: list[dict[int, int]], block: Block) -> list[Block]:
    x, y = block.left_end - block.left_start, block.right_end - block.right_start
    found = list[Block]()
    for edits in range(len(rounds) - 1, 0, -1):
        farthest, diagonal = rounds[edits], x - y
        end_x = _step(farthest, diagonal, edits)
        end_y = end_x - diagonal
        start_x, start_y = (end_x - 1, end_y) if _deletes(farthest, diagonal, edits) else (end_x, end_y - 1)
        if found and (found[-1].left_start, found[-1].right_start) == (end_x, end_y):
            last = found.pop()
            end_x, end_y = last.left_end, last.right_end
        found.append(Block(start_x, end_x, start_y, end_y))
        x, y = start_x, start_y
    x0, y0 = block.left_start, block.right_start
    return [Block(a + x0, b + x0, c + y0, d + y0) for a, b, c, d in reversed(found)]


def _split_at_anchors(left: Sequence[Hashable], right: Sequence[Hashable], block: Block) -> Iterator[Block]:
    x, y = block.left_start, block.right_start
    for anchor_x, anchor_y in [*_find_anchors(left, right, block), (block.left_end, block.right_end)]:
        gap = trim(left, right, Block(x, anchor_x, y, anchor_y))
        if gap is not None:
            yield from _find_shortest(left, right, gap, _EDITS_IN_GAP) or [gap]
        x, y = anchor_x + 1, anchor_y + 1


def _find_anchors(left: Sequence[Hashable], right: Sequence[Hashable], block: Block) -> list[tuple[int, int]]:
    """The longest chain of elements that are alone of their kind on both sides, in the order of both."""
    xs = _find_unique(left, block.left_start, block.left_end)
    ys = _find_unique(right, block.right_start, block.right_end)
    return _longest_rise([(x, ys[element]) for element, x in xs.items() if element in ys])


def _find_unique(elements: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    counts = Counter(elements[start:end])
    return {elements[index]: index for index in range(start, end) if counts[elements[index]] == 1}


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of pairs that rise in their first numbers, the most that rise in their second ones too."""
    ends, tops, before = list[int](), list[int](), list[int]()
    for number, (_, y) in enumerate(pairs):
        pile = bisect_left(ends, y)
        before.append(tops[pile - 1] if pile else -1)
        if pile == len(ends):
            ends.append(y)
            tops.append(number)
        else:
            ends[pile], tops[pile] = y, number
    chain, number = list[tuple[int, int]](), tops[-1] if tops else -1
    while number >= 0:
        chain.append(pairs[number])
        number = before[number]
    return chain[::-1]
