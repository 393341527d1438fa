"""Marks and parameter sets: what decorators leave on a test for the collector to find."""

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType

from rustest.model.hints import TypeVar, cast
from rustest.model.record import NamedTuple

MARKS_ATTRIBUTE = "pytestmark"
"""Where marks stand on a function, class or module: pytest's own name, so that `pytestmark = mark.x` works too."""

FIXTURE_ATTRIBUTE = "__rustest_fixture__"
"""Where `@fixture` leaves its declaration on the function."""

NO_KEYWORDS: Mapping[str, object] = MappingProxyType({})

Target = TypeVar("Target", bound=Callable[..., object])
"""What a decorator is put on, a function or a class: it comes back unchanged."""


class Mark(NamedTuple):
    """One mark as it was written: `mark.name(*args, **kwargs)`."""

    name: str
    args: tuple[object, ...] = ()
    kwargs: Mapping[str, object] = NO_KEYWORDS

    def combined_with(self, other: "Mark") -> "Mark":
        """The mark with the other's arguments after its own."""
        return Mark(self.name, self.args + other.args, {**self.kwargs, **other.kwargs})


class MarkDecorator:
    """A mark ready to be put on a function or class, or into `pytestmark` or `param(marks=...)`."""

    __slots__ = ("mark",)

    def __init__(self, mark: Mark) -> None:
        self.mark = mark

    def __call__(self, target: Target, /) -> Target:
        """Put the mark on a function or class, after those that it has: the decorator nearest to it comes first."""
        owner: object = getattr(target, "__func__", target)  # what a staticmethod or classmethod wraps
        if not callable(owner):
            raise TypeError(f"{self!r} decorates functions and classes, not {target!r}")
        if FIXTURE_ATTRIBUTE in getattr(owner, "__dict__", ()):
            raise TypeError(f"{self!r} has no effect on a fixture; mark the tests instead")
        # A new list: functools.wraps shares the old one with the wrapped function, and a class may have inherited it.
        setattr(owner, MARKS_ATTRIBUTE, [*marks_of(owner), self.mark])
        return target

    def __repr__(self) -> str:
        """The decorator as it is written."""
        keywords = (f"{name}={value!r}" for name, value in self.mark.kwargs.items())
        arguments = ", ".join((*map(repr, self.mark.args), *keywords))
        return f"mark.{self.mark.name}({arguments})" if arguments else f"mark.{self.mark.name}"


def marks_of(holder: object) -> tuple[Mark, ...]:
    """The marks that stand on that function, class or module itself, nearest first, without those a class inherits.

    Raises TypeError where `pytestmark` is neither a mark nor a list of marks.
    """
    own = cast("Mapping[str, object]", getattr(holder, "__dict__", NO_KEYWORDS))
    if MARKS_ATTRIBUTE not in own:
        return ()
    written = own[MARKS_ATTRIBUTE]
    if type(written) is list and {*map(type, cast("list[object]", written))} == {Mark}:  # as decorators leave them
        return tuple(cast("list[Mark]", written))
    where = f"{MARKS_ATTRIBUTE} of {getattr(holder, '__qualname__', None) or getattr(holder, '__name__', holder)}"
    return unpack_marks(own[MARKS_ATTRIBUTE], where)


def unpack_marks(written: object, where: str) -> tuple[Mark, ...]:
    """The marks that a user wrote as one mark or as a list of them; raises TypeError naming `where` for all else."""
    if isinstance(written, MarkDecorator):
        return (written.mark,)
    if isinstance(written, Mark):
        return (written,)
    if isinstance(written, list | tuple):
        return tuple(mark for part in cast("list[object]", written) for mark in unpack_marks(part, where))
    raise TypeError(f"{where} must be a mark or a list of marks, such as mark.slow, not {written!r}")


class HiddenParam(enum.Enum):
    """The type of `HIDDEN_PARAM`."""

    TOKEN = 0


HIDDEN_PARAM = HiddenParam.TOKEN
"""In place of a case's id: the case has no part in its tests' names."""


class ParameterSet(NamedTuple):
    """The values of one case of `parametrize`, with its own id and marks: what `param(...)` makes."""

    values: tuple[object, ...]
    id: str | HiddenParam | None = None
    marks: tuple[Mark, ...] = ()


CaseIds = tuple[object, ...] | Callable[[object], object] | None
"""The `ids` of a parametrization: one for each case, or a function of a value, or none."""
