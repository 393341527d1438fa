"""Two records of one type, field by field: dataclasses, attrs classes, named tuples, plain namespaces."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

from rustest.assertion.place import Place
from rustest.model.record import NamedTuple


class Field(NamedTuple):
    """A field that counts when records are compared."""

    name: str
    key: Callable[[object], object] | None = None
    """What is compared in place of its value."""


def compared_fields(left: object, right: object) -> list[Field] | None:
    """The fields by which two values are compared; None if they are no records of one type, or compare as they like."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind.__eq__ is _TUPLES and (names := getattr(kind, "_fields", None)) is not None:
        return [Field(name) for name in names]
    if kind.__eq__ is SimpleNamespace.__eq__:
        return [Field(name) for name in sorted(vars(left).keys() | vars(right).keys())]
    owner = _find_owner(kind)
    return None if owner is None else _read_fields(owner)


def _find_owner(kind: type) -> type | None:
    """The class whose `__eq__` it is, if that was generated for its fields."""
    code = getattr(kind.__eq__, "__code__", None)
    if code is None or not code.co_filename.startswith("<"):
        return None
    return next((owner for owner in kind.__mro__ if "__eq__" in owner.__dict__), None)


def _read_fields(owner: type) -> list[Field] | None:
    if "__attrs_attrs__" in owner.__dict__:
        return [Field(field.name, field.eq_key) for field in cast("Any", owner).__attrs_attrs__ if field.eq]
    if "__dataclass_fields__" in owner.__dict__:
        from dataclasses import fields

        return [Field(field.name) for field in fields(cast("Any", owner)) if field.compare]
    return None


_ABSENT = object()
_TUPLES = tuple[object].__eq__


def diff_records(place: Place, left: object, right: object, compared: list[Field]) -> Iterator[str]:
    """What differs of the fields that count."""
    for name, key in compared:
        one, other, step = getattr(left, name, _ABSENT), getattr(right, name, _ABSENT), f".{name}"
        if other is _ABSENT and one is not _ABSENT:
            yield place.only_left(step, one)
        elif one is _ABSENT and other is not _ABSENT:
            yield place.only_right(step, other)
        elif place.differ(one, other) if key is None else place.differ(key(one), key(other)):
            yield from place.describe_inside(step, one, other)
