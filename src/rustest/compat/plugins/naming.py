"""Who names a plugin, in words: for the message that it cannot be imported."""

import os
from itertools import pairwise
from types import ModuleType
from typing import cast

from rustest.compat.settings.ini_kinds import IniKind, read_ini, split_words
from rustest.model.pytest_settings import PytestSettings

ENVIRONMENT = "PYTEST_PLUGINS"
_ADDOPTS = "PYTEST_ADDOPTS"


def option_that_names(name: str, pytest: PytestSettings) -> str:
    """Where the option `-p` names it."""
    written = pytest.ini.get("addopts")
    if written is not None and _is_named(name, cast("list[str]", read_ini("addopts", written, IniKind.ARGS, ""))):
        return f"addopts of {written.origin}"
    return _ADDOPTS if _is_named(name, split_words(os.environ.get(_ADDOPTS, ""))) else "-p"


def place_of_names(module: ModuleType) -> str:
    """Where a module names others."""
    return f"pytest_plugins of {getattr(module, '__file__', None) or module.__name__}"


def _is_named(name: str, words: list[str]) -> bool:
    return f"-p{name}" in words or ("-p", name) in pairwise(words)
