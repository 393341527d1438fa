"""`raises`: the block, or the call, must raise."""

import sys
from collections.abc import Callable
from types import CodeType, TracebackType
from typing import TYPE_CHECKING, Generic, Self, TypeVar, cast, overload

from rustest.authoring.arguments import read_exceptions, refuse_unknown
from rustest.model.calls import kind_of
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re

Raised = TypeVar("Raised", bound=BaseException)
_OF_FUNCTION = 1
"""What `inspect` calls CO_OPTIMIZED: set in the code of functions, and in that of modules and classes not."""


@overload
def raises(
    expected: "type[Raised] | tuple[type[Raised], ...]",
    /,
    *,
    match: "str | re.Pattern[str] | None" = None,
    check: "Callable[[Raised], object] | None" = None,
) -> "Raises[Raised]": ...
@overload
def raises(
    expected: "type[Raised] | tuple[type[Raised], ...]", func: Callable[..., object], /, *args: object, **kwargs: object
) -> "Raises[Raised]": ...
def raises(expected: "type[Raised] | tuple[type[Raised], ...]", /, *call: object, **keywords: object) -> object:
    """Expect an exception of that type, or of one of those types; all others pass through.

    `with raises(ValueError, match="regex") as info:` expects it of the block, which may await;
    `raises(ValueError, func, *args, **kwargs)` expects it of that call. `match` is a regular expression to be found
    somewhere in the message or notes, `check` a function of the exception that says whether it is the right one.
    Fails the test if nothing is raised; raises AssertionError if the message does not match or the check says no.
    """
    kinds = cast("tuple[type[Raised], ...]", read_exceptions(expected, "what raises() expects"))
    if call:
        return _expect_of_call(Raises(kinds), call, keywords)
    refuse_unknown(keywords, ("match", "check"), "raises()")
    expected_here = Raises(kinds, **keywords)
    expected_here.is_owed = _is_called_in_function()
    return expected_here


class Raises(Generic[Raised]):
    """What is expected, and once the block has ended the exception that came: what `with raises(...) as info` gives."""

    is_owed = False
    """Whether a test has asked for this and nothing has been checked yet."""

    def __init__(self, kinds: tuple[type[Raised], ...], match: object = None, check: object = None) -> None:
        if not (check is None or callable(check)):
            raise TypeError(f"check of raises() must be a function of the exception, not {check!r}")
        self._kinds = kinds
        self._pattern = None if match is None else _compile(match)
        self._check = check
        # The exception alone: the frames that hang on it may hold this object, and its traceback is reached through it.
        self._value: Raised | None = None

    def __enter__(self) -> Self:
        self._value = None
        self.is_owed = False
        return self

    def __del__(self) -> None:
        if self.is_owed:
            from warnings import warn

            said = "raises() was never entered, and so checks nothing: write `with raises(...):`, or pass it a function"
            warn(said, RuntimeWarning, stacklevel=2)

    def __exit__(self, kind: object, value: BaseException | None, traceback: object) -> bool:
        if value is None:
            raise Failed(f"{self._expected} was not raised")
        if not isinstance(value, self._kinds):
            return False
        self._value = value
        if self._pattern:
            _search(self._pattern, value)
        if self._check and not self._check(value):
            raise AssertionError(f"{_name(type(value))} was raised, and the check of raises() says no to it: {value!r}")
        return True

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
    def tb(self) -> TracebackType | None:
        """The exception's traceback, from the frame of the test to the one that raised."""
        return self.value.__traceback__

    def match(self, pattern: "str | re.Pattern[str]") -> "re.Match[str]":
        """Where the message or a note matches the regular expression; raises AssertionError if nowhere."""
        return _search(_compile(pattern), self.value)

    def __str__(self) -> str:
        return repr(self) if self._value is None else f"{_name(type(self._value))}: {self._value}"

    def __repr__(self) -> str:
        return f"<raises {self._expected}: {'nothing yet' if self._value is None else repr(self._value)}>"

    @property
    def _expected(self) -> str:
        return " or ".join(map(_name, self._kinds))


def _is_called_in_function() -> bool:
    """Whether `raises` was called in a function's body; what stands in lists of params may well stay unused."""
    caller = sys._getframe(2)  # pyright: ignore[reportPrivateUsage] # this, raises, and who called that
    return bool(caller.f_code.co_flags & _OF_FUNCTION)


def _expect_of_call(expected: Raises[Raised], call: tuple[object, ...], keywords: dict[str, object]) -> Raises[Raised]:
    func, *args = call
    if not callable(func):
        raise TypeError(f"raises() calls its second argument, and cannot call {func!r}; a pattern goes to match=...")
    if isinstance(getattr(func, "__code__", None), CodeType) and kind_of(func).is_async:
        raise TypeError(f"raises() cannot await {func!r}: write `with raises(...):` around the await")
    try:
        with expected:
            func(*args, **keywords)
        return expected
    finally:
        del expected  # this frame hangs on the exception, which hangs on that: a cycle that nobody could break


def _compile(written: object) -> "re.Pattern[str]":
    import re

    if not isinstance(written, str | re.Pattern):
        raise TypeError(f"match of raises() must be a regular expression, not {written!r}")
    try:
        return re.compile(cast("str | re.Pattern[str]", written))
    except re.error as error:
        raise ValueError(f"match of raises() is no regular expression: {error}; re.escape() plain text") from None


def _search(pattern: "re.Pattern[str]", raised: BaseException) -> "re.Match[str]":
    message = "\n".join((str(raised), *map(str, getattr(raised, "__notes__", ()))))
    if found := pattern.search(message):
        return found
    lines = [
        f"{_name(type(raised))} was raised, and its message does not match",
        f"  pattern: {pattern.pattern!r}",
        f"  message: {message!r}",
    ]
    if message == pattern.pattern:
        lines.append("  As plain text they are equal: pass the pattern through re.escape().")
    raise AssertionError("\n".join(lines))


def _name(kind: type[BaseException]) -> str:
    return kind.__name__
