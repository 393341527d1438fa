"""`warns` and `deprecated_call`: the block, or the call, must warn."""

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, cast, overload

from rustest.authoring.arguments import refuse_unknown
from rustest.authoring.patterns import compile_pattern
from rustest.authoring.warnings_recorder import WarningsRecorder
from rustest.model.errors import Failed

if TYPE_CHECKING:
    import re

_DEPRECATED = (DeprecationWarning, PendingDeprecationWarning, FutureWarning)
Kinds = type[Warning] | tuple[type[Warning], ...]


@overload
def warns(expected: Kinds = ..., /, *, match: "str | re.Pattern[str] | None" = None) -> "Warns": ...
@overload
def warns(expected: Kinds, func: Callable[..., object], /, *args: object, **kwargs: object) -> object: ...
def warns(expected: Kinds = Warning, /, *call: object, **keywords: object) -> object:
    """Expect a warning of that class, or of one of those classes.

    `with warns(DeprecationWarning, match="regex") as recorded:` expects it of the block and records all warnings;
    `warns(DeprecationWarning, func, *args, **kwargs)` expects it of that call, and gives what the call returns.
    Warnings that are not expected are given again when the block has ended. Fails the test where the warning is not
    given, or none of that class has a message in which `match` is found.
    """
    return _warns(expected, call, keywords)


def deprecated_call(*call: object, **keywords: object) -> object:
    """Expect a DeprecationWarning, PendingDeprecationWarning or FutureWarning: `warns` for these three."""
    return _warns(_DEPRECATED, call, keywords)


def _warns(expected: Kinds, call: tuple[object, ...], keywords: dict[str, object]) -> object:
    if not call:
        refuse_unknown(keywords, ("match",), "warns()")
        return Warns(expected, keywords.get("match"))
    func, *args = call
    if not callable(func):
        raise TypeError(f"warns() calls its second argument, and cannot call {func!r}; a pattern goes to match=...")
    with Warns(expected):
        return func(*args, **keywords)


class Warns(WarningsRecorder):
    """Records the warnings of a block, and looks for the expected one when it has ended."""

    def __init__(self, expected: Kinds = Warning, match: object = None) -> None:
        super().__init__()
        self._kinds = _read_kinds(expected)
        self._pattern = None if match is None else compile_pattern(match, "match of warns()")

    def __exit__(self, *raised: object) -> None:
        """Fail where the expected warning was not given, and give all others again."""
        super().__exit__()
        if isinstance(raised[1], BaseException) and not isinstance(raised[1], Exception):
            return  # a skip or an interrupt says more
        try:
            self._expect()
        finally:
            for one in self:
                if not self._is_expected(one):
                    _give_again(one)
            _refuse_odd_messages(self)

    def _expect(self) -> None:
        if any(map(self._is_expected, self)):
            return
        names = " or ".join(kind.__name__ for kind in self._kinds)
        wanted = f"{names} was not given"
        if self._pattern is not None and any(issubclass(one.category, self._kinds) for one in self):
            wanted = f"no {names} was given whose message matches {self._pattern.pattern!r}"
        given = "".join(f"\n  {one.category.__name__}: {one.message}" for one in self) or " none"
        raise Failed(f"{wanted}; the warnings of the block:{given}")

    def _is_expected(self, one: warnings.WarningMessage) -> bool:
        if not issubclass(one.category, self._kinds):
            return False
        return self._pattern is None or self._pattern.search(str(one.message)) is not None


def _read_kinds(expected: object) -> tuple[type[Warning], ...]:
    kinds = cast("tuple[object, ...]", expected if isinstance(expected, tuple) else (expected,))
    for kind in kinds:
        if not (isinstance(kind, type) and issubclass(kind, Warning)):
            raise TypeError(f"what warns() expects must be classes of warnings, not {kind!r}")
    return cast("tuple[type[Warning], ...]", kinds)


def _give_again(one: warnings.WarningMessage) -> None:
    module = one.filename.removesuffix(".py") or "<unknown>"
    warnings.warn_explicit(one.message, one.category, one.filename, one.lineno, module, source=one.source)


def _refuse_odd_messages(recorded: WarningsRecorder) -> None:
    """Python turns anything into a UserWarning; what is no text there is a mistake of the code that warns."""
    for one in recorded:
        arguments = one.message.args if type(one.message) is UserWarning else ()
        if arguments and not isinstance(arguments[0], str):
            raise TypeError(f"a warning's message must be a text or a Warning, not {arguments[0]!r}")
