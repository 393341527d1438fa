"""A `repr` of one short line, whatever the value: huge, endless, or with a `__repr__` that raises."""

from collections.abc import Callable, Collection
from itertools import islice

from rustest.model.hints import TypeVar, cast

_T = TypeVar("_T")

_WIDTH = 120
"""How many characters of a value are shown; a longer one is cut in the middle."""
_ITEMS = 20
_DEPTH = 4
_BITS = 512
"""How large an integer may be that is written out: Python itself refuses those of some thousand digits."""


def short_repr(value: object) -> str:
    """The value in one line of at most `_WIDTH` characters; calls no code of the user's but `__repr__`."""
    try:
        return _cut(" ".join(_repr(value, _DEPTH).splitlines()))
    except BaseException as broken:  # a user's __repr__ may raise anything; the failure must still be reported
        return f"<no repr: {type(broken).__name__} was raised>"


def _cut(text: str) -> str:
    if len(text) <= _WIDTH:
        return text
    tail = _WIDTH // 3
    return f"{text[: _WIDTH - tail - 3]}...{text[-tail:]}"


def _repr(value: object, depth: int) -> str:
    """By exact type: a subclass of a container may iterate in a way of its own, and `isinstance` asks the value."""
    if type(value) is str or type(value) is bytes or type(value) is bytearray:
        return repr(value) if len(value) <= _WIDTH else _long_text(value)
    if type(value) is int and value.bit_length() > _BITS:
        return f"<an int of {value.bit_length()} bits>"
    if type(value) is dict:
        pairs = cast("dict[object, object]", value).items()
        return f"{{{_some(pairs, depth, lambda pair: _pair(pair, depth))}}}"
    if type(value) is list:
        return f"[{_items(cast('list[object]', value), depth)}]"
    if type(value) is tuple:
        items = cast("tuple[object, ...]", value)
        return f"({_items(items, depth)}{',' if len(items) == 1 else ''})"
    if type(value) is set or type(value) is frozenset:
        return _set(cast("set[object] | frozenset[object]", value), depth)
    return _cut(str.__str__(repr(value)))  # of a subclass of str, its text


def _set(value: set[object] | frozenset[object], depth: int) -> str:
    braces = f"{{{_items(value, depth)}}}" if value else ""
    return braces if braces and type(value) is set else f"{type(value).__name__}({braces})"


def _long_text(value: str | bytes | bytearray) -> str:
    """Both ends of it, in quotes as they are in a repr."""
    begin, end = repr(value[:_WIDTH]), repr(value[-_WIDTH:])
    quoted = begin.rstrip(")")  # of a bytearray
    return quoted[:-1] + end[end.index(quoted[-1]) + 1 :] if quoted[-1] in end else begin


def _pair(pair: tuple[object, object], depth: int) -> str:
    key, value = pair
    return f"{_repr(key, depth - 1)}: {_repr(value, depth - 1)}"


def _items(items: Collection[object], depth: int) -> str:
    return _some(items, depth, lambda item: _repr(item, depth - 1))


def _some(items: Collection[_T], depth: int, told: Callable[[_T], str]) -> str:
    if not items:
        return ""
    if not depth:
        return "..."
    shown = [told(item) for item in islice(items, _ITEMS)]
    return ", ".join([*shown, "..."] if len(items) > _ITEMS else shown)
