"""From pytest's options to rustest's settings."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from sys import maxsize
from typing import NamedTuple

from rustest.compat.settings.ini_table import Effect
from rustest.compat.settings.options import PYTEST_OPTIONS, PytestOption
from rustest.model.errors import UsageError


class Told(NamedTuple):
    """What to say of options without effect."""

    warnings: tuple[str, ...]
    """Of those that change what tests do."""
    notes: tuple[str, ...]
    """Of those that change looks."""
    idle: tuple[str, ...]
    """Those."""


def tell_options(given: Mapping[str, object]) -> Told:
    """What to say of options without effect; raises UsageError for one that a run must not ignore."""
    there = [row for row in PYTEST_OPTIONS if row.name in given]
    for row in there:
        if row.effect is Effect.REFUSED:
            raise UsageError(_refuse(row))
    told = (*map(_tell, _of(Effect.TOLD, there)), *_tell_dist(given.get("dist")))
    looks = [*_of(Effect.LOOKS, there)]
    return Told(told, tuple(map(_tell, looks)), tuple(row.flags[0] for row in looks))


def _tell_dist(how: object) -> Iterator[str]:
    """What of a way to deal tests out is not as pytest-xdist has it."""
    match how:
        case "each":
            yield "--dist each has no effect here: each test runs once"
        case "loadgroup":
            yield "--dist loadgroup: mark.xdist_group has no effect here; tests marked serial(name) share a worker"
        case "loadfile" | "loadscope":
            yield f"--dist {how}: the sync tests of a file stay together, and async tests that may overlap need not"
        case _:
            pass


def _of(effect: Effect, rows: Iterable[PytestOption]) -> Iterator[PytestOption]:
    return (row for row in rows if row.effect is effect)


def option_values(given: Mapping[str, object]) -> dict[str, object]:
    """The settings of rustest that the options decide, as they would stand in a file."""
    return dict(_values(given))


def _values(given: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The settings that the options decide, as they would stand in a file."""
    for name, value in given.items():
        match name, value:
            case "tbstyle", str():
                yield "tb", "auto" if value == "long" else value
            case "capture", str():
                yield "capture", "sys" if value == "tee-sys" else value
            case "durations", str():
                yield "durations", _count(value, "--durations") or maxsize
            case "verbose", str():
                yield "verbosity", _count(value, "--verbosity")
            case "no_showlocals", _:
                yield "showlocals", False
            case "pythonwarnings", list():
                yield "filterwarnings", value
            case _:
                pass  # read where it is needed, or of no effect


def _count(text: str, flag: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UsageError(f"{flag} {text}: expected a whole number") from None


def find_packages(paths: Sequence[str]) -> list[str]:
    """The paths, with the folder or file of a package in place of its name: what `--pyargs` means."""
    return [path if os.path.exists(path.partition("::")[0]) else _find_package(path) for path in paths]


def _find_package(path: str) -> str:
    from importlib.util import find_spec

    name, separator, rest = path.partition("::")
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        return path
    origin = os.path.dirname(spec.origin) if spec.submodule_search_locations else spec.origin
    return f"{origin}{separator}{rest}"


def _refuse(row: PytestOption) -> str:
    hint = f": {row.note}" if row.note else ""
    return f"{row.flags[0]} of pytest's is not supported{hint}"


def _tell(row: PytestOption) -> str:
    hint = f"; {row.note}" if row.note else ""
    return f"{row.flags[0]} has no effect here{hint}"
