"""Kinds of values: what a setting takes, from the command line, from pyproject.toml or from a program."""

import enum
import os
from collections.abc import Callable, Iterable, Mapping

from rustest.model.choices import (
    AsyncioMode,
    Capture,
    Color,
    EmptyParameters,
    ImportMode,
    Listing,
    PytestCompat,
    Shard,
    SharedFixtures,
    ShowCapture,
    Traceback,
    WorkerStart,
    parse_shard,
)
from rustest.model.errors import UsageError
from rustest.model.hints import cast
from rustest.model.record import NamedTuple
from rustest.model.scope import SCOPES, Scope
from rustest.model.strictness import CHECKS, Strictness
from rustest.model.warning_filters import parse_filter, read_literally

_WHOLE = 100
_WILD = frozenset("*?[")
_NONE = "none"
_LETTERS = frozenset("fEsxXpPaANwFS")  # the last three mean nothing any more, and are still in use
_REPORTS = ("term", "term-missing", "html", "xml", "json", "lcov", "annotate", "")


class Kind(NamedTuple):
    """What values a setting takes, wherever they come from."""

    expected: str
    """The values in words, for "expected …"."""
    check: Callable[[object], object]
    """Gives the value as Settings holds it; raises ValueError where it is none of this kind."""
    read: Callable[[str], object] = str
    """Turns the command line's text into something to check; raises ValueError."""
    repeats: bool = False
    """Whether the command line may give it several times, one text each."""


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _check_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(value)
    return tuple(map(_check_text, cast("Iterable[object]", value)))


def _check_repeated(value: object) -> tuple[str, ...]:
    """A list as it stands in the settings, or one text for each time that the command line gave the flag."""
    return (value,) if isinstance(value, str) else _check_texts(value)


def _check_filters(value: object) -> tuple[str, ...]:
    """Warning filters; raises UsageError with what is wrong with one: there is more to say than what is expected."""
    filters = _check_repeated(value)
    for text in filters:
        try:
            parse_filter(text)
        except ValueError as error:
            raise UsageError(f"{text!r} is no warning filter: {error}") from None
    return filters


def _read_ignored(text: str) -> str:
    """A path as the command line means it, below the current folder; a pattern of names is meant anywhere."""
    return os.path.abspath(text) if "/" in text or _WILD.isdisjoint(text) else text


def _check_shard(value: object) -> Shard | None:
    if value is None or isinstance(value, Shard):
        return value
    return parse_shard(_check_text(value))


def _check_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _check_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _check_bound(value: object) -> int | None:
    return None if value is None else _check_count(value)


def _check_width(value: object) -> int:
    if (width := _check_count(value)) == 0:
        raise ValueError(value)
    return width


def _check_workers(value: object) -> int | None:
    if value != "auto":
        return _check_bound(value)
    from rustest.model.processors import usable_processors

    return usable_processors()


def _read_workers(text: str) -> object:
    return "auto" if text in ("auto", "logical") else int(text)


def _check_seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(value)
    return float(value)


