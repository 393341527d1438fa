"""Tests as hooks know them: the leaves of the tree."""

import os
from collections import ChainMap
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from rustest.compat.hooks.nodes import Collector, Directory, Node, OwnNodeError, Session
from rustest.compat.hooks.own_items import NodeBody
from rustest.compat.hooks.python_nodes import Class, Module
from rustest.compat.hooks.representations import LongRepr, long_of
from rustest.compat.names.types import Stash
from rustest.model.calls import CallKind
from rustest.model.failure import Phase, describe
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item as Test
from rustest.model.item import TestFunction
from rustest.model.local_path import LocalPath
from rustest.model.marks import Mark, MarkDecorator
from rustest.model.node import TestNode
from rustest.model.scope import Scope

if TYPE_CHECKING:
    from rustest.authoring.exception_info import ExceptionInfo
    from rustest.compat.config import Config
    from rustest.model.request import Request


class Item(TestNode, Node):
    """A test."""

    config: "Config"
    _name: str | None = None
    live_request: "Request"
    """What a test of a hook's own making asks for fixtures, while it runs."""

    def __init__(
        self,
        name: str,
        parent: Collector | None = None,
        config: "Config | None" = None,
        session: Session | None = None,
        nodeid: str | None = None,
    ) -> None:
        """A test of a hook's own making; as in pytest, its kind says in `runtest` what it does."""
        if parent is None:
            raise TypeError("a test needs a parent: make it with from_parent(parent, name=...)")
        node_id = nodeid or f"{parent.nodeid}{SEPARATOR}{name}"
        self._begin(Test(node_id, _written(parent, node_id, NodeBody(self)), None, ()), config or parent.config, parent)

    @classmethod
    def of(cls, item: Test, config: "Config", parent: Collector) -> Self:
        """The node of a test that rustest has collected itself."""
        node = cls.__new__(cls)
        node._begin(item, config, parent)
        return node

    def _begin(self, item: Test, config: "Config", parent: Collector) -> None:
        TestNode.__init__(self, item, config)
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
    def name(self) -> str:
        """How it is called in its parent."""
        return self._name_in_parent() if self._name is None else self._name

    @name.setter
    def name(self, name: str) -> None:
        self._name = name  # which, as in pytest, is no part of the node id any more

    def _name_in_parent(self) -> str:
        return self._item.function.name

    @property
    def session(self) -> Session:
        """The root of the tree."""
        return cast("Session", self.listchain()[0])

    def let_go(self) -> None:
        """Keep nothing of what an attempt at the test has had."""
        super().let_go()
        self.__dict__.pop("live_request", None)

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
        around = (mark for node in reversed(self.listchain()[:-1]) for mark in getattr(node, "own_markers", ()))
        above = [mark for mark in around if not any(mark is known for known in self._item.marks)]
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
            is_own = isinstance(self._item.function.func, NodeBody)
            self._closure = () if is_own else self.session.closure(self._item.function)
            self._fixturenames = [*self._closure]
        return self._fixturenames

    @fixturenames.setter
    def fixturenames(self, names: Iterable[str]) -> None:
        self._fixturenames = [*names]
        if isinstance(self._item.function.func, NodeBody):
            self._closure = tuple(self._fixturenames)  # which it asks for itself, and hooks add no mark for

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
        """File, line from 0, and the dotted name in it, or what it is called in reports."""
        path, line, name = self.reportinfo()
        return os.path.relpath(path, self.config.rootpath).replace(os.sep, "/"), line, str(name)

    def reportinfo(self) -> tuple[Path | str, int | None, str]:
        """The same with the whole path; a kind of its own may say something else."""
        return self.path, None, ""

    def runtest(self) -> None:
        """What the test does, which only kinds of hooks' own say here; raises NotImplementedError."""
        raise NotImplementedError("a test of a hook's own making says in runtest() what it does")

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]", style: str | None = None) -> object:
        """What is to be said of an exception that the test has raised: a kind of its own may know better."""
        return self._repr_failure_py(excinfo, style)

    def _repr_failure_py(self, excinfo: "ExceptionInfo[BaseException]", style: str | None = None) -> LongRepr:
        return long_of(describe(excinfo.value, Phase.CALL))

    def add_report_section(self, when: str, key: str, content: str) -> None:
        """Add text to what is reported of the test."""
        if content:
            self.report_sections.append((when, key, content))

    def listextrakeywords(self) -> set[str]:
        """More names by which `-k` finds it."""
        return set(self.extra_keyword_matches)


def _written(parent: Collector, node_id: str, body: NodeBody) -> TestFunction:
    """What is known of a test when its node is made; raises OwnNodeError where that has no place in a file."""
    file = parent.file
    if file is None or not node_id.startswith(f"{parent.nodeid}{SEPARATOR}"):
        raise OwnNodeError(f"{node_id} does not stand in a file, as tests do here")
    inside = parent.nodeid.removeprefix(file.nodeid).split(SEPARATOR)[1:]
    name = node_id.removeprefix(f"{parent.nodeid}{SEPARATOR}")
    return TestFunction(file.nodeid, tuple(inside), name, body, None, CallKind.PLAIN, (), (), 1, only_asked=True)
