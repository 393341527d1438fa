"""`saferepr`: any value on one line, whatever its `__repr__` does and however large it is."""

import itertools
import sys
from collections.abc import Callable, Iterable

from rustest.model.errors import TestTimedOut
from rustest.model.hints import Any, cast
from rustest.model.shapes import Name, Part, Shape, shape_of

LIMIT = 240
"""How long the text may be, in characters, where nobody says otherwise."""
WHOLE = 1 << 62
"""The room for all of it."""
MUST_PASS = (KeyboardInterrupt, TestTimedOut)
"""What is raised to end the test, or the run, and not by the value's own doing."""

_LEAST = 3
"""How many characters an element takes at least, with its comma."""
_SCALAR = 60
"""How many bytes of memory a short scalar takes."""
_WORTH_CUTTING = 40
"""For how many characters a part of an element is better than nothing."""
_DECIMAL = 2_000
"""Up to how many hexadecimal digits an integer is written in decimal ones."""
_DEPTH = 100


def saferepr(value: object, room: int = LIMIT) -> str:
    """The value as `repr` shows it, on one line; cut in the middle where it takes more characters than there is room.

    A `__repr__` that raises is named in place of what it should have given, unless that ends the test or the run.
    """
    try:
        text = _show_whole(value, room, ())
        return shorten(_show_cut(value, room, ()), room) if text is None else text
    except MUST_PASS:
        raise
    except BaseException as broken:  # an attribute of the type that raises, elements that vanish meanwhile
        return name_broken(value, broken)


def shorten(text: str, room: int = LIMIT) -> str:
    """The text, its middle left out where it is too long."""
    if len(text) <= room:
        return text
    tail = max(0, (room - 3) // 2)
    return f"{text[: max(0, room - 3 - tail)]}...{text[len(text) - tail :]}"


def _show_whole(value: object, room: int, outer: tuple[int, ...]) -> str | None:
    """All of it, or None as soon as it needs more room."""
    if type(value) in _SCALARS:
        return _show_scalar(value, room)
    if type(value) in _FLAT and _is_flat(cast("_Flat", value), room):
        return _show_plain(value, room)
    shape = shape_of(value)
    if shape is None:
        return _show_plain(value, room)
    if id(value) in outer or len(outer) > _DEPTH:
        return f"{shape.opening}...{shape.closing}"
    if shape.size * _LEAST > room + 2:
        return None
    texts, used = list[str](), len(shape.opening) + len(shape.closing) - 2
    for part in shape.parts():
        text = _show_part(part, shape, room - used, (*outer, id(value)))
        used += 2 if text is None else 2 + len(text)
        if text is None or used > room:
            return None
        texts.append(text)
    return shape.opening + ", ".join(texts) + shape.closing


def _is_flat(value: "_Flat", room: int) -> bool:
    """Whether it holds nothing but scalars, and little enough of them: `repr` may then have it at once."""
    if len(value) * _LEAST > room + 2:
        return False
    parts = [*value, *value.values()] if isinstance(value, dict) else value
    return _SCALARS.issuperset(map(type, parts)) and sum(map(sys.getsizeof, parts)) <= _SCALAR * len(parts) + 4 * room


def _show_part(part: Part, shape: Shape, room: int, outer: tuple[int, ...]) -> str | None:
    if len(part) == 1:
        return _show_whole(part[0], room, outer)
    texts = list[str]()
    for value in part:
        text = _show_whole(value, room, outer)
        if text is None:
            return None
        texts.append(text)
    return shape.joint.join(texts)


def _show_cut(value: object, room: int, outer: tuple[int, ...]) -> str:
    """What has room of its beginning and of its end."""
    shape = None if type(value) in _SCALARS else shape_of(value)
    if shape is None:
        return _show_plain_cut(value, room)
    room -= len(shape.opening) + len(shape.closing) + len(", ..., ")
    inner = (*outer, id(value))
    if len(inner) > _DEPTH or room < len("..."):
        return f"{shape.opening}...{shape.closing}"
    only_head = shape.size == 1 or shape.backwards is None
    head = _take(shape.parts(), shape, room if only_head else room // 2, inner, spare=room // 2)
    tail = list[str]()
    if shape.backwards is not None and not only_head:
        left = itertools.islice(shape.backwards(), shape.size - len(head))
        tail = _take(left, shape, room - sum(len(text) + 2 for text in head), inner)
    gap = ["..."] if len(head) + len(tail) < shape.size else []
    return shape.opening + ", ".join([*head, *gap, *reversed(tail)]) + shape.closing


def _take(parts: Iterable[Part], shape: Shape, room: int, outer: tuple[int, ...], *, spare: int = 0) -> list[str]:
    """As many as there is room for, but one at least, itself cut if need be; the container's last has spare room."""
    texts = list[str]()
    for part in parts:
        room += spare if len(texts) == shape.size - 1 else 0
        text = _show_part(part, shape, room, outer)
        if text is None or len(text) > room:
            return texts if texts and room < _WORTH_CUTTING else [*texts, _cut_part(part, shape, room, outer)]
        texts.append(text)
        room -= len(text) + 2
    return texts


def _cut_part(part: Part, shape: Shape, room: int, outer: tuple[int, ...]) -> str:
    keys = [_show_cut(key, room // 2, outer) for key in part[:-1]]
    room -= sum(len(key) + len(shape.joint) for key in keys)
    return shape.joint.join([*keys, _show_cut(part[-1], room, outer)])


def _show_scalar(value: object, room: int) -> str | None:
    if (length := _LENGTHS.get(type(value))) is not None and length(value) > min(room, _DECIMAL):
        return None if room < WHOLE else _repr(value, room)
    text = repr(value)
    return text if len(text) <= room else None


def _show_plain(value: object, room: int) -> str | None:
    text = _repr(value, room)
    return text if len(text) <= room else None


def _show_plain_cut(value: object, room: int) -> str:
    if isinstance(value, str | bytes | bytearray) and len(value) > 2 * room:
        value = value[:room] + cast("Any", value[-room:])  # the two ends, of which the middle will be cut
    return shorten(_repr(value, room), room)


def _repr(value: object, room: int) -> str:
    try:
        if type(value) is int and value.bit_length() // 4 > _DECIMAL:
            return hex(value)  # decimal digits would take a time that grows with the square of their number
        text = str.__str__(repr(value))
    except MUST_PASS:
        raise
    except BaseException as broken:  # a user's __repr__ may raise anything
        return name_broken(value, broken)
    return text if text.isprintable() else _join_lines(text if len(text) <= 4 * room else shorten(text, 4 * room))


def _join_lines(text: str) -> str:
    """One line of several, what cannot be printed as an escape."""
    joined = " ".join(line.strip() for line in text.splitlines())
    return "".join(char if char.isprintable() else escape(char) for char in joined)


def escape(char: str) -> str:
    """The character as a string literal in ASCII would write it."""
    return char.encode("unicode_escape").decode("ascii")


def name_broken(value: object, broken: BaseException) -> str:
    """What stands for a value whose `__repr__` has raised."""
    return f"<{type(broken).__name__} raised in repr() of {type(value).__name__} object at {id(value):#x}>"


_LENGTHS: dict[type, Callable[[Any], int]] = {str: len, bytes: len, int: lambda value: value.bit_length() // 4}
"""The least length of a text, where it is known beforehand."""
_SCALARS = frozenset({*_LENGTHS, float, bool, complex, type(None), Name})
_Flat = list[object] | tuple[object, ...] | dict[object, object]
_FLAT = frozenset({list, tuple, dict})