def _check_percent(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _WHOLE:
        raise ValueError(value)
    return float(value)


def _check_reports(value: object) -> tuple[str, ...]:
    reports = _check_repeated(value)
    for report in reports:
        if report.partition(":")[0] not in _REPORTS:
            raise ValueError(value)
    return reports


def _check_limit(value: object) -> float | None:
    return None if value is None else _check_seconds(value) or None


def _check_scratch(value: object) -> str:
    """Neither the current folder nor one above it: what is in it will be removed."""
    path = os.path.realpath(_check_text(value))
    if os.path.join(os.getcwd(), "").startswith(os.path.join(path, "")):
        raise ValueError(value)
    return path


def _check_folder(value: object) -> str | None:
    if value is not None and not os.path.isdir(_check_text(value)):
        raise ValueError(value)
    return cast("str | None", value)


def _check_no_failures(value: object) -> bool:
    return value == _NONE if value in ("all", _NONE) else _check_switch(value)


def _check_letters(value: object) -> str:
    text = _check_text(value)
    if set(text) - _LETTERS:
        raise ValueError(value)
    return text


def _check_steps(value: object) -> int:
    """A level as it stands in the settings, or the steps towards it that the command line gave, one for each flag."""
    if isinstance(value, list):
        return sum(map(_check_steps, cast("list[object]", value)))
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(value)
    return value


def _check_factory(value: object) -> object:
    if callable(value) or value is None:
        return value
    module, colon, function = _check_text(value).partition(":")
    if not (colon and module and all(name.isidentifier() for name in function.split("."))):
        raise ValueError(value)
    return value


def _check_scope(value: object) -> Scope | None:
    if value is None or isinstance(value, Scope):
        return value
    if (scope := SCOPES.get(_check_text(value))) is None:
        raise ValueError(value)
    return scope


def _check_strict(value: object) -> Mapping[str, Strictness]:
    """A table of checks; raises UsageError with the names that there are: "a table" would not say enough."""
    if not isinstance(value, Mapping):
        raise ValueError(value)
    return {str(name): _strictness(name, found) for name, found in cast("Mapping[object, object]", value).items()}


def _strictness(name: object, value: object) -> Strictness:
    names = [check.name for check in CHECKS]
    if name not in names:
        raise UsageError(f"strict has no check {name!r}: there are {', '.join(names)}")
    try:
        return Strictness(value)
    except ValueError:
        raise UsageError(f"strict.{name} is {value!r}, expected 'error', 'warn' or 'ignore'") from None


TEXT = Kind("text", _check_text)
TEXTS = Kind("a list of texts", _check_texts)
REPEATED = Kind("a list of texts", _check_repeated, repeats=True)
FILTERS = Kind("a list of warning filters", _check_filters, read_literally, repeats=True)
IGNORED = Kind("a list of paths and patterns", _check_repeated, _read_ignored, repeats=True)
FILE = Kind("a file", _check_text, os.path.abspath)
FOLDER = Kind("a folder that is there", _check_folder)
SHARD = Kind("'K/N', as in '2/5' for the second of five", _check_shard)
SWITCH = Kind("true or false", _check_switch)
COUNT = Kind("a whole number, 0 or more", _check_count, int)
BOUND = Kind("a whole number, 0 or more", _check_bound, int)
WIDTH = Kind("a whole number, 1 or more", _check_width, int)
WORKERS = Kind("a whole number, 0 or more, or 'auto'", _check_workers, _read_workers)
SCRATCH = Kind("a folder that may be emptied, neither the current one nor one above it", _check_scratch)
SECONDS = Kind("a number of seconds, 0 or more", _check_seconds, float)
PERCENT = Kind("a number from 0 to 100", _check_percent, float)
COVERAGE_REPORTS = Kind("some of " + ", ".join(map(repr, _REPORTS)), _check_reports, repeats=True)
LIMIT = Kind("a number of seconds, or 0 for no limit", _check_limit, float)
NO_FAILURES = Kind("'all' or 'none'", _check_no_failures)
LETTERS = Kind("some of the letters fEsxXpPaAN", _check_letters)
STEPS = Kind("a whole number", _check_steps)
STRICT = Kind("a table of checks", _check_strict)
FACTORY = Kind("'package.module:function'", _check_factory)
DEBUGGER = Kind("'package.module:Class'", _check_factory)
SCOPE = Kind("one of " + ", ".join(map(repr, SCOPES)), _check_scope)


def _one_of(choices: type[enum.Enum]) -> Kind:
    return Kind("one of " + ", ".join(repr(choice.value) for choice in choices), choices)


LISTING = _one_of(Listing)
MODE = _one_of(AsyncioMode)
TRACEBACK = _one_of(Traceback)
CAPTURE = _one_of(Capture)
CAPTURED = _one_of(ShowCapture)
COLOR = _one_of(Color)
START = _one_of(WorkerStart)
COMPAT = _one_of(PytestCompat)
IMPORT_MODE = _one_of(ImportMode)
SHARED_FIXTURES = _one_of(SharedFixtures)
EMPTY_PARAMETERS = _one_of(EmptyParameters)
