"""Where pytest's settings stand, and which folder is pytest's root: its rules of precedence."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rustest.compat.settings.ini_files import INI_READERS, read_named
from rustest.model.errors import UsageError
from rustest.model.folders import common_folder, folders_of, upward
from rustest.model.pytest_settings import IniValue


class IniAsked(NamedTuple):
    """What the command line says of where to look."""

    paths: Sequence[str] = ()
    """Files, folders and node ids, as given."""
    config_file: str | None = None
    """What `-c` names."""
    rootdir: str | None = None
    overrides: Sequence[str] = ()
    """What `-o` says, `name=value` each."""


class Ini(NamedTuple):
    """What was found."""

    rootdir: str
    file: str | None
    values: Mapping[str, IniValue]


def find_ini(asked: IniAsked) -> Ini:
    """Find and read pytest's settings from the current folder; raises UsageError for files that are wrong."""
    found = _read_given(asked) if asked.config_file else _search(asked)
    rootdir = found.rootdir if asked.rootdir is None else _given_root(asked.rootdir)
    return Ini(rootdir, found.file, {**found.values, **_overrides(asked.overrides)})


def _read_given(asked: IniAsked) -> Ini:
    """The file of `-c`; what is no regular file, such as /dev/null, stands for no settings at all."""
    path = os.path.abspath(asked.config_file or "")
    if not os.path.exists(path) or os.path.isdir(path):
        raise UsageError(f"-c {asked.config_file}: there is no such file")
    if os.path.isfile(path):
        return Ini(os.path.dirname(path), path, read_named(path) or {})
    root = common_folder(folders_of(asked.paths))
    return Ini(root if os.path.dirname(root) != root else os.getcwd(), path, {})


def _search(asked: IniAsked) -> Ini:
    starts = folders_of(asked.paths)
    ancestor = common_folder(starts)
    found = _locate([ancestor])
    if found is not None or asked.rootdir is not None:
        return found or Ini(ancestor, None, {})
    for folder in upward(ancestor):
        if os.path.isfile(os.path.join(folder, "setup.py")):
            return Ini(folder, None, {})
    found = _locate(starts) if starts and starts != [ancestor] else None
    return found or Ini(_fallback_root(ancestor), None, {})


def _fallback_root(ancestor: str) -> str:
    """The deepest folder that holds the current one and the arguments; not the root of the file system."""
    root = os.path.commonpath([os.getcwd(), ancestor])
    return ancestor if os.path.dirname(root) == root else root


def _locate(starts: Iterable[str]) -> Ini | None:
    """The nearest file that counts, upwards; else a pyproject.toml marks the root though it says nothing of pytest."""
    marker: str | None = None
    for start in starts:
        for folder in upward(start):
            for name, read in INI_READERS.items():
                path = os.path.join(folder, name)
                if not os.path.isfile(path):
                    continue
                if name == "pyproject.toml":
                    marker = marker or path
                values = read(path)
                if values is not None:
                    return Ini(folder, path, values)
    return Ini(os.path.dirname(marker), marker, {}) if marker else None


def _given_root(asked: str) -> str:
    path = os.path.abspath(os.path.expandvars(asked))
    if not os.path.isdir(path):
        raise UsageError(f"rootdir {asked!r} is not a folder")
    return path


def _overrides(given: Iterable[str]) -> Mapping[str, IniValue]:
    """The last of each name counts."""
    pairs = [(text, *text.partition("=")) for text in given]
    for text, _, separator, _ in pairs:
        if not separator:
            raise UsageError(f"-o {text}: expected NAME=VALUE")
    return {name: IniValue(value, False, "-o") for _, name, _, value in pairs}
