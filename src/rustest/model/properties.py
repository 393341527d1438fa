"""Properties: what tests say of themselves by name and value, for whoever reads the reports."""

from collections.abc import Iterable

from rustest.model.hints import cast
from rustest.model.record import NamedTuple


class Property(NamedTuple):
    """One name and one value, as text."""

    name: str
    value: str


class Recorded(NamedTuple):
    """What one test has recorded, in the order in which it did."""

    properties: tuple[Property, ...] = ()
    xml_attributes: tuple[Property, ...] = ()
    """For its element in a JUnit file alone."""


NOTHING = Recorded()


def as_properties(entries: Iterable[object]) -> tuple[Property, ...]:
    """The entries as text; users append to such lists themselves, so that anything may stand there."""
    return tuple(map(_as_property, entries))


def _as_property(entry: object) -> Property:
    try:
        name, value = cast("tuple[object, object]", entry)
        return Property(str(name), str(value))
    except Exception as broken:
        return Property("broken", f"<neither a name nor a value: {type(broken).__name__} was raised>")
