"""What a test sees of an exception that was expected and came: `with raises(...) as info`."""

import sys
from collections.abc import Iterator
from types import FrameType, TracebackType

from rustest.authoring.patterns import compile_pattern, message_of, mismatch
from rustest.model.hints import TYPE_CHECKING, Any, Generic, Self, TypeVar, cast
from rustest.model.record import NamedTuple

if TYPE_CHECKING:
    import re
    from pathlib import Path

Raised = TypeVar("Raised", bound=BaseException)
Kinds = type[BaseException] | tuple[type[BaseException], ...]


class Entry(NamedTuple):
    """One frame of a traceback, as pytest names its parts."""

    frame: FrameType
    lineno: int
    """Counted from 0."""

    @property
    def path(self) -> "Path":
        """The file of its code."""
        from pathlib import Path

        return Path(self.frame.f_code.co_filename)

    @property
    def name(self) -> str:
        """The name of its function."""
        return self.frame.f_code.co_name

    def __str__(self) -> str:
        from linecache import getline

        line = getline(self.frame.f_code.co_filename, self.lineno + 1).strip() or "???"
        return f"  File '{self.path}':{self.lineno + 1} in {self.name}\n  {line}\n"


class ExceptionInfo(Generic[Raised]):
    """An exception, or the place where one is to be once the block has ended."""

    def __init__(self, value: "Raised | None" = None) -> None:
        # The exception alone: the frames that hang on it may hold this object, and its traceback is reached through it.
        self._value = value

    @classmethod
    def from_exception(cls, exception: "Raised", exprinfo: str | None = None) -> Self:
        """The information on an exception that is at hand, and has been raised."""
        return cls(exception)

    @classmethod
    def from_exc_info(
        cls, exc_info: "tuple[type[Raised], Raised, TracebackType | None]", exprinfo: str | None = None
    ) -> Self:
        """The information on what `sys.exc_info()` has given."""
        return cls(exc_info[1])

    @classmethod
    def from_current(cls, exprinfo: str | None = None) -> Self:
        """The information on the exception that is being handled; raises RuntimeError where none is."""
        value = sys.exception()
        if value is None:
            raise RuntimeError("no exception is being handled: call this in an except block")
        return cls(cast("Any", value))

    @classmethod
    def for_later(cls) -> Self:
        """One that is to be filled."""
        return cls()

    def fill_unfilled(self, exc_info: "tuple[type[Raised], Raised, TracebackType | None]") -> None:
        """Fill in what `sys.exc_info()` gives."""
        self.fill(exc_info[1])

    def fill(self, value: "Raised") -> None:
        """Here is the exception."""
        self._value = value

    @property
    def value(self) -> "Raised":
        """The exception itself; raises AssertionError while there is none."""
        if self._value is None:
            raise AssertionError("there is no exception yet: read this after the block that raises it")
        return self._value

    @property
    def type(self) -> "type[Raised]":
        """The exception's own type."""
        return type(self.value)

    @property
    def tb(self) -> TracebackType | None:
        """The exception's traceback, from the frame of the test to the one that raised."""
        return self.value.__traceback__

    @property
    def typename(self) -> str:
        """The name of the exception's type."""
        return self.type.__name__

    @property
    def traceback(self) -> list[Entry]:
        """The frames of the traceback, outermost first."""
        entries, at = list[Entry](), self.tb
        while at is not None:
            entries.append(Entry(at.tb_frame, at.tb_lineno - 1))
            at = at.tb_next
        return entries

    def match(self, regexp: "str | re.Pattern[str]") -> "re.Match[str]":
        """Where the message or a note matches the regular expression; raises AssertionError if nowhere."""
        pattern = compile_pattern(regexp, "match of raises()")
        if found := pattern.search(message_of(self.value)):
            return found
        raise AssertionError(mismatch(pattern, self.value))

    def exconly(self, tryshort: bool = False) -> str:
        """Type and message as the last lines of a traceback have them; `tryshort` leaves an assert's name out."""
        from traceback import format_exception_only

        from rustest.model.errors import OutcomeException  # which stands in no module that users know

        text = "".join(format_exception_only(self.value)).rstrip().removeprefix(f"{OutcomeException.__module__}.")
        return text.removeprefix("AssertionError: ") if tryshort and str(self.value).startswith("assert ") else text

    def errisinstance(self, exc: Kinds) -> bool:
        """Whether the exception is of one of these types."""
        return isinstance(self.value, exc)

    def getrepr(self, **style: object) -> str:
        """The whole traceback as text; how pytest would style it makes no difference here."""
        from traceback import format_exception

        return "".join(format_exception(self.value)).rstrip()

    def group_contains(
        self, expected_exception: Kinds, *, match: "str | re.Pattern[str] | None" = None, depth: int | None = None
    ) -> bool:
        """Whether a member of the exception group, at that depth if one is given, is of that type and matches."""
        group = self.value
        if not isinstance(group, BaseExceptionGroup):
            raise AssertionError(f"group_contains() needs an exception group, not {self.typename}")
        pattern = None if match is None else compile_pattern(match, "match of group_contains()")
        return any(
            depth in (None, level)
            and isinstance(one, expected_exception)
            and (pattern is None or pattern.search(message_of(one)) is not None)
            for one, level in _members(cast("BaseExceptionGroup[BaseException]", group), 1)
        )

    def __repr__(self) -> str:
        if self._value is None:
            return "<ExceptionInfo of nothing yet>"
        return f"<ExceptionInfo {self._value!r} tblen={len(self.traceback)}>"


def _members(group: BaseExceptionGroup[BaseException], depth: int) -> Iterator[tuple[BaseException, int]]:
    for one in group.exceptions:
        yield one, depth
        if isinstance(one, BaseExceptionGroup):
            yield from _members(cast("BaseExceptionGroup[BaseException]", one), depth + 1)
