"""The table of pytest's options that rustest has no option of that spelling and meaning for.

All others are in rustest's own table and mean the same. docs/pytest-settings.md shows both.
"""

import enum
from typing import NamedTuple

from rustest.compat.settings.ini_table import Effect


class Takes(enum.Enum):
    """What may follow an option."""

    NOTHING = enum.auto()
    VALUE = enum.auto()
    VALUES = enum.auto()
    """It may be repeated, with a value each time."""
    MAYBE = enum.auto()
    """It may stand alone, too."""


class PytestOption(NamedTuple):
    """One of pytest's options."""

    flags: tuple[str, ...]
    name: str
    """By which `config.getoption` finds it."""
    takes: Takes
    effect: Effect
    note: str = ""
    overrides: bool = False
    """Whether rustest has the flag too, and means something else."""
    choices: tuple[str, ...] = ()
    """What its value may be; empty where it may be anything."""


_NOTHING, _VALUE, _VALUES, _MAYBE = Takes
_HONOURED, _PASSED_ON, _LOOKS, _TOLD, _REFUSED = Effect


def _looks(*flags: str, takes: Takes = _VALUE, choices: tuple[str, ...] = ()) -> PytestOption:
    return PytestOption(flags, flags[0].lstrip("-").replace("-", "_"), takes, _LOOKS, choices=choices)


PYTEST_OPTIONS = (
    PytestOption(("-c", "--config-file"), "inifilename", _VALUE, _HONOURED, "the file of pytest's settings"),
    PytestOption(("-o", "--override-ini"), "override_ini", _VALUES, _HONOURED, "`NAME=VALUE`, over pytest's settings"),
    PytestOption(("-p",), "plugins", _VALUES, _PASSED_ON),
    PytestOption(("--disable-plugin-autoload",), "disable_plugin_autoload", _NOTHING, _PASSED_ON),
    PytestOption(("--pythonwarnings",), "pythonwarnings", _VALUES, _HONOURED, "as `-W`"),
    PytestOption(("--strict-config",), "strict_config", _NOTHING, _HONOURED),
    PytestOption(("--strict",), "strict", _NOTHING, _HONOURED),
    PytestOption(("--verbosity",), "verbose", _VALUE, _HONOURED),
    PytestOption(("--tb",), "tbstyle", _VALUE, _HONOURED, "`long` is told as `auto`", overrides=True),
    PytestOption(("--durations",), "durations", _VALUE, _HONOURED, "0 lists all", overrides=True),
    PytestOption(("--capture",), "capture", _VALUE, _HONOURED, "`tee-sys` is read as `sys`", overrides=True),
    PytestOption(("--no-showlocals",), "no_showlocals", _NOTHING, _HONOURED),
    PytestOption(("-V",), "version", _NOTHING, _HONOURED),
    PytestOption(("--pyargs",), "pyargs", _NOTHING, _HONOURED, "arguments may be the names of packages"),
    PytestOption(("--continue-on-collection-errors",), "continue_on_collection_errors", _NOTHING, _HONOURED),
    PytestOption(
        ("--assert",),
        "assertmode",
        _VALUE,
        _LOOKS,
        "asserts explain themselves in any case",
        choices=("rewrite", "plain"),
    ),
    _looks("-R")._replace(name="reportchars_R"),
    _looks("--no-fold-skipped", takes=_NOTHING),
    _looks("--force-short-summary", takes=_NOTHING),
    _looks("--xfail-tb", takes=_NOTHING),
    _looks("--code-highlight", choices=("yes", "no")),
    _looks("--trace-config", takes=_NOTHING)._replace(name="traceconfig"),
    _looks("--log-format"),
    _looks("--log-date-format"),
    _looks("--log-cli-level"),
    _looks("--log-cli-format"),
    _looks("--log-cli-date-format"),
    _looks("--log-file"),
    _looks("--log-file-mode", choices=("w", "a")),
    _looks("--log-file-level"),
    _looks("--log-file-format"),
    _looks("--log-file-date-format"),
    _looks("--log-auto-indent"),
    _looks("--doctest-report", choices=("none", "cdiff", "ndiff", "udiff", "only_first_failure"))._replace(
        name="doctestreport"
    ),
    _looks("--doctest-continue-on-failure", takes=_NOTHING),
    _looks("--cov-context"),
    _looks("--no-cov-on-fail", takes=_NOTHING),
    _looks("--timeout-method", choices=("signal", "thread")),
    _looks("--timeout-disable-debugger-detection", takes=_NOTHING),
    _looks("--max-worker-restart"),
    _looks("--maxschedchunk"),
    _looks("--no-loadscope-reorder", takes=_NOTHING),
    _looks("--loadscope-reorder", takes=_NOTHING),
    _looks("--testrunuid"),
    _looks("--cov-precision"),
    PytestOption(("--maxprocesses",), "maxprocesses", _VALUE, _HONOURED, "the most workers that `-n auto` starts"),
    PytestOption(
        ("--dist",),
        "dist",
        _VALUE,
        _HONOURED,
        "tests are dealt out as docs/workers.md says",
        choices=("each", "load", "loadscope", "loadfile", "loadgroup", "worksteal", "no"),
    ),
    PytestOption(("-d",), "distload", _NOTHING, _HONOURED, "as `--dist load`"),
    PytestOption(("--cov-reset",), "cov_reset", _NOTHING, _TOLD, "use --no-cov"),
    PytestOption(
        ("--doctest-ignore-import-errors",),
        "doctest_ignore_import_errors",
        _NOTHING,
        _TOLD,
        "leave such files out with --ignore",
    ),
    PytestOption(("--keep-duplicates",), "keepduplicates", _NOTHING, _TOLD),
    PytestOption(("--collect-in-virtualenv",), "collect_in_virtualenv", _NOTHING, _TOLD),
    PytestOption(("--log-disable",), "logger_disable", _VALUES, _TOLD),
    PytestOption(("--session-timeout",), "session_timeout", _VALUE, _TOLD),
    PytestOption(("--pastebin",), "pastebin", _VALUE, _REFUSED, "nothing is sent anywhere"),
    PytestOption(("--trace",), "trace", _NOTHING, _REFUSED, "write breakpoint() where the test begins, or use --pdb"),
    PytestOption(("--stepwise-skip", "--sw-skip"), "stepwise_skip", _NOTHING, _REFUSED, "deselect the test"),
    PytestOption(("--stepwise-reset", "--sw-reset"), "stepwise_reset", _NOTHING, _REFUSED, "use --cache-clear"),
    PytestOption(("--tx",), "tx", _VALUES, _REFUSED, "-n starts workers on this machine, and --dask on others"),
    PytestOption(("--px",), "px", _VALUES, _REFUSED, "-n starts workers on this machine, and --dask on others"),
    PytestOption(("--rsyncdir",), "rsyncdir", _VALUES, _REFUSED, "no files are copied"),
    PytestOption(("-f", "--looponfail"), "looponfail", _NOTHING, _REFUSED, "call rustest --lf again"),
    PytestOption(("--debug",), "debug", _MAYBE, _REFUSED),
)
