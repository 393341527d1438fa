"""`warns` and `deprecated_call`: the block, or the call, must warn."""

import warnings
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, cast, overload

from rustest.authoring.arguments import refuse_unknown
from rustest.authoring.patterns import compile_pattern
from rustest.authoring.warnings_recorder import WarningsRecorder
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re

Kinds = type[Warning] | tuple[type[Warning], ...]

_DEPRECATIONS = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)


@overload
def warns(expected_warning: Kinds = ..., *, match: "str | re.Pattern[str] | None" = None) -> "Warns": ...
@overload
def warns(expected_warning: Kinds, func: Callable[..., object], /, *args: object, **kwargs: object) -> object: ...
def warns(  # type: ignore[misc] # mypy: a keyword of the call might be named like the type
    expected_warning: Kinds = Warning, *call: object, **keywords: object
) -> object:
    """Expect a warning of that type, or of one of those types.

    `with warns(UserWarning, match="regex") as record:` expects it of the block, and records all warnings in it;
    `warns(UserWarning, func, *args, **kwargs)` expects it of that call, and gives what the call gives. `match` is a
    regular expression to be found somewhere in the message. What else was warned of is given again at the end. Fails
    the test where the warning is missing. Filters of warnings are the whole process's, and so its test runs alone.
    """
    if call:
        func, *args = call
        if not callable(func):
            raise TypeError(f"warns() calls its second argument, and cannot call {func!r}; a pattern goes to match=...")
        with Warns(_read_kinds(expected_warning)):
            return func(*args, **keywords)
    refuse_unknown(keywords, ("match",), "warns()")
    return Warns(_read_kinds(expected_warning), **keywords)


@overload
def deprecated_call(*, match: "str | re.Pattern[str] | None" = None) -> "Warns": ...
@overload
def deprecated_call(func: Callable[..., object], /, *args: object, **kwargs: object) -> object: ...
def deprecated_call(*call: object, **keywords: object) -> object:
    """Expect a warning that something is deprecated, or will be; else as `warns`."""
    return warns(_DEPRECATIONS, *call, **keywords)  # type: ignore[call-overload] # checked there


class Warns(WarningsRecorder):
    """What is expected, and the warnings that came: what `with warns(...) as record` gives."""

    def __init__(self, kinds: tuple[type[Warning], ...], match: object = None) -> None:
        super().__init__()
        self._kinds = kinds
        self._pattern = None if match is None else compile_pattern(match, "match of warns()")

    def __exit__(self, *raised: object) -> None:
        """Record no more, give again what was not expected, and raise Failed where what was expected is missing."""
        super().__exit__(*raised)
        if raised[1] is not None and not isinstance(raised[1], Exception):
            return  # the test was skipped, or interrupted, before it could warn
        unexpected = [message for message in self if not self._is_expected(message)]
        missing = len(unexpected) == len(self)
        for message in unexpected:
            with suppress(Warning) if missing else nullcontext():  # where warnings are errors, ours says more
                _give_again(message)
        if missing:
            raise Failed(self._complain())

    def _is_expected(self, message: warnings.WarningMessage) -> bool:
        is_kind = issubclass(message.category, self._kinds)
        return is_kind and (self._pattern is None or self._pattern.search(str(message.message)) is not None)

    def _complain(self) -> str:
        expected = " or ".join(kind.__name__ for kind in self._kinds)
        wanted = f" whose message matches {self._pattern.pattern!r}" if self._pattern else ""
        given = [f"  {message.category.__name__}: {message.message}" for message in self]
        return "\n".join([f"no {expected}{wanted} was given; given:" if given else f"no {expected} was given", *given])


def _give_again(message: warnings.WarningMessage) -> None:
    warnings.warn_explicit(message.message, message.category, message.filename, message.lineno, source=message.source)


def _read_kinds(written: object) -> tuple[type[Warning], ...]:
    kinds = cast("tuple[object, ...]", written) if isinstance(written, tuple) else (written,)
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Warning)):
            raise TypeError(f"warns() expects types of warnings, not {kind!r}")
    if not kinds:
        raise ValueError("warns() must name at least one type of warnings, not an empty tuple")
    return cast("tuple[type[Warning], ...]", kinds)
