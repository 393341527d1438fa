"""Warning filters as they are written: `action:message:category:module:line`, each part but the first optional."""

from rustest.model.record import NamedTuple

ACTIONS = ("error", "ignore", "always", "all", "default", "module", "once")
_PARTS = 5


class WarningFilter(NamedTuple):
    """One filter; empty parts match everything."""

    action: str
    message: str = ""
    """A regular expression for the beginning of the message, whatever its case."""
    category: str = ""
    """The class, by its dotted name; without a dot, one of Python's own."""
    module: str = ""
    """A regular expression for the beginning of the name of the module that the warning is laid to."""
    line: int = 0


def parse_filter(text: str) -> WarningFilter:
    """The filter that is written there; raises ValueError with what is wrong with it."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) > _PARTS:
        raise ValueError(f"more than {_PARTS} parts, which are action:message:category:module:line")
    action, message, category, module, line = (*parts, *[""] * (_PARTS - len(parts)))
    return WarningFilter(_action(action), _pattern(message), _category(category), _pattern(module), _line(line))


def read_literally(text: str) -> str:
    """A filter of the command line as it is written here: there, message and module are plain text, as for Python."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) > _PARTS:
        return text  # which nobody can read
    import re

    if len(parts) > 1:
        parts[1] = re.escape(parts[1])
    if len(parts) > 3 and parts[3]:  # noqa: PLR2004 - the module's place
        parts[3] = re.escape(parts[3]) + r"\Z"
    return ":".join(parts)


def _action(text: str) -> str:
    """The action, which may be cut short as for Python: `i` is `ignore`, and an empty one `default`."""
    if not text:
        return "default"
    for action in ACTIONS:
        if action.startswith(text.lower()):
            return "always" if action == "all" else action
    raise ValueError(f"there is no action {text!r}: expected one of {', '.join(ACTIONS)}")


def _pattern(text: str) -> str:
    import re

    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


def _category(text: str) -> str:
    if text and not all(name.isidentifier() for name in text.split(".")):
        raise ValueError(f"{text!r} is no name of a class")
    return text


def _line(text: str) -> int:
    if text and not text.isdecimal():
        raise ValueError(f"{text!r} is no line number")
    return int(text or 0)
