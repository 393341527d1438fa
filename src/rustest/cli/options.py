"""The table of options: one row for each way to decide a setting.

The command line's parser, the check of `[tool.rustest]`, the check of `rustest.run`'s keywords and docs/settings.md
all come from it.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast

from rustest.model.errors import UsageError
from rustest.model.settings import AsyncioMode, Listing, Settings


class Kind(NamedTuple):
    """What values a setting takes, wherever they come from."""

    expected: str
    """The values in words, for "expected …"."""
    check: Callable[[object], object]
    """Gives the value as Settings holds it; raises ValueError where it is none of this kind."""
    read: Callable[[str], object] = str
    """Turns the command line's text into something to check; raises ValueError."""


def _check_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(value)
    return value


def _check_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueError(value)
    return tuple(map(_check_text, cast("Iterable[object]", value)))


def _check_switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(value)
    return value


def _check_count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(value)
    return value


def _check_width(value: object) -> int:
    if (width := _check_count(value)) == 0:
        raise ValueError(value)
    return width


def _check_seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError(value)
    return float(value)


def _check_limit(value: object) -> float | None:
    return None if value is None else _check_seconds(value) or None


def _check_scratch(value: object) -> str:
    """Neither the current folder nor one above it: what is in it will be removed."""
    path = os.path.realpath(_check_text(value))
    if os.path.join(os.getcwd(), "").startswith(os.path.join(path, "")):
        raise ValueError(value)
    return path


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


TEXT = Kind("text", _check_text)
TEXTS = Kind("a list of texts", _check_texts)
SWITCH = Kind("true or false", _check_switch)
COUNT = Kind("a whole number, 0 or more", _check_count, int)
WIDTH = Kind("a whole number, 1 or more", _check_width, int)
SCRATCH = Kind("a folder that may be emptied, neither the current one nor one above it", _check_scratch)
SECONDS = Kind("a number of seconds, 0 or more", _check_seconds, float)
LIMIT = Kind("a number of seconds, or 0 for no limit", _check_limit, float)
STEPS = Kind("a whole number", _check_steps)
FACTORY = Kind("'package.module:function'", _check_factory)
LISTING = Kind("one of " + ", ".join(repr(listing.value) for listing in Listing), Listing)
MODE = Kind("one of " + ", ".join(repr(mode.value) for mode in AsyncioMode), AsyncioMode)


class Option(NamedTuple):
    """One way to decide a setting."""

    key: str
    """The field of Settings."""
    kind: Kind
    help: str
    flags: tuple[str, ...] = ()
    """How the command line says it; a name without dashes stands for all arguments that are no flags."""
    metavar: str = ""
    const: object = None
    """What the flag means, where it takes no value."""
    once: bool = False
    """Whether it belongs to a single run, so that `[tool.rustest]` may not decide it."""

    @property
    def positional(self) -> bool:
        """Whether it takes the arguments that are no flags."""
        return bool(self.flags) and not self.flags[0].startswith("-")


OPTIONS = (
    Option("paths", TEXTS, "files, folders and node ids to run", ("paths",), "PATH", once=True),
    Option("keyword", TEXT, "run tests whose names match, as in 'http and not slow'", ("-k",), "EXPR", once=True),
    Option("markexpr", TEXT, "run tests whose marks match, as in 'not slow'", ("-m",), "EXPR"),
    Option("maxfail", COUNT, "stop at the first failure", ("-x", "--exitfirst"), const=1),
    Option("maxfail", COUNT, "stop after so many failures; 0 never stops", ("--maxfail",), "N"),
    Option("verbosity", STEPS, "say more; may be repeated", ("-v", "--verbose"), const=1),
    Option("verbosity", STEPS, "say less; may be repeated", ("-q", "--quiet"), const=-1),
    Option("concurrency", WIDTH, "how many async tests may overlap; 1 runs in file order", ("--concurrency",), "N"),
    Option("timeout", LIMIT, "limit of each test that sets none; 0 is no limit", ("--timeout",), "SECONDS"),
    Option("timeout_grace", SECONDS, "what a cancelled test has left to end", ("--timeout-grace",), "SECONDS"),
    Option("asyncio_mode", MODE, "'strict' asks async tests for @mark.asyncio", ("--asyncio-mode",), "MODE"),
    Option("asyncio_debug", SWITCH, "run event loops in debug mode", ("--asyncio-debug",), const=True),
    Option("loop_factory", FACTORY, "what makes event loops", ("--loop-factory",), "NAME"),
    Option("xfail_strict", SWITCH, "whether an xfail test that passes is a failure"),
    Option("junit_xml", TEXT, "write a JUnit report", ("--junit-xml", "--junitxml"), "FILE", once=True),
    Option("basetemp", SCRATCH, "where tmp_path makes folders; it is emptied first", ("--basetemp",), "DIR", once=True),
    Option(
        "setup_show", SWITCH, "tell of each fixture's set-up and teardown", ("--setup-show",), const=True, once=True
    ),
    Option(
        "listing", LISTING, "print what overlaps, what runs alone and why", ("--plan",), const=Listing.PLAN, once=True
    ),
    Option(
        "listing",
        LISTING,
        "print the fixtures that the tests can see",
        ("--fixtures",),
        const=Listing.FIXTURES,
        once=True,
    ),
    Option(
        "listing",
        LISTING,
        "print the fixtures of each test, in the order of set-up",
        ("--fixtures-per-test",),
        const=Listing.FIXTURES_PER_TEST,
        once=True,
    ),
    Option("rootdir", TEXT, "the folder that node ids start from", ("--rootdir",), "DIR", once=True),
    Option("testpaths", TEXTS, "where to look for tests when no path is given"),
    Option("pythonpath", TEXTS, "folders to put in front of sys.path, below the root folder"),
    Option("norecursedirs", TEXTS, "patterns of folders not to look into"),
    Option("python_files", TEXTS, "patterns of files that hold tests"),
)

_BY_KEY = {option.key: option for option in OPTIONS}


def default_of(key: str) -> object:
    """What the setting is where nobody decides it."""
    return Settings._field_defaults[key]


def check_values(values: Mapping[str, object], where: str, *, from_file: bool = False) -> dict[str, object]:
    """The values as Settings holds them; raises UsageError, which begins with `where`, for the first that cannot be."""
    return {key: _check_value(key, value, where, from_file) for key, value in values.items()}


def _check_value(key: str, value: object, where: str, from_file: bool) -> object:
    option = _BY_KEY.get(key)
    if option is None:
        raise UsageError(f"{where}: there is no setting {key!r}{nearest(key, _BY_KEY)}")
    if from_file and option.once:
        raise UsageError(f"{where}: {key!r} belongs to a single run: give it on the command line")
    try:
        return option.kind.check(value)
    except ValueError:
        raise UsageError(f"{where}: {key} is {value!r}, expected {option.kind.expected}") from None


def nearest(word: str, words: Iterable[str]) -> str:
    """The sentence that names the nearest of the words, or nothing where none is near."""
    from difflib import get_close_matches

    close = get_close_matches(word, list(words), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
