"""`raises`: the block, or the call, must raise."""

import sys
from collections.abc import Callable
from types import CodeType

from rustest.authoring.arguments import read_exceptions, refuse_unknown
from rustest.authoring.exception_info import ExceptionInfo
from rustest.authoring.patterns import compile_pattern, mismatch
from rustest.model.calls import kind_of
from rustest.model.errors import Failed
from rustest.model.hints import TYPE_CHECKING, Generic, TypeVar, cast, overload

if TYPE_CHECKING:
    import re

Raised = TypeVar("Raised", bound=BaseException)
_OF_FUNCTION = 1
"""What `inspect` calls CO_OPTIMIZED: set in the code of functions, and in that of modules and classes not."""


@overload
def raises(
    expected_exception: "type[Raised] | tuple[type[Raised], ...]",
    *,
    match: "str | re.Pattern[str] | None" = None,
    check: "Callable[[Raised], object] | None" = None,
) -> "RaisesExc[Raised]": ...
@overload
def raises(
    *, match: "str | re.Pattern[str] | None" = None, check: "Callable[[BaseException], object] | None" = None
) -> "RaisesExc[BaseException]": ...
@overload
def raises(
    expected: "type[Raised] | tuple[type[Raised], ...]", func: Callable[..., object], /, *args: object, **kwargs: object
) -> ExceptionInfo[Raised]: ...
def raises(  # type: ignore[misc] # mypy: func may well have an argument that is called expected_exception
    expected_exception: "type[Raised] | tuple[type[Raised], ...] | None" = None, *call: object, **keywords: object
) -> object:
    """Expect an exception of that type, or of one of those types; all others pass through.

    `with raises(ValueError, match="regex") as info:` expects it of the block, which may await;
    `raises(ValueError, func, *args, **kwargs)` expects it of that call. `match` is a regular expression to be found
    somewhere in the message or notes, `check` a function of the exception that says whether it is the right one; with
    one of them the type may be left out. Fails the test if nothing is raised; raises AssertionError if the message does
    not match or the check says no.
    """
    if call:
        return _expect_of_call(RaisesExc(expected_exception), call, keywords)
    refuse_unknown(keywords, ("match", "check"), "raises()")
    if expected_exception is None and not keywords:
        raise TypeError("what raises() expects must be an exception type, or be told with match= or check=")
    expected = RaisesExc(expected_exception, **keywords)
    expected.is_owed = _is_called_in_function()
    return expected


class RaisesExc(Generic[Raised]):
    """What is expected of an exception: by itself of a block, or of a member of a `RaisesGroup`."""

    is_owed = False
    """Whether a test has asked for this and nothing has been checked yet."""

    def __init__(
        self,
        expected: "type[Raised] | tuple[type[Raised], ...] | None" = None,
        /,
        match: object = None,
        check: object = None,
    ) -> None:
        if not (check is None or callable(check)):
            raise TypeError(f"check of raises() must be a function of the exception, not {check!r}")
        wanted: object = BaseException if expected is None else expected
        self._kinds = cast("tuple[type[Raised], ...]", read_exceptions(_bare(wanted), "what raises() expects"))
        self._pattern = None if match is None else compile_pattern(match, "match of raises()")
        self._check = check
        self._info = ExceptionInfo[Raised]()
        self.fail_reason: str | None = None
        """Why the exception that was looked at last is not what is expected; None where it is."""

    def __enter__(self) -> ExceptionInfo[Raised]:
        self._info = ExceptionInfo[Raised]()
        self.is_owed = False
        return self._info

    def __del__(self) -> None:
        if self.is_owed:
            from warnings import warn

            said = "raises() was never entered, and so checks nothing: write `with raises(...):`, or pass it a function"
            warn(said, RuntimeWarning, stacklevel=2)

    def __exit__(self, kind: object, value: BaseException | None, traceback: object) -> bool:
        if value is None:
            raise Failed(f"DID NOT RAISE {self._expected}")
        if not isinstance(value, self._kinds):
            return False
        self._info.fill(value)
        if not self.matches(value):
            raise AssertionError(self.fail_reason)
        return True

    def matches(self, exception: BaseException | None) -> bool:
        """Whether that exception is what is expected; if not, `fail_reason` says why."""
        self.is_owed = False
        self.fail_reason = self._reason_against(exception) or None
        return self.fail_reason is None

    def _reason_against(self, exception: BaseException | None) -> str:
        if not isinstance(exception, self._kinds):
            return f"{exception!r} is no {self._expected}"
        if self._pattern and (reason := mismatch(self._pattern, exception)):
            return reason
        if self._check and not self._check(exception):
            return f"{type(exception).__name__} was raised, and the check of raises() says no to it: {exception!r}"
        return ""

    def __repr__(self) -> str:
        parts = [self._expected]
        parts += [f"match={self._pattern.pattern!r}"] if self._pattern else []
        parts += [f"check={self._check!r}"] if self._check else []
        return f"RaisesExc({', '.join(parts)})"

    @property
    def _expected(self) -> str:
        return " or ".join(kind.__name__ for kind in self._kinds)


def _bare(written: object) -> object:
    """The types as they are, groups without what they are groups of: nothing can be checked of that but the members."""
    if isinstance(written, tuple):
        return tuple(map(_bare, cast("tuple[object, ...]", written)))
    origin: object = getattr(written, "__origin__", None)
    if isinstance(origin, type) and issubclass(origin, BaseExceptionGroup):
        return BaseExceptionGroup if origin is BaseExceptionGroup else ExceptionGroup
    return written


def _is_called_in_function() -> bool:
    """Whether `raises` was called in a function's body; what stands in lists of params may well stay unused."""
    caller = sys._getframe(2)  # pyright: ignore[reportPrivateUsage] # this, raises, and who called that
    return bool(caller.f_code.co_flags & _OF_FUNCTION)


def _expect_of_call(
    expected: RaisesExc[Raised], call: tuple[object, ...], keywords: dict[str, object]
) -> ExceptionInfo[Raised]:
    func, *args = call
    if not callable(func):
        raise TypeError(f"raises() calls its second argument, and cannot call {func!r}; a pattern goes to match=...")
    if isinstance(getattr(func, "__code__", None), CodeType) and kind_of(func).is_async:
        raise TypeError(f"raises() cannot await {func!r}: write `with raises(...):` around the await")
    info = ExceptionInfo[Raised]()
    try:
        with expected as info:
            func(*args, **keywords)
        return info
    finally:
        del expected, info  # this frame hangs on the exception, which hangs on these: a cycle that nobody could break
