"""From pytest's settings to rustest's: what each value decides, and what is to be said of the others."""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from rustest.compat.settings.ini import Ini
from rustest.compat.settings.ini_kinds import Read, read_ini
from rustest.compat.settings.ini_table import KNOWN_INI, Effect, KnownIni
from rustest.model.errors import UsageError
from rustest.model.pytest_settings import IniValue

_ALIASES = {"strict_xfail": "xfail_strict"}
"""The older name of each setting that has got a new one."""


class Meant(NamedTuple):
    """What pytest's settings mean here."""

    values: Mapping[str, object]
    """Settings of rustest, by their keys."""
    warnings: tuple[str, ...] = ()
    """What is not honoured and changes what tests do."""
    notes: tuple[str, ...] = ()
    """What is not honoured and changes only looks."""
    idle: tuple[str, ...] = ()
    """The names of those."""


def mean_ini(ini: Ini, *, strict: bool) -> Meant:
    """Interpret the settings, `strict` if the command line says so, too; raises UsageError for a wrong value."""
    read = dict(_read_known(ini))
    values = {row.key: read[row.name] for row in KNOWN_INI if row.key and row.name in read}
    values.update(_rename(read))
    if strict or read.get("strict") is True:
        values = {"strict_markers": True, "xfail_strict": True, **values}
    there = [row for row in KNOWN_INI if row.name in read and read[row.name] != row.harmless]
    told, looks = ([row for row in there if row.effect is effect] for effect in (Effect.TOLD, Effect.LOOKS))
    return Meant(
        _settle(values, ini),
        tuple(_tell(row, ini.values[row.name]) for row in told),
        tuple(_tell(row, ini.values[row.name]) for row in looks),
        tuple(row.name for row in looks),
    )


def read_one(ini: Ini, name: str) -> Read | None:
    """What one setting of the table means; None where it is not there. Raises UsageError where it is wrong."""
    row = next(row for row in KNOWN_INI if row.name == name)
    return read_ini(name, ini.values[name], row.kind, folder_of(ini)) if name in ini.values else None


def is_strict(ini: Ini, given: Mapping[str, object]) -> bool:
    """Whether a setting that nobody knows is an error: the command line says so, or the settings."""
    if given.get("strict_config") or given.get("strict"):
        return True
    own = read_one(ini, "strict_config")
    return bool(read_one(ini, "strict") if own is None else own)


def folder_of(ini: Ini) -> str:
    """The folder that paths in the settings start from."""
    return os.path.dirname(ini.file) if ini.file else os.getcwd()


def unknown_names(ini: Ini) -> tuple[str, ...]:
    """The names that are not in the table."""
    known = {row.name for row in KNOWN_INI}
    return tuple(name for name in ini.values if name not in known)


def _read_known(ini: Ini) -> Iterator[tuple[str, Read]]:
    folder = folder_of(ini)
    for row in KNOWN_INI:
        if row.name in ini.values:
            read = read_ini(row.name, ini.values[row.name], row.kind, folder)
            if row.choices and read not in row.choices:
                choices = ", ".join(row.choices)
                raise UsageError(f"{ini.values[row.name].origin}: {row.name} is {read!r}, expected one of {choices}")
            yield row.name, read


def _rename(read: Mapping[str, Read]) -> Iterator[tuple[str, Read]]:
    """Of a setting with two names the new one counts."""
    keys = {row.name: row.key for row in KNOWN_INI}
    return ((keys[name], read[name]) for name in _ALIASES if name in read)


def _settle(values: Mapping[str, object], ini: Ini) -> Mapping[str, object]:
    """The values as rustest takes them: paths that exist, times as numbers."""
    settled = dict(values)
    paths = settled.get("testpaths")
    if isinstance(paths, list):
        entries = cast("list[str]", paths)
        settled["testpaths"] = [path for path in entries if _is_there(os.path.join(ini.rootdir, path))]
    if isinstance(folder := settled.get("cache_dir"), str):
        settled["cache_dir"] = os.path.expandvars(os.path.expanduser(folder))
    return settled


def _is_there(path: str) -> bool:
    if os.path.exists(path):
        return True
    from glob import iglob

    return any(iglob(path, recursive=True))


def _tell(row: KnownIni, value: IniValue) -> str:
    beside = f"; {row.note}" if row.note else ""
    return f"{row.name} ({value.origin}) has no effect here{beside}"
