"""Looking for a regular expression in what an exception says."""

import re
from typing import cast


def compile_pattern(written: object, what: str) -> re.Pattern[str]:
    """The regular expression; raises TypeError for what is none, and ValueError for one that cannot be read."""
    if not isinstance(written, str | re.Pattern):
        raise TypeError(f"match of {what} must be a regular expression, not {written!r}")
    try:
        return re.compile(cast("str | re.Pattern[str]", written))
    except re.error as error:
        raise ValueError(f"match of {what} is no regular expression: {error}; re.escape() plain text") from None


def message_of(raised: BaseException, message: str | None = None) -> str:
    """What the exception says, its notes included."""
    own = str(raised) if message is None else message
    return "\n".join((own, *map(str, getattr(raised, "__notes__", ()))))


def explain_mismatch(pattern: re.Pattern[str], raised: BaseException, message: str) -> str:
    """Why the pattern is not found in the message."""
    lines = [
        f"{type(raised).__name__} was raised, and its message does not match",
        f"  pattern: {pattern.pattern!r}",
        f"  message: {message!r}",
    ]
    if message == pattern.pattern:
        lines.append("  As plain text they are equal: pass the pattern through re.escape().")
    return "\n".join(lines)
