"""Tests as hooks know them: the leaves of the tree."""

import sys
from collections import ChainMap
from collections.abc import Callable, Iterator, MutableMapping
from pathlib import Path
from types import MethodType, ModuleType
from typing import TYPE_CHECKING, Any, Self, cast

from rustest.collect.doctests import Doctest
from rustest.compat.hooks.nodes import Class, Collector, Directory, Module, Node, Session
from rustest.compat.names.types import Stash
from rustest.model.item import Case
from rustest.model.item import Item as Test
from rustest.model.local_path import LocalPath
from rustest.model.marks import Mark, MarkDecorator
from rustest.model.node import TestNode
from rustest.model.scope import Scope
from rustest.model.unhandled import Unhandled

if TYPE_CHECKING:
    from doctest import DocTest

    from rustest.compat.config import Config
    from rustest.compat.hooks.known_fixtures import FuncFixtureInfo


class CallSpec:
    """What a test is parametrized with."""

    def __init__(self, case: Case) -> None:
        self.id = case.id
        given = {name: (param.value, param.number) for name, param in case.indirect.items()}
        self.params: dict[str, object] = {name: value for name, (value, _) in given.items()}
        self.params.update(case.direct())
        self.indices = {name: number for name, (_, number) in given.items()} | dict.fromkeys(case.names, 0)
        self.marks = list(case.marks)

    def getparam(self, name: str) -> object:
        """The value of that name; raises ValueError if there is none."""
        if name not in self.params:
            raise ValueError(name)
        return self.params[name]


class Item(TestNode, Node):
    """A test."""

    config: "Config"

    def __init__(self, item: Test, config: "Config", parent: Collector) -> None:
        super().__init__(item, config)
        self.parent = parent
        self.stash = self._store = Stash()
        self._keywords: MutableMapping[str, object] = {}
        self.extra_keyword_matches: set[str] = set()
        self._fixturenames: list[str] | None = None
        self._closure: tuple[str, ...] = ()
        self.report_sections: list[tuple[str, str, str]] = []
        self._report_sections = self.report_sections

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def session(self) -> Session:
        """The root of the tree."""
        return cast("Session", self.listchain()[0])

    def around(self, scope: Scope) -> TestNode:
        """The node of the class, file, folder or run that the test is part of."""
        kinds = {Scope.CLASS: Class, Scope.MODULE: Module, Scope.PACKAGE: Directory, Scope.SESSION: Session}
        kind = kinds.get(scope)
        return cast("TestNode", (self.getparent(kind) if kind else None) or self)

    @property
    def item(self) -> Test:
        """The test as it was collected."""
        return self._item

    def renewed(self, item: Test) -> Self:
        """The same node, of the test as it is by now: it may have marks that it had not when a hook was first asked."""
        self._item = item
        return self

    def settle(self) -> Test:
        """The test with all marks and fixtures that hooks have given it."""
        above = [mark for node in reversed(self.listchain()[:-1]) for mark in getattr(node, "own_markers", ())]
        added = [name for name in self._fixturenames or () if name not in self._closure]
        used = (Mark("usefixtures", tuple(added)),) if added else ()
        if self._added or above or used:
            marks = (*used, *reversed(self._added), *self._item.marks, *above)
            self._item = self._item._replace(marks=marks)
            self._added.clear()
            self._closure += tuple(added)
        return self._item

    @property
    def keywords(self) -> MutableMapping[str, object]:
        """The names by which `-k` finds it; others may be added."""
        return ChainMap(self._keywords, dict(super().keywords))

    @property
    def fixturenames(self) -> list[str]:
        """The names of all fixtures that it comes to use; those that hooks add are set up for it, too."""
        if self._fixturenames is None:
            self._closure = self.session.closure(self._item.function)
            self._fixturenames = [*self._closure]
        return self._fixturenames

    @property
    def own_markers(self) -> list[Mark]:
        """Its marks, nearest first."""
        return list(self.iter_markers())

    def iter_markers_with_node(self, name: str | None = None) -> "Iterator[tuple[Node, Mark]]":
        """Its marks, each with the test."""
        return ((self, mark) for mark in self.iter_markers(name))

    def get_closest_marker(self, name: str, default: Mark | None = None) -> Mark | None:
        """The nearest mark of that name."""
        return next(self.iter_markers(name), default)

    def add_marker(self, marker: str | MarkDecorator, append: bool = True) -> None:
        """Add a mark to this test alone."""
        super().add_marker(marker)

    @property
    def fspath(self) -> LocalPath:
        """The test's file, as plugins older than pathlib know it."""
        return LocalPath(self.path)

    @property
    def location(self) -> tuple[str, int | None, str]:
        """File, line from 0, and the dotted name in it."""
        function = self._item.function
        return function.file, function.line - 1, ".".join((*function.classes, self.name))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The same with the whole path."""
        _, line, name = self.location
        return self.path, line, name

    def add_report_section(self, when: str, key: str, content: str) -> None:
        """Add text to what is reported of the test."""
        if content:
            self.report_sections.append((when, key, content))

    def listextrakeywords(self) -> set[str]:
        """More names by which `-k` finds it."""
        return set(self.extra_keyword_matches)


class DoctestItem(Item):
    """A test that is the examples of a docstring or text file."""

    obj = None

    @property
    def dtest(self) -> "DocTest | None":
        """The examples, as the module doctest has them."""
        body = self._item.function.func
        return body.examples if isinstance(body, Doctest) else None


class Function(Item):
    """A test that is a function or method."""

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        func = self._item.function.func
        return func.written if isinstance(func, Unhandled) else func

    @property
    def obj(self) -> Callable[..., object]:
        """The test's function, bound to its class's instance once there is one; what is put here is called instead."""
        if self.body is not None:
            return self.body
        return self.function if self.instance is None else MethodType(self.function, self.instance)

    @obj.setter
    def obj(self, body: Callable[..., object]) -> None:
        # Whoever puts it here once there is an instance has found a method that knows it.
        self.body = body if self.instance is None else _without_instance(body)

    @property
    def _fixtureinfo(self) -> "FuncFixtureInfo":
        from rustest.compat.hooks.known_fixtures import FuncFixtureInfo

        return FuncFixtureInfo(self)

    @property
    def cls(self) -> type | None:
        """The test's class."""
        return self._item.function.cls

    @property
    def module(self) -> ModuleType:
        """The test's module."""
        holder: Any = self.getparent(Module)
        return holder.obj or sys.modules[self.function.__module__]

    @property
    def callspec(self) -> CallSpec:
        """What it is parametrized with; raises AttributeError where it is not."""
        if self._item.case is None:
            raise AttributeError("callspec")
        return CallSpec(self._item.case)


def _without_instance(body: Callable[..., object]) -> Callable[..., object]:
    def call(_: object, *arguments: object, **named: object) -> object:
        return body(*arguments, **named)

    return call
