"""Kinds of values in pytest's settings: what stands in the file, and what is meant."""

import enum
import os
from typing import assert_never, cast

from rustest.model.errors import UsageError
from rustest.model.pytest_settings import IniValue


class IniKind(enum.Enum):
    """What a value is; the names are those that `parser.addini` takes."""

    ARGS = "args"
    """Words, as a shell reads them."""
    LINES = "linelist"
    PATHS = "paths"
    """Words, each a path below the folder of the file."""
    BOOL = "bool"
    TEXT = "string"
    COUNT = "int"
    NUMBER = "float"


Read = str | bool | int | float | list[str]

_TRUTHS = {
    **dict.fromkeys(("1", "true", "yes", "on", "y", "t"), True),
    **dict.fromkeys(("0", "false", "no", "off", "n", "f"), False),
}


def read_ini(name: str, value: IniValue, kind: IniKind, folder: str) -> Read:
    """What the value means, paths from that folder; raises UsageError where it is none of that kind."""
    try:
        if value.native:
            return _check_native(value.value, kind, folder)
        return _read_written(value.value, kind, folder)
    except ValueError as error:
        detail = f" ({error})" if str(error) else ""
        raise UsageError(f"{value.origin}: {name} is {value.value!r}, expected {_EXPECTED[kind]}{detail}") from None


_EXPECTED = {
    IniKind.ARGS: "a list of texts",
    IniKind.LINES: "a list of texts",
    IniKind.PATHS: "a list of texts",
    IniKind.BOOL: "true or false",
    IniKind.TEXT: "text",
    IniKind.COUNT: "a whole number",
    IniKind.NUMBER: "a number",
}


def _read_written(value: object, kind: IniKind, folder: str) -> Read:
    match kind:
        case IniKind.ARGS:
            return split_words(value) if isinstance(value, str) else _texts(value)
        case IniKind.LINES:
            return _lines(value) if isinstance(value, str) else _texts(value)
        case IniKind.PATHS:
            words = split_words(value) if isinstance(value, str) else _texts(value)
            return [os.path.join(folder, word) for word in words]
        case IniKind.BOOL:
            return _truth(_text(value))
        case IniKind.TEXT:
            return _text(value)
        case IniKind.COUNT:
            return int(_text(value))
        case IniKind.NUMBER:
            return float(_text(value))
        case _:
            assert_never(kind)


def _check_native(value: object, kind: IniKind, folder: str) -> Read:
    match kind:
        case IniKind.ARGS | IniKind.LINES:
            return _texts(value)
        case IniKind.PATHS:
            return [os.path.join(folder, word) for word in _texts(value)]
        case IniKind.BOOL if isinstance(value, bool):
            return value
        case IniKind.TEXT:
            return _text(str(value) if isinstance(value, int | float) else value)
        case IniKind.COUNT | IniKind.NUMBER if isinstance(value, str):  # a plugin may have asked for text
            return _read_written(value, kind, folder)
        case IniKind.COUNT if isinstance(value, int) and not isinstance(value, bool):
            return value
        case IniKind.NUMBER if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        case _:
            raise ValueError


def split_words(text: str) -> list[str]:
    """The words of a text as a shell reads them; raises ValueError where a quote is left open."""
    import shlex

    return shlex.split(text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


def _texts(value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError
    return [_text(item) for item in cast("list[object]", value)]


def _truth(text: str) -> bool:
    if (truth := _TRUTHS.get(text.strip().lower())) is None:
        raise ValueError
    return truth
