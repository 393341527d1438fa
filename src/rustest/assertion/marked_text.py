"""Two lines of text, one above the other, with marks beneath the characters that differ."""

from collections.abc import Sequence

from rustest.assertion.alignment import Block, align, trim
from rustest.model.columns import columns
from rustest.model.record import NamedTuple
from rustest.model.saferepr import escape

_CONTEXT = 20
"""How many equal characters are left before and after those that differ, where a line is cut."""
_CUT_FROM = 60
"""From how many equal characters on they are cut."""
_WIDTH = 160
"""How much of a line is shown from there on."""


class Pair(NamedTuple):
    """The lines on two differing texts."""

    lines: list[str]
    first: int | None
    """Which character is the first that differs, if the equal ones before it were cut."""
    is_whole: bool
    """Whether the texts have nothing in common."""


_SHARE_SHAPES = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "GREEK", "LATIN"})
"""Scripts of which some letters look like those of the others."""


class _Style(NamedTuple):
    opening: str
    """What stands before the text, its quote last; without it the text is shown as it is."""
    in_ascii: bool
    """Whether all of it is written in ASCII."""
    changed_in_ascii: bool
    """Whether what differs is."""


def mark_pair(left: str, right: str, *, quoted: bool, whole: bool = False) -> Pair:
    """The two as they are; as literals if that is wanted, or if their difference could not be seen otherwise."""
    blocks = _find_blocks(left, right)
    looks_alike = look_alike(left, right, blocks)
    is_literal = quoted or looks_alike or hides(left) or hides(right)
    return _mark(left, right, blocks, _Style("'" if is_literal else "", False, looks_alike), whole)


def mark_bytes(left: bytes, right: bytes, *, whole: bool = False) -> Pair:
    """The two as literals."""
    one, other = left.decode("latin-1"), right.decode("latin-1")
    return _mark(one, other, _find_blocks(one, other), _Style("b'", True, True), whole)


def draw_line(text: str) -> str:
    """A line as it is; as a literal if that could not be seen."""
    return _draw(text, _Style("'", False, False), False).join("''") if hides(text) else text


def _mark(left: str, right: str, blocks: list[Block], style: _Style, whole: bool) -> Pair:
    one = _Row(left, [(block.left_start, block.left_end) for block in blocks])
    other = _Row(right, [(block.right_start, block.right_end) for block in blocks])
    start = 0 if whole else _cut_start(one)
    rows = [_draw_row(row, start, len(row.text) if whole else _cut_end(row, start), style) for row in (one, other)]
    return Pair(_stack(*rows), one.changed[0][0] if start else None, blocks == [Block(0, len(left), 0, len(right))])


class _Row(NamedTuple):
    text: str
    changed: list[tuple[int, int]]


def _find_blocks(left: str, right: str) -> list[Block]:
    """The differing characters; all from the first to the last where the texts have too little in common."""
    blocks = align(left, right)
    whole = trim(left, right, Block(0, len(left), 0, len(right)))
    if whole is None:
        return []
    changed = sum(block.left_end - block.left_start + block.right_end - block.right_start for block in blocks)
    size = whole.left_end - whole.left_start + whole.right_end - whole.right_start
    return blocks if changed * 2 <= size else [whole]


def hides(text: str) -> bool:
    """Whether something of it cannot be seen when it is printed."""
    return not text or not text.isprintable() or text[-1] == " "


def look_alike(left: str, right: str, blocks: Sequence[Block]) -> bool:
    """Whether the differing characters could be taken for each other: of related scripts, or joined from several."""
    if left.isascii() and right.isascii():
        return False
    import unicodedata

    one = "".join(left[block.left_start : block.left_end] for block in blocks)
    other = "".join(right[block.right_start : block.right_end] for block in blocks)
    if any(unicodedata.combining(char) for char in one + other):
        return True
    if unicodedata.normalize("NFKC", left) == unicodedata.normalize("NFKC", right):
        return True
    scripts = [{unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()} for text in (one, other)]
    return all(scripts) and not scripts[0] & scripts[1] and scripts[0] | scripts[1] <= _SHARE_SHAPES


def _cut_start(row: _Row) -> int:
    first = row.changed[0][0] if row.changed else 0
    return first - _CONTEXT if first > _CUT_FROM else 0


def _cut_end(row: _Row, start: int) -> int:
    last = row.changed[-1][1] if row.changed else 0
    end = last + _CONTEXT if len(row.text) - last > _CUT_FROM else len(row.text)
    return min(end, start + _WIDTH) if len(row.text) - start > _WIDTH + _CONTEXT else end


def _draw_row(row: _Row, start: int, end: int, style: _Style) -> tuple[str, str]:
    """The text from start to end, and the marks that belong beneath it."""
    shown = [style.opening + ("..." if start else "")]
    marks, position = [" " * len(shown[0])], start
    for first, last in [*row.changed, (end, end)]:
        for piece, is_changed in (
            (row.text[position : min(first, end)], False),
            (row.text[first : min(last, end)], True),
        ):
            shown.append(_draw(piece, style, is_changed))
            marks.append(("^" if is_changed else " ") * columns(shown[-1]))
        position = last
    shown.append(("..." if end < len(row.text) else "") + style.opening[-1:])
    return "".join(shown), "".join(marks).rstrip()


def _draw(text: str, style: _Style, is_changed: bool) -> str:
    """The characters as they are shown."""
    in_ascii = style.in_ascii or (style.changed_in_ascii and is_changed)
    quote = style.opening[-1:]
    if text.isprintable() and (text.isascii() or not in_ascii) and not (quote and (quote in text or "\\" in text)):
        return text
    return "".join(_draw_char(char, quote, in_ascii) for char in text)


def _draw_char(char: str, quote: str, in_ascii: bool) -> str:
    if quote and char == quote:
        return f"\\{quote}"
    if not char.isprintable() or (in_ascii and not char.isascii()) or (quote and char == "\\"):
        return escape(char)
    return char


def _stack(left: tuple[str, str], right: tuple[str, str]) -> list[str]:
    """Left above right; the marks beneath both where they are the same for both."""
    upper = [f"  {left[1]}"] if left[1] and left[1] != right[1] else []
    lower = [f"  {right[1]}"] if right[1] else []
    return [f"- {left[0]}", *upper, f"+ {right[0]}", *lower]
