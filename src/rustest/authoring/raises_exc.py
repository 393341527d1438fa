"""`RaisesExc`: one exception that is expected, of a block or as part of a group."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, cast, overload

from rustest.authoring.arguments import read_exceptions
from rustest.authoring.exception_info import ExceptionInfo, Raised
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re

Kinds = tuple[type[BaseException], ...]


class RaisesExc(Generic[Raised]):
    """What is expected: a type, a message, a check, or several of these."""

    @overload
    def __init__(
        self,
        expected_exception: "type[Raised] | tuple[type[Raised], ...]",
        /,
        *,
        match: "str | re.Pattern[str] | None" = None,
        check: "Callable[[Raised], object] | None" = None,
    ) -> None: ...
    @overload
    def __init__(
        self: "RaisesExc[BaseException]",
        /,
        *,
        match: "str | re.Pattern[str] | None" = None,
        check: "Callable[[BaseException], object] | None" = None,
    ) -> None: ...
    def __init__(self, expected_exception: object = (), /, *, match: object = None, check: object = None) -> None:
        is_open = expected_exception == () and not (match is None and check is None)
        self._kinds: Kinds = (BaseException,) if is_open else read_kinds(expected_exception)
        self._pattern = compile_match(match)
        self._check = read_check(check)
        self._info: ExceptionInfo[Raised] | None = None
        self.fail_reason: str | None = None
        """Why what was last held against it does not match; None where it does."""

    def __enter__(self) -> ExceptionInfo[Raised]:
        """Expect it of the block."""
        self._info = ExceptionInfo(expected=str(self))
        return self._info

    def __exit__(self, kind: object, value: BaseException | None, traceback: object) -> bool:
        """Take the exception if it is the expected one; others pass, unless their type would do."""
        info, self._info = self._info, None
        if value is None:
            raise Failed(f"DID NOT RAISE {self}")
        if not isinstance(value, self._kinds):
            return False
        if info is not None:
            fill(info, cast("Raised", value))
        if not self.matches(value):
            raise AssertionError(self.fail_reason)
        return True

    def matches(self, exception: BaseException | None) -> bool:
        """Whether the exception is the expected one; `fail_reason` says why not."""
        self.fail_reason = self._complain(exception)
        return self.fail_reason is None

    def _complain(self, exception: BaseException | None) -> str | None:
        if not isinstance(exception, self._kinds):
            return f"{_show(exception)} is not {self}"
        if self._pattern is not None and (complaint := complain_of_message(self._pattern, exception)):
            return complaint
        if self._check is not None and not self._check(exception):
            return f"{type(exception).__name__} was raised, and the check of raises() says no to it: {exception!r}"
        return None

    def __str__(self) -> str:
        return " or ".join(kind.__name__ for kind in self._kinds)

    def __repr__(self) -> str:
        return f"<raises {self}>"


def fill(info: ExceptionInfo[Raised], value: Raised) -> None:
    """Put the exception into what the block was given."""
    info.fill_unfilled((type(value), value, value.__traceback__))


def read_kinds(written: object) -> Kinds:
    """The exception types that were written, of which groups may say what they are groups of."""
    kinds = cast("tuple[object, ...]", written) if isinstance(written, tuple) else (written,)
    return read_exceptions(tuple(map(_bare, kinds)), "what raises() expects")


def _bare(kind: object) -> object:
    """`ExceptionGroup` for `ExceptionGroup[Exception]`; raises ValueError for a group of something narrower."""
    origin: object = getattr(kind, "__origin__", None)
    if not (isinstance(origin, type) and issubclass(origin, BaseExceptionGroup)):
        return kind
    of: tuple[object, ...] = getattr(kind, "__args__", ())
    if of and of[0] is not Exception and of[0] is not BaseException and repr(of[0]) != "typing.Any":
        raise ValueError(f"raises() cannot look into groups as {kind} asks: use RaisesGroup")
    return cast("object", origin)


def compile_match(written: object) -> "re.Pattern[str] | None":
    """The regular expression of `match`, if there is one."""
    if written is None:
        return None
    from rustest.authoring.message_search import compile_pattern

    return compile_pattern(written, "raises()")


def read_check(written: object) -> Callable[[BaseException], object] | None:
    """The function of `check`, if there is one."""
    if not (written is None or callable(written)):
        raise TypeError(f"check of raises() must be a function of the exception, not {written!r}")
    return written


def complain_of_message(pattern: "re.Pattern[str]", exception: BaseException, own: str | None = None) -> str | None:
    """Why the message does not match; None where it does."""
    from rustest.authoring.message_search import explain_mismatch, message_of

    message = message_of(exception, own)
    return None if pattern.search(message) else explain_mismatch(pattern, exception, message)


def _show(exception: BaseException | None) -> str:
    return "nothing" if exception is None else repr(exception)
