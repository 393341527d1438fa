"""Source around a failing line, as its file has it when it is told, with the line and the part that failed marked."""

import linecache
from collections.abc import Iterator

from rustest.model.columns import columns
from rustest.model.failure import Frame
from rustest.report.lines import Line, Role

BEFORE = 5
"""How many lines of the same function are shown before the failing one."""
_LENGTH = 8
"""How many lines of an expression that spans several are shown."""
_TAB = 4
_MARKED, _UNMARKED = "> ", "  "


def line_of(frame: Frame) -> Iterator[Line]:
    """The failing line alone, without its indentation; nothing where there is no source."""
    linecache.checkcache(frame.file)
    if text := _text(frame, frame.line).strip():
        yield Line(text, Role.SOURCE)


def lines_around(frame: Frame) -> Iterator[Line]:
    """The failing line behind a `>`, what stands before it in its function, and a mark below the part that failed.

    Nothing where there is no source, or where the file has changed so that it has no such line any more.
    """
    linecache.checkcache(frame.file)
    if not _text(frame, frame.line).strip():
        return
    shown = {number: _text(frame, number) for number in range(_begin(frame), _end(frame) + 1)}
    margin = min(len(text) - len(text.lstrip()) for text in shown.values() if text)
    for number, text in shown.items():
        yield Line(f"{_MARKED if number >= frame.line else _UNMARKED}{text[margin:]}".rstrip(), Role.SOURCE)
    if mark := _mark(frame):
        yield Line(_UNMARKED + mark[margin:], Role.MARK)


def _begin(frame: Frame) -> int:
    """The first line to show: none of another function, and no blank one."""
    begin = max(min(frame.start, frame.line), frame.line - BEFORE) if frame.start else frame.line
    while not _text(frame, begin):
        begin += 1
    return begin


def _end(frame: Frame) -> int:
    """The last line to show: of a `with` or its like, which counts for as long as all that stands in it, the first."""
    if _text(frame, frame.line).endswith(":"):
        return frame.line
    return min(max(frame.line, frame.end_line), frame.line + _LENGTH - 1)


def _text(frame: Frame, number: int) -> str:
    """The line of that number without its end, tabs as blanks."""
    return _raw(frame, number).expandtabs(_TAB).rstrip()


def _raw(frame: Frame, number: int) -> str:
    try:
        text = linecache.getline(frame.file, number)
    except ValueError:  # code made up from text may bear a name that no file can have
        text = ""
    return text if text or number != frame.line else frame.source


def _mark(frame: Frame) -> str:
    """What stands below the failing line; empty where it failed as a whole, or goes on in the next line.

    Python's versions do not agree on which part of an `assert` fails: here, all of it does.
    """
    raw = _raw(frame, frame.line).encode(errors="surrogatepass")
    before, part = raw[: frame.column], raw[frame.column : frame.end_column]
    after = raw[frame.end_column :].strip()
    is_whole = before.strip() in (b"", b"assert") and (not after or after.startswith((b"#", b",")))
    if frame.end_line != frame.line or is_whole or not 0 <= frame.column < frame.end_column <= len(raw):
        return ""
    ahead = before.decode(errors="replace").expandtabs(_TAB)
    return " " * columns(ahead) + "^" * columns(part.decode(errors="replace"))
