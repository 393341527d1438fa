"""`raises`: the block, or the call, must raise."""

from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, cast, overload

from rustest.authoring.arguments import refuse_unknown
from rustest.authoring.exception_info import ExceptionInfo, Raised
from rustest.authoring.raises_exc import RaisesExc
from rustest.model.calls import kind_of

if TYPE_CHECKING:
    import re


@overload
def raises(
    expected_exception: "type[Raised] | tuple[type[Raised], ...]",
    *,
    match: "str | re.Pattern[str] | None" = None,
    check: "Callable[[Raised], object] | None" = None,
) -> RaisesExc[Raised]: ...
@overload
def raises(
    *, match: "str | re.Pattern[str] | None" = None, check: "Callable[[BaseException], object] | None" = None
) -> RaisesExc[BaseException]: ...
@overload
def raises(
    expected_exception: "type[Raised] | tuple[type[Raised], ...]",
    func: Callable[..., object],
    /,
    *args: object,
    **kwargs: object,
) -> ExceptionInfo[Raised]: ...
def raises(  # type: ignore[misc] # mypy: an argument of func may well be called expected_exception
    expected_exception: object = (), *call: object, **keywords: object
) -> object:
    """Expect an exception of that type, or of one of those types; all others pass through.

    `with raises(ValueError, match="regex") as info:` expects it of the block, which may await;
    `raises(ValueError, func, *args, **kwargs)` expects it of that call. `match` is a regular expression to be found
    somewhere in the message or notes, `check` a function of the exception that says whether it is the right one; with
    one of these, the type may be left out. Fails the test if nothing is raised; raises AssertionError if the message
    does not match or the check says no.
    """
    if call:
        return _expect_of_call(RaisesExc(cast("type[BaseException]", expected_exception)), call, keywords)
    refuse_unknown(keywords, ("match", "check"), "raises()")
    return RaisesExc(expected_exception, **keywords)  # type: ignore[call-overload] # checked there


def _expect_of_call(
    expected: RaisesExc[Raised], call: tuple[object, ...], keywords: dict[str, object]
) -> ExceptionInfo[Raised]:
    func, *args = call
    if not callable(func):
        raise TypeError(f"raises() calls its second argument, and cannot call {func!r}; a pattern goes to match=...")
    if isinstance(getattr(func, "__code__", None), CodeType) and kind_of(func).is_async:
        raise TypeError(f"raises() cannot await {func!r}: write `with raises(...):` around the await")
    info: ExceptionInfo[Raised] | None = None
    try:
        with expected as info:
            func(*args, **keywords)
        return info
    finally:
        del expected, info  # this frame hangs on the exception, which hangs on them: a cycle that nobody could break
