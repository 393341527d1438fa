"""The plugins that installed packages announce, found without importlib.metadata, which takes long to load."""

import os
import sys
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from types import ModuleType
from typing import NamedTuple

GROUP = "pytest11"
"""The entry points by which packages say that they are plugins of pytest's."""


class EntryPoint(NamedTuple):
    """What a package announces, and where it is."""

    name: str
    value: str
    package: str

    @property
    def module(self) -> str:
        """The name of the module that it is, or is in."""
        return self._parts()[0]

    def load(self) -> ModuleType:
        """The plugin; raises ImportError or AttributeError where it is not there."""
        module, path = self._parts()
        return reduce(getattr, filter(None, path.split(".")), import_module(module))

    def _parts(self) -> tuple[str, str]:
        module, _, path = self.value.partition("[")[0].replace(" ", "").partition(":")
        return module, path


def entry_points() -> Iterator[EntryPoint]:
    """All that are installed; of two copies of a package only what the first on the path announces."""
    seen: set[str] = set()
    for folder in dict.fromkeys(path or os.curdir for path in sys.path):
        for name in _packages(folder):
            if (project := _project(name)) not in seen:
                seen.add(project)
                yield from _announced(os.path.join(folder, name, "entry_points.txt"), _spelled(name))


def _packages(folder: str) -> list[str]:
    """The folders in which installers describe packages."""
    try:
        return [name for name in os.listdir(folder) if name.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return []


def _project(name: str) -> str:
    """The package that a folder describes, whatever its version is and however its name is spelled."""
    return _spelled(name).lower().replace(".", "_")


def _spelled(name: str) -> str:
    return os.path.splitext(name)[0].partition("-")[0]


def _announced(path: str, package: str) -> Iterator[EntryPoint]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    section = ""
    for line in map(str.strip, lines):
        if line.startswith("["):
            section = line.strip("[]")
        elif section == GROUP and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), value.strip(), package)
