"""The settings of a run: the defaults, over them the project's `[tool.rustest]`, over that what the caller gave."""

import os
from collections.abc import Mapping

from rustest.compat.glance import uses_pytest
from rustest.compat.hint import has_ini
from rustest.model.choices import PytestCompat
from rustest.model.errors import UsageError
from rustest.model.folders import common_folder, folders_of, upward
from rustest.model.hints import cast
from rustest.model.settings import Settings

PYPROJECT = "pyproject.toml"
ROOT_FILES = (PYPROJECT, "setup.py", "setup.cfg", "pytest.ini", "tox.ini", ".git")
"""What makes a folder a project's root where no `[tool.rustest]` does."""

_NAME = b"rustest"
_MENTION = rb"""(?m)tool["']?\s*\.\s*["']?rustest|^\s*["']?rustest["']?\s*[.=]"""

Table = Mapping[str, object]


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
    """The checked `[tool.rustest]` of the folder's pyproject.toml, or None where there is none."""
    file = os.path.join(folder, PYPROJECT)
    try:
        with open(file, "rb") as opened:
            content = opened.read()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _parse_table(content, file) if _mentions_us(content) else None  # tomllib costs 8 ms of start-up


def _mentions_us(content: bytes) -> bool:
    if _NAME not in content:
        return False
    import re

    return re.search(_MENTION, content) is not None


def _parse_table(content: bytes, file: str) -> Table | None:
    import tomllib

    try:
        tools = tomllib.loads(content.decode()).get("tool")
    except ValueError as error:
        raise UsageError(f"{file} cannot be read: {error}") from None
    table = cast("Table", tools).get("rustest") if isinstance(tools, dict) else None
    if table is None:
        return None
    if not isinstance(table, dict):
        raise UsageError(f"{file}: tool.rustest is {table!r}, expected a table")
    from rustest.cli.options import check_values  # eight modules, for nothing where there is no table

    return check_values(cast("Table", table), f"{file}: [tool.rustest]", from_file=True)
