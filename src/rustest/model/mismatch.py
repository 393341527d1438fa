"""What an expected value that equals more than itself says of a value that it does not equal."""

from collections.abc import Iterator
from typing import NamedTuple


class Mismatch(NamedTuple):
    """A part of the actual value that is not as expected."""

    path: str
    """The way to the part as source code, `['sizes'][2]`; empty for the value itself."""
    what: str
    """What is the matter with it."""


class Tolerant:
    """An expected value whose `==` says yes to a range of values, and which can say why it said no."""

    __slots__ = ()

    def mismatches(self, actual: object) -> Iterator[Mismatch]:
        """The parts of the value that are not as expected; none where it is equal."""
        raise NotImplementedError
