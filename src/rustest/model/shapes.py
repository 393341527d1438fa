"""What is shown as a built-in container or a plain record is, taken apart without the help of its own methods."""

import collections
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from rustest.model.hints import Any, cast
from rustest.model.record import NamedTuple


class Name:
    """A field's name, which stands there as it is."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


Part = tuple[object, ...]
"""An element alone, or a key and its value."""


class Shape(NamedTuple):
    """A container taken apart."""

    opening: str
    closing: str
    size: int
    parts: Callable[[], Iterator[Part]]
    backwards: Callable[[], Iterator[Part]] | None
    """None where what comes last is not to be had without a walk through all of it."""
    joint: str = ": "


def shape_of(value: object) -> Shape | None:
    """How to take it apart, for what is shown as a built-in container or a plain record is; by its type's own means."""
    show = type(value).__repr__
    take = _SHAPES.get(show)
    if take is not None:
        return take(value)
    generated = getattr(show, "__wrapped__", show)
    file = getattr(getattr(generated, "__code__", None), "co_filename", "")
    if file == collections.__file__ and isinstance(value, tuple):
        names = cast("tuple[str, ...]", getattr(cast("object", value), "_fields", ()))
        return _shape_of_fields(cast("object", value), names, type(cast("object", value)).__name__)
    kind: type = type(value)
    if file == "<string>" and (shown := _read_shown_fields(kind)) is not None:
        return _shape_of_fields(value, shown, kind.__qualname__)
    return None


@lru_cache(64)
def _read_shown_fields(kind: type) -> tuple[str, ...] | None:
    """The fields of a dataclass that its `repr` shows."""
    if not hasattr(kind, "__dataclass_fields__"):
        return None
    from dataclasses import fields

    return tuple(field.name for field in fields(cast("Any", kind)) if field.repr)


def _shape_of_fields(value: object, names: tuple[str, ...], kind: str) -> Shape:
    def read(names: Iterable[str]) -> Iterator[Part]:
        return ((Name(name), getattr(value, name)) for name in names)

    return Shape(f"{kind}(", ")", len(names), lambda: read(names), lambda: read(reversed(names)), "=")


def _shape_of_list(value: list[object]) -> Shape:
    return Shape("[", "]", _sized(list, value), lambda: zip(_walk(list, value)), lambda: zip(_walk_back(list, value)))


def _shape_of_tuple(value: tuple[object, ...]) -> Shape:
    plain = value[:] if type(value) is tuple else tuple(_walk(tuple, value))
    return Shape("(", ",)" if len(plain) == 1 else ")", len(plain), lambda: zip(plain), lambda: zip(reversed(plain)))


def _shape_of_dict(value: dict[object, object]) -> Shape:
    def read(keys: Iterator[object]) -> Iterator[Part]:
        return ((key, _DICT.__getitem__(value, key)) for key in keys)

    size = _sized(dict, value)
    return Shape("{", "}", size, lambda: read(_walk(dict, value)), lambda: read(_walk_back(dict, value)))


def _shape_of_set(value: set[object]) -> Shape | None:
    """Plain sets only: others show their type's name, and so do empty ones."""
    if not value or type(value) is not set:
        return None
    return Shape("{", "}", len(value), lambda: zip(value), None)


def _shape_of_frozenset(value: frozenset[object]) -> Shape | None:
    if not value or type(value) is not frozenset:
        return None
    return Shape("frozenset({", "})", len(value), lambda: zip(value), None)


def _shape_of_deque(value: deque[object]) -> Shape | None:
    if type(value) is not deque or value.maxlen is not None:
        return None
    return Shape("deque([", "])", len(value), lambda: zip(value), lambda: zip(reversed(value)))


_DICT: Any = dict


def _sized(kind: Any, value: object) -> int:
    """By the built-in type's own method: a subclass may have another, which may raise; `repr` does not ask it."""
    return cast("int", kind.__len__(value))


def _walk(kind: Any, value: object) -> Iterator[object]:
    return cast("Iterator[object]", kind.__iter__(value))


def _walk_back(kind: Any, value: object) -> Iterator[object]:
    return cast("Iterator[object]", kind.__reversed__(value))


_TAKEN_APART: tuple[tuple[Any, Callable[[Any], Shape | None]], ...] = (
    (list, _shape_of_list),
    (tuple, _shape_of_tuple),
    (dict, _shape_of_dict),
    (set, _shape_of_set),
    (frozenset, _shape_of_frozenset),
    (deque, _shape_of_deque),
)
_SHAPES: dict[object, Callable[[Any], Shape | None]] = {
    builtin.__dict__["__repr__"]: take_apart for builtin, take_apart in _TAKEN_APART
}
