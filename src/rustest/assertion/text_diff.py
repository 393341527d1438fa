"""Two texts, line by line and character by character."""

from collections.abc import Iterator, Sequence

from rustest.assertion.alignment import Block, align
from rustest.assertion.marked_text import Pair, draw_line, mark_bytes, mark_pair
from rustest.assertion.place import Place
from rustest.model.saferepr import shorten

_SHORT = 30
"""Up to how many characters two texts stand on one line."""
_CONTEXT = 2
"""How many equal lines are shown before and after those that differ."""
_MARKED = 500
"""How many lines of a block are compared character by character."""
_PAIRED = 400
"""How many pairs of lines are tried to find those that are like each other."""


def diff_texts(place: Place, left: str, right: str) -> Iterator[str]:
    """What differs of two texts; nothing where both are so short that it can be seen."""
    if str.__eq__(left, right):
        return
    if "\n" in left or "\n" in right:
        yield from place.head()
        yield from _diff_lines(place, _split(left), _split(right))
        return
    if place.left and _are_simple(left, right):
        return
    pair = mark_pair(left, right, quoted=True, whole=place.verbosity > 1)
    if max(len(left), len(right)) > _SHORT or not _is_plain(place, pair):
        yield from _show_pair(place, pair)


def diff_bytes(place: Place, left: bytes, right: bytes) -> Iterator[str]:
    """What differs of two byte strings."""
    if left == right:
        return
    pair = mark_bytes(left, right, whole=place.verbosity > 1)
    if max(len(left), len(right)) > _SHORT or not _is_plain(place, pair):
        yield from _show_pair(place, pair)


def _show_pair(place: Place, pair: Pair) -> Iterator[str]:
    yield from place.head("" if pair.first is None else f"index {pair.first}")
    yield from pair.lines


def _are_simple(*texts: str) -> bool:
    """Whether no marks are needed beneath one short text to tell it from another."""
    return all(len(text) <= _SHORT and text.isascii() and text.isprintable() and "\\" not in text for text in texts)


def _is_plain(place: Place, pair: Pair) -> bool:
    """Whether two short texts beside each other say as much as the marked lines."""
    shows_escapes = any("\\" in line or not line.isascii() for line in pair.lines)
    return not shows_escapes and (pair.is_whole or bool(place.left))


def _split(text: str) -> list[str]:
    """The lines with their ends: newlines only, so that other line ends show as what they are."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _diff_lines(place: Place, left: Sequence[str], right: Sequence[str]) -> Iterator[str]:
    position = 0
    for number, block in enumerate(align(left, right)):
        yield from _show_equal(left, position, block.left_start, is_first=number == 0)
        yield from _show_block(place, left, right, block)
        position = block.left_end
    yield from _show_equal(left, position, len(left), is_last=True)


def _show_equal(
    lines: Sequence[str], start: int, end: int, *, is_first: bool = False, is_last: bool = False
) -> Iterator[str]:
    """The equal lines next to those that differ, and how many more there are."""
    after = start if is_first else min(end, start + _CONTEXT)
    before = end if is_last else max(after, end - _CONTEXT)
    skipped = before - after
    if skipped == 1:
        after, skipped = before, 0
    yield from (f"  {_show_line(line)}" for line in lines[start:after])
    if skipped:
        yield f"  ... lines {after + 1} to {before} are equal"
    yield from (f"  {_show_line(line)}" for line in lines[before:end])


def _show_line(line: str) -> str:
    body = line.removesuffix("\n")
    return shorten(draw_line(body)) if body else ""


def _show_block(place: Place, left: Sequence[str], right: Sequence[str], block: Block) -> Iterator[str]:
    """Lines that are like each other in pairs, the others by themselves."""
    j = block.right_start
    for i in range(block.left_start, block.left_end):
        partner = _find_partner(left, right, i, block._replace(right_start=j))
        if partner is None:
            yield f"- {_show_single(place, left[i])}"
            continue
        yield from (f"+ {_show_single(place, line)}" for line in right[j:partner])
        yield from _mark_lines(place, left[i], right[partner], marked=i - block.left_start < _MARKED)
        j = partner + 1
    yield from (f"+ {_show_single(place, line)}" for line in right[j : block.right_end])


def _find_partner(left: Sequence[str], right: Sequence[str], i: int, rest: Block) -> int | None:
    """The line in whose place the i-th one stands."""
    lefts, rights = rest.left_end - i, rest.right_end - rest.right_start
    if lefts == rights:
        return rest.right_start
    if not rights or lefts * rights > _PAIRED:
        return rest.right_start if rights and lefts * rights > _PAIRED else None
    return next((j for j in range(rest.right_start, rest.right_end) if _are_alike(left[i], right[j])), None)


def _are_alike(left: str, right: str) -> bool:
    """Whether they have half of their characters in common, at their starts and ends."""
    shorter = min(len(left), len(right))
    start = next((index for index in range(shorter) if left[index] != right[index]), shorter)
    end = next((index for index in range(shorter - start) if left[-1 - index] != right[-1 - index]), shorter - start)
    return (start + end) * 2 >= max(len(left), len(right))


def _mark_lines(place: Place, left: str, right: str, *, marked: bool) -> list[str]:
    if not marked:
        return [f"- {_show_single(place, left)}", f"+ {_show_single(place, right)}"]
    if left.endswith("\n") and right.endswith("\n"):
        left, right = left[:-1], right[:-1]
    return mark_pair(left, right, quoted=False, whole=place.verbosity > 1).lines


def _show_single(place: Place, line: str) -> str:
    shown = draw_line(line.removesuffix("\n") or line)
    return shown if place.verbosity > 1 else shorten(shown)
