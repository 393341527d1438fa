"""Lines of a report, each with the role that it plays: text first, to be painted by who can."""

import enum
from collections.abc import Iterable, Iterator

from rustest.model.record import NamedTuple


class Role(enum.Enum):
    """What a line is for."""

    PLAIN = "plain"
    HEADING = "heading"
    ERROR = "error"
    """What went wrong: the exception's type and message."""
    DETAIL = "detail"
    """More of the message, beneath its first line."""
    PLACE = "place"
    """A file, a line and a function."""
    SOURCE = "source"
    MARK = "mark"
    """The failing expression, marked beneath its source."""
    VALUE = "value"
    """A name and its value."""
    ADDED = "added"
    """What is on the right side only of a comparison."""
    REMOVED = "removed"
    """What is on the left side only of a comparison."""


class Line(NamedTuple):
    """One line without an end."""

    text: str
    role: Role = Role.PLAIN


def shifted(lines: Iterable[Line], by: str = "  ") -> Iterator[Line]:
    """The lines moved to the right; empty ones stay empty."""
    return (Line(by + line.text if line.text else "", line.role) for line in lines)
