"""Grows the tree of tests: each test's node once, below the nodes of its class, file and folders."""

import os
import sys
from collections.abc import Iterable, Iterator
from copy import copy
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from rustest.collect.closure import closure_of
from rustest.collect.discover import node_path
from rustest.collect.doctests import Doctest
from rustest.compat.hooks.closure import fixture_names
from rustest.compat.hooks.functions import DoctestItem, Function
from rustest.compat.hooks.items import Item
from rustest.compat.hooks.nodes import Collector, Dir, Directory, Package, Session
from rustest.compat.hooks.own_items import NodeBody
from rustest.compat.hooks.python_nodes import Class, Module, PyCollector
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item as Test
from rustest.model.item import TestFunction

if TYPE_CHECKING:
    from rustest.compat.config import Config
    from rustest.model.hooks import NameValue


GENERATOR = "pytest_generate_tests"


class Tree:
    """The nodes of one run."""

    def __init__(self, config: "Config") -> None:
        self.session = Session(config)
        self.session.closure = self._closure
        self.session.fixtures_of = self._fixtures_of
        self.config = config
        self.name_value: NameValue | None = None
        self._modules: dict[str, ModuleType] = {}
        self._fixtures: dict[str, tuple[FixtureDef, ...]] = {}
        self._places: dict[str, Collector] = {}
        self._items: dict[str, Item] = {}

    def add_module(self, path: str, module: ModuleType) -> None:
        """Remember which module a file has become."""
        self._modules[path] = module

    def add_fixtures(self, file: str, fixtures: Iterable[FixtureDef]) -> None:
        """Remember which fixtures the tests of a file see."""
        self._fixtures[file] = tuple(fixtures)

    def _fixtures_of(self, file: str) -> tuple[FixtureDef, ...]:
        return self._fixtures.get(file, ())

    def _closure(self, function: TestFunction) -> tuple[str, ...]:
        return fixture_names(function, self._fixtures_of(function.file))

    def plannable(self, item: Item, file: str) -> Iterator[str]:
        """The fixtures that a node of a hook's own says it uses, but for those whose params would multiply it."""
        fixtures = self._fixtures_of(file)
        for name in item.fixturenames:
            found = closure_of(item.item.function._replace(arguments=(name,)), fixtures)
            if name != "request" and not any(one.params for several in found.values() for one in several[:1]):
                yield name

    def module_of(self, function: TestFunction) -> ModuleType | None:
        """The module that a test's file has become."""
        return self._modules.get(os.path.join(self.config.settings.rootdir, function.file))

    def has_generator(self, function: TestFunction) -> bool:
        """Whether a test's module or class has a hook of its own that parametrizes."""
        return any(hasattr(holder, GENERATOR) for holder in (self.module_of(function), function.cls) if holder)

    def known(self, node_id: str) -> Item | None:
        """The node of a test by its id; None where nobody has asked for it."""
        return self._items.get(node_id)

    def node(self, item: Test) -> Item:
        """The node of that test."""
        node = self._items.get(item.id)
        if node is None:
            node = self._items[item.id] = self._make(item)
        return node

    def _make(self, item: Test) -> Item:
        body = item.function.func
        if isinstance(body, NodeBody):  # one of several copies of a test
            return copy(body.node).renewed(item)
        kind = DoctestItem if isinstance(body, Doctest) else Function
        return kind.of(item, self.config, self.holder(item.function))

    def put(self, collector: Collector) -> bool:
        """Let a collector of a hook's own making stand where its tests look for what holds them, if none does."""
        is_new = isinstance(collector, PyCollector) and collector.nodeid not in self._places
        if is_new:
            self._places[collector.nodeid] = collector
        return is_new

    def put_item(self, item: Item) -> str:
        """Let a test of a hook's own making stand for itself; its node id, with a number if it has another's."""
        node_id, number = item.nodeid, 0
        while node_id in self._items:
            node_id, number = f"{item.nodeid}_{number}", number + 1
        self._items[node_id] = item.renewed(item.item._replace(id=node_id))
        self.session.items.append(item)
        return node_id

    def holder(self, function: TestFunction) -> Collector:
        """The class or file that holds a test."""
        parent = self.module(function)
        holders = _classes(function)
        for name in function.classes:
            parent = self.inside(parent, name, holders.get(name, function.cls))
        return parent

    def inside(self, parent: Collector, name: str, cls: type | None) -> Collector:
        """The class of that name in a file or class."""
        place = f"{parent.nodeid}{SEPARATOR}{name}"
        if place not in self._places:
            self._places[place] = Class(name, parent, cls, nodeid=place)
        return self._places[place]

    def module(self, function: TestFunction) -> Collector:
        """The file that holds a test."""
        known = self._places.get(function.file)  # as for all tests of a file but the first
        if known is not None:
            return known
        return self.file(function.file, self.module_of(function) or sys.modules.get(function.func.__module__))

    def file(self, file: str, module: ModuleType | None) -> Collector:
        """A file, by its node id, that has become that module."""
        if file not in self._places:
            path = self.config.rootpath / file
            self._places[file] = node = Module(path=path, parent=self.folder(path.parent), nodeid=file)
            node.obj = module
        return self._places[file]

    def put_folder(self, path: str, node: Directory) -> None:
        """Let a folder of a hook's own making stand where rustest's would."""
        self._places[f"{node_path(path, str(self.config.rootpath))}/"] = node

    def folder(self, path: Path) -> Collector:
        """A folder."""
        rootpath = self.config.rootpath
        place = "" if path == rootpath or rootpath not in path.parents else path.relative_to(rootpath).as_posix()
        key = f"{place}/"
        if key not in self._places:
            above = self.folder(path.parent) if place else self.session
            kind = Package if (path / "__init__.py").is_file() else Dir
            self._places[key] = kind(path=path, parent=above, nodeid=place or ".")
        return self._places[key]


def _classes(function: TestFunction) -> dict[str, type]:
    """The innermost class of a test by its name: the outer ones are known to nobody."""
    return {function.classes[-1]: function.cls} if function.classes and function.cls is not None else {}
