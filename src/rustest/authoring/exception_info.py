"""What `with raises(...) as info` gives: the exception that came, and what can be asked of it."""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast

if TYPE_CHECKING:
    import re

    from rustest.authoring.raises_exc import RaisesExc
    from rustest.authoring.traceback_entries import Traceback

Raised = TypeVar("Raised", bound=BaseException)
Group = BaseExceptionGroup[BaseException]
Kinds = type[BaseException] | tuple[type[BaseException], ...]
"""What `isinstance` takes. The class below has a `type` of its own."""


class ExceptionInfo(Generic[Raised]):
    """An exception, or the place where there will be one once the block has ended."""

    # The exception alone: the frames that hang on it may hold this object, and its traceback is reached through it.
    def __init__(self, value: Raised | None = None, expected: str = "an exception") -> None:
        self._value = value
        self._expected = expected

    # --- making ---------------------------------------------------------------------------------------------

    @classmethod
    def from_exception(cls, exception: Raised, exprinfo: str | None = None) -> Self:
        """That of an exception that was raised; `exprinfo` is taken for pytest's sake."""
        return cls(exception)

    @classmethod
    def from_exc_info(
        cls, exc_info: "tuple[type[Raised], Raised, TracebackType | None]", exprinfo: str | None = None
    ) -> Self:
        """That of what `sys.exc_info()` gives."""
        return cls(exc_info[1])

    @classmethod
    def from_current(cls, exprinfo: str | None = None) -> Self:
        """That of the exception that is being handled; raises AssertionError where none is."""
        current = sys.exception()
        if current is None:
            raise AssertionError("no exception is being handled here")
        return cls(cast("Raised", current))

    @classmethod
    def for_later(cls) -> Self:
        """One that is still to be filled."""
        return cls()

    def fill_unfilled(self, exc_info: "tuple[type[Raised], Raised, TracebackType | None]") -> None:
        """Put the exception in; raises AssertionError where there is one already."""
        if self._value is not None:
            raise AssertionError(f"there is an exception already: {self!r}")
        self._value = exc_info[1]

    # --- the exception --------------------------------------------------------------------------------------

    @property
    def value(self) -> Raised:
        """The exception itself; raises RuntimeError while there is none."""
        if self._value is None:
            raise RuntimeError(f"there is no exception yet: read this after the block that raises {self._expected}")
        return self._value

    @property
    def type(self) -> "type[Raised]":
        """The exception's own type."""
        return type(self.value)

    @property
    def typename(self) -> str:
        """The name of its type."""
        return self.type.__name__

    @property
    def tb(self) -> TracebackType | None:
        """The exception's traceback, from the frame of the test to the one that raised."""
        return self.value.__traceback__

    @property
    def traceback(self) -> "Traceback":
        """The same as a list of entries, the frame of the test first."""
        from rustest.authoring.traceback_entries import Traceback

        return Traceback(self.tb)

    # --- asking ---------------------------------------------------------------------------------------------

    def match(self, regexp: "str | re.Pattern[str]") -> "re.Match[str]":
        """Where the message or a note matches the regular expression; raises AssertionError if nowhere."""
        from rustest.authoring.message_search import compile_pattern, explain_mismatch, message_of

        pattern, message = compile_pattern(regexp, "match()"), message_of(self.value)
        if found := pattern.search(message):
            return found
        raise AssertionError(explain_mismatch(pattern, self.value, message))

    def errisinstance(self, exc: Kinds) -> bool:
        """Whether the exception is one of that type, or of those types."""
        return isinstance(self.value, exc)

    def exconly(self, tryshort: bool = False) -> str:
        """Its type and message, as a traceback ends; with `tryshort` an assertion's message alone."""
        from traceback import format_exception_only

        text = "".join(format_exception_only(self.value)).rstrip()
        return text.removeprefix("AssertionError: ") if tryshort else text

    def getrepr(self, **options: object) -> str:
        """The whole traceback as text; the options that pytest has for its look make no difference."""
        from traceback import format_exception

        return "".join(format_exception(self.value)).rstrip()

    def group_contains(
        self,
        expected_exception: Kinds,
        *,
        match: "str | re.Pattern[str] | None" = None,
        depth: int | None = None,
    ) -> bool:
        """Whether the group has such an exception in it, at any depth or at that one; 1 is the group's own.

        Raises AssertionError where the exception is no group.
        """
        from rustest.authoring.raises_exc import RaisesExc

        group: BaseException = self.value
        if not isinstance(group, BaseExceptionGroup):
            raise AssertionError(f"{self.typename} is no exception group: only groups contain exceptions")
        wanted: RaisesExc[BaseException] = RaisesExc(expected_exception, match=match)
        return _contains(cast("Group", group), wanted, depth, 1)

    def __repr__(self) -> str:
        if self._value is None:
            return f"<ExceptionInfo: nothing yet, {self._expected} is to come>"
        return f"<ExceptionInfo {self._value!r} tblen={len(self.traceback)}>"


def _contains(group: Group, wanted: "RaisesExc[BaseException]", depth: int | None, level: int) -> bool:
    for inner in group.exceptions:
        if depth in (None, level) and wanted.matches(inner):
            return True
        deeper = isinstance(inner, BaseExceptionGroup) and (depth is None or level < depth)
        if deeper and _contains(cast("Group", inner), wanted, depth, level + 1):
            return True
    return False
