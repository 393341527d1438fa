"""What conftest files say of which files and folders are collected."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from rustest.collect.patterns import Patterns
from rustest.compat.config import Config
from rustest.compat.hooks.calling import call_hook
from rustest.model.errors import UsageError
from rustest.model.folders import upward
from rustest.model.ids import SEPARATOR
from rustest.model.local_path import LocalPath

if TYPE_CHECKING:
    from rustest.compat.plugins.registry import Plugins


class Collecting:
    """Asks `pytest_ignore_collect`, then `collect_ignore` and `collect_ignore_glob` of the nearest conftest."""

    def __init__(self, config: Config, modules: Mapping[str, ModuleType]) -> None:
        self._config = config
        self._modules = modules
        paths = [os.path.abspath(path.partition(SEPARATOR)[0]) for path in config.settings.paths]
        self._named = {above for path in paths for above in upward(path)} | {*upward(config.settings.rootdir)}
        """What the command line names, and all above it: that is never left out."""

    def ignores(self, path: str, plugins: "Plugins | None") -> bool:
        """Whether that file or folder is to be left out."""
        if path in self._named:
            return False
        if plugins is not None and plugins.implements("pytest_ignore_collect"):
            hook = plugins.relay(os.path.dirname(path)).pytest_ignore_collect
            arguments = {"collection_path": Path(path), "path": LocalPath(path), "config": self._config}
            said = call_hook("pytest_ignore_collect", lambda: hook(**arguments))
            if said is not None:
                return bool(said)
        return self._is_listed(path)

    def _is_listed(self, path: str) -> bool:
        listed = {
            os.path.normpath(os.path.join(folder, each)) for folder, each in self._nearest(path, "collect_ignore")
        }
        if path in listed:
            return True
        patterns = [os.path.join(folder, each) for folder, each in self._nearest(path, "collect_ignore_glob")]
        return bool(patterns) and Patterns(patterns).match(os.path.basename(path), path)

    def _nearest(self, path: str, name: str) -> list[tuple[str, str]]:
        """The entries of the nearest conftest above that has such a list, each with its folder."""
        for folder in upward(os.path.dirname(path)):
            module = self._modules.get(os.path.join(folder, "conftest.py"))
            found: object = None if module is None else vars(module).get(name)
            if found is not None:
                if not isinstance(found, Iterable) or isinstance(found, str):
                    raise UsageError(f"{folder}/conftest.py: {name} is {found!r}, expected a list of paths")
                return [(folder, os.fspath(each)) for each in cast("Iterable[str]", found)]
        return []
