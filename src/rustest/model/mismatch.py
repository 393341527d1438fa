"""What an expected value that equals a range of values says of one that it does not equal."""

from collections.abc import Iterator

from rustest.model.record import NamedTuple


class Absent:
    """What stands for a part that one side has not."""


ABSENT = Absent()


class Mismatch(NamedTuple):
    """A part of the actual value that is not as expected."""

    path: tuple[object, ...]
    """The indexes and keys that lead to it; none for the value itself."""
    actual: object
    expected: object
    """Tolerant itself where it has a tolerance."""


class Tolerant:
    """An expected value whose `==` says yes to a range of values, and which can say why it said no."""

    __slots__ = ()

    def mismatches(self, actual: object) -> Iterator[Mismatch]:
        """The innermost parts of the value that are not as expected; none where it is equal."""
        raise NotImplementedError

    def explain(self, actual: object) -> str:
        """How a value without parts fails to be as expected, beyond what the two themselves show; empty for nothing."""
        raise NotImplementedError
