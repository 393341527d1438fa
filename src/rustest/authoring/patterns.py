"""Regular expressions that tests give with `match=`, and the texts in which they are looked for."""

from rustest.model.hints import TYPE_CHECKING, cast

if TYPE_CHECKING:
    import re


def compile_pattern(written: object, what: str) -> "re.Pattern[str]":
    """The pattern; raises TypeError or ValueError, which begin with `what`, for what is none."""
    import re

    if not isinstance(written, str | re.Pattern):
        raise TypeError(f"{what} must be a regular expression, not {written!r}")
    try:
        return re.compile(cast("str | re.Pattern[str]", written))
    except re.error as error:
        raise ValueError(f"{what} is no regular expression: {error}; re.escape() plain text") from None


def message_of(raised: BaseException) -> str:
    """What `match` looks at: the message, of a group without the count of its members, and the notes."""
    message = str(raised.message) if isinstance(raised, BaseExceptionGroup) else str(raised)
    notes: tuple[object, ...] = tuple(vars(raised).get("__notes__", ()))
    return "\n".join((message, *map(str, notes)))


def mismatch(pattern: "re.Pattern[str]", raised: BaseException) -> str:
    """What to say of an exception whose message does not match; empty where it does."""
    message = message_of(raised)
    if pattern.search(message):
        return ""
    lines = [
        f"{type(raised).__name__} was raised, and its message does not match",
        f"  pattern: {pattern.pattern!r}",
        f"  message: {message!r}",
    ]
    if message == pattern.pattern:
        lines.append("  As plain text they are equal: pass the pattern through re.escape().")
    return "\n".join(lines)
