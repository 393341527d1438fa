"""The settings of a run: the defaults, over them the project's `[tool.rustest]`, over that what the caller gave."""

import os
from collections.abc import Iterable, Mapping

from rustest.compat.glance import uses_pytest
from rustest.compat.signs import has_ini
from rustest.model.choices import PytestCompat
from rustest.model.errors import UsageError
from rustest.model.folders import common_folder, folders_of, upward
from rustest.model.hints import cast
from rustest.model.settings import Settings

PYPROJECT = "pyproject.toml"
ROOT_FILES = (PYPROJECT, "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git")
"""What makes a folder a project's root where no `[tool.rustest]` does."""

_NAME, _BARE = "rustest", b"\n[rustest"
_MENTION = rb"""(?m)tool["']?\s*\.\s*["']?rustest|^\s*["']?rustest["']?\s*[.=]"""
_HEADING = b"[tool."
_LONGEST = 16
"""How much of a heading is looked at: more than any name that is nearly ours has letters."""

Table = Mapping[str, object]

_NONE: Table = {}


def make_settings(given: Mapping[str, object]) -> Settings:
    """Settle a run's settings from checked values; raises UsageError where the project's own are wrong."""
    rootdir, table = _find_root(given)
    mode = {**(table or {}), **given}.get("pytest_compat", PytestCompat.AUTO)
    settings = layer(rootdir, table or {}, given)
    if mode is PytestCompat.ON or (
        mode is PytestCompat.AUTO and (_hints_at_pytest(given) or _imports_pytest(settings))
    ):
        from rustest.cli.pytest_door import settings_with_pytest

        settings = settings_with_pytest(rootdir, table, given)
    return settle_order(settings)


def _hints_at_pytest(given: Table) -> bool:
    return "pytest" in given or bool(os.environ.get("PYTEST_ADDOPTS")) or has_ini(_paths(given))


def _imports_pytest(settings: Settings) -> bool:
    try:
        return uses_pytest(settings)
    except UsageError:  # which is raised again when the files are collected
        return False


def layer(rootdir: str, *layers: Table) -> Settings:
    """The defaults, and the layers over them, the last wins."""
    decided = dict(Settings._field_defaults)
    for values in layers:
        decided.update(values)
    decided["rootdir"] = rootdir
    return Settings._make(decided.values())  # the defaults came first, so the order is that of the fields


def settle_order(settings: Settings) -> Settings:
    """Settle what follows from other settings; raises UsageError where a memory is asked for and there is none.

    A seed that was left open is picked, `--sw` stops at the first failure, and `--setup-only` goes in order.
    """
    for asked in ("lf", "ff", "nf", "sw"):
        if getattr(settings, asked) and not settings.cache_dir:
            raise UsageError(f"--{asked} needs what earlier runs have left, and cache_dir is empty: give it a folder")
    if settings.randomize == 0:
        settings = settings._replace(randomize=1 + int.from_bytes(os.urandom(2)))
    if settings.is_rehearsal:
        verbosity = settings.verbosity or 1
        settings = settings._replace(setup_show=True, concurrency=1, workers=0, verbosity=verbosity)
    return settings._replace(maxfail=1) if settings.sw else settings


def _find_root(given: Mapping[str, object]) -> tuple[str, Table | None]:
    """The root folder, and the settings that its pyproject.toml makes; None where it makes none."""
    asked = given.get("rootdir")
    if isinstance(asked, str):
        folder = os.path.abspath(os.path.expandvars(asked))
        if not os.path.isdir(folder):
            raise UsageError(f"rootdir {asked!r} is not a folder")
        return folder, read_table(folder)
    start = common_folder(folders_of(_paths(given)))
    for folder in upward(start):
        if (table := read_table(folder)) is not None:
            return folder, table
    return next(filter(_is_root, upward(start)), start), None


def _paths(given: Table) -> tuple[str, ...]:
    return cast("tuple[str, ...]", given.get("paths", ()))


def _is_root(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in ROOT_FILES)


def read_table(folder: str) -> Table | None:
    """The checked `[tool.rustest]` of the folder's pyproject.toml, or None where there is none.

    Raises UsageError where the file cannot be read, or has a table in its place that is only nearly called so.
    """
    file = os.path.join(folder, PYPROJECT)
    try:
        with open(file, "rb") as opened:
            content = opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _parse_table(content, file) if _mentions_us(content) else None  # tomllib costs 8 ms of start-up


def _mentions_us(content: bytes) -> bool:
    """Whether there seems to be a table of ours, or of nearly our name; comments and texts may seem so, too."""
    headings = (rest[:_LONGEST].partition(b"]")[0] for rest in content.split(_HEADING)[1:])
    if any(_is_nearly_ours(heading.partition(b".")[0].decode(errors="replace")) for heading in headings):
        return True
    if _NAME.encode() not in content:
        return False
    if _BARE in b"\n" + content:
        return True
    import re

    return re.search(_MENTION, content) is not None


def _is_nearly_ours(word: str) -> bool:
    """Whether one letter too many, too few or amiss, or two in each other's place, is all that is wrong with it."""
    word = word.casefold().replace("-", "").replace("_", "").strip("\"' ")
    if abs(len(word) - len(_NAME)) > 1:
        return False
    at = next((at for at, letter in enumerate(_NAME) if word[at : at + 1] != letter), len(_NAME))
    found, due = word[at:], _NAME[at:]
    return found[1:] in (due[1:], due) or found == due[1:] or found[1::-1] + found[2:] == due


def _parse_table(content: bytes, file: str) -> Table | None:
    import tomllib

    try:
        document: Table = tomllib.loads(content.decode())
    except ValueError as error:
        raise UsageError(f"{file} cannot be read: {error}") from None
    tools = document.get("tool")
    names: Table = cast("Table", tools) if isinstance(tools, dict) else _NONE
    table = names.get(_NAME)
    if table is None:
        _refuse_neighbours(names, document, file)
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{file}: tool.rustest is {table!r}, expected a table")
    from rustest.cli.options import check_values  # eight modules, for nothing where there is no table

    return check_values(cast("Table", table), f"{file}: [tool.rustest]", from_file=True)


def _refuse_neighbours(names: Iterable[str], document: Table, file: str) -> None:
    """Raise UsageError for a table that is meant to be ours, as far as its name can tell."""
    if _NAME in document:
        raise UsageError(f"{file}: nobody reads [rustest]; call it [tool.rustest]")
    for name in filter(_is_nearly_ours, names):
        raise UsageError(
            f"{file}: rustest does not read [tool.{name}]; did you mean [tool.rustest]? "
            "(where another tool reads it, an empty [tool.rustest] beside it says so)"
        )
