"""Grows the tree of tests: each test's node once, below the nodes of its class, file and folders."""

import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from rustest.compat.nodes import Class, Collector, Dir, Function, Item, Module, Package, Session
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item as Test
from rustest.model.item import TestFunction

if TYPE_CHECKING:
    from rustest.compat.config import Config


class Tree:
    """The nodes of one run."""

    def __init__(self, config: "Config") -> None:
        self.session = Session(config)
        self._config = config
        self._modules: dict[str, ModuleType] = {}
        self._places: dict[str, Collector] = {}
        self._items: dict[str, Item] = {}

    def add_module(self, path: str, module: ModuleType) -> None:
        """Remember which module a file has become."""
        self._modules[path] = module

    def node(self, item: Test) -> Item:
        """The node of that test."""
        node = self._items.get(item.id)
        if node is None:
            node = self._items[item.id] = Function(item, self._config, self.holder(item.function))
        return node

    def holder(self, function: TestFunction) -> Collector:
        """The class or file that holds a test."""
        place, parent = function.file, self.module(function)
        holders = _classes(function)
        for name in function.classes:
            place = f"{place}{SEPARATOR}{name}"
            if place not in self._places:
                self._places[place] = made = Class(name, place, parent.path, parent, self._config)
                made.obj = holders.get(name, function.cls)
            parent = self._places[place]
        return parent

    def module(self, function: TestFunction) -> Collector:
        """The file that holds a test."""
        file = function.file
        if file not in self._places:
            path = self._config.rootpath / file
            self._places[file] = node = Module(path.name, file, path, self._folder(path.parent), self._config)
            node.obj = self._modules.get(str(path)) or sys.modules.get(function.func.__module__)
        return self._places[file]

    def _folder(self, path: Path) -> Collector:
        rootpath = self._config.rootpath
        place = "" if path == rootpath or rootpath not in path.parents else path.relative_to(rootpath).as_posix()
        key = f"{place}/"
        if key not in self._places:
            above = self._folder(path.parent) if place else self.session
            kind = Package if (path / "__init__.py").is_file() else Dir
            self._places[key] = kind(path.name, place or ".", path, above, self._config)
        return self._places[key]


def _classes(function: TestFunction) -> dict[str, type]:
    """The innermost class of a test by its name: the outer ones are known to nobody."""
    return {function.classes[-1]: function.cls} if function.classes and function.cls is not None else {}
