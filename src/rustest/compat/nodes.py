"""The tree of tests as hooks know it: the session, folders, files, classes, and the tests as its leaves."""

import sys
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rustest.model.item import Case
from rustest.model.item import Item as Test
from rustest.model.marks import Mark, MarkDecorator
from rustest.model.node import TestNode

if TYPE_CHECKING:
    from rustest.compat.config import Config


class Node:
    """A place in the tree."""

    name: str
    nodeid: str
    config: "Config"
    parent: "Collector | None"

    @property
    def session(self) -> "Session":
        """The root of the tree."""
        root: Any = self.listchain()[0]
        return root

    @property
    def ihook(self) -> Any:
        """The hooks."""
        return self.config.hook

    def listchain(self) -> "list[Node]":
        """All places from the session down to this one."""
        chain: list[Node] = [self]
        while (above := chain[-1].parent) is not None:
            chain.append(above)
        return chain[::-1]

    def listnames(self) -> list[str]:
        """Their names."""
        return [node.name for node in self.listchain()]

    def iter_parents(self) -> "Iterator[Node]":
        """It and all above it."""
        return reversed(self.listchain())

    def getparent(self, cls: type) -> Any:
        """The nearest of that kind, this one or above it."""
        return next((node for node in self.iter_parents() if isinstance(node, cls)), None)

    def warn(self, warning: Warning) -> None:
        """Warn of something about it."""
        import warnings

        warnings.warn(warning, stacklevel=2)


class Collector(Node):
    """A place that holds others."""

    def __init__(self, name: str, nodeid: str, path: Path, parent: "Collector | None", config: "Config") -> None:
        self.name, self.nodeid, self.path, self.parent, self.config = name, nodeid, path, parent, config
        self.stash: dict[Any, Any] = {}
        self._store = self.stash
        self.own_markers: list[Mark] = []
        self.extra_keyword_matches: set[str] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def fspath(self) -> Path:
        """The file or folder."""
        return self.path

    @property
    def keywords(self) -> Mapping[str, object]:
        """The names of all places from the session down to it."""
        return dict.fromkeys(self.listnames(), True)

    def iter_markers(self, name: str | None = None) -> Iterator[Mark]:
        """The marks that were added to it and to those above."""
        for node in self.iter_parents():
            for mark in getattr(node, "own_markers", ()):
                if name is None or mark.name == name:
                    yield mark

    def get_closest_marker(self, name: str, default: Mark | None = None) -> Mark | None:
        """The nearest mark of that name."""
        return next(self.iter_markers(name), default)

    def add_marker(self, marker: str | MarkDecorator, append: bool = True) -> None:
        """Add a mark to all tests below it."""
        mark = Mark(marker) if isinstance(marker, str) else marker.mark
        self.own_markers.insert(len(self.own_markers) if append else 0, mark)


class Session(Collector):
    """The whole run."""

    def __init__(self, config: "Config") -> None:
        super().__init__(config.rootpath.name, "", config.rootpath, None, config)
        self.items: list[Item] = []
        self.testscollected = 0
        self.testsfailed = 0
        self.exitstatus = 0
        self.shouldstop: bool | str = False
        self.shouldfail: bool | str = False
        self.startpath = config.invocation_params.dir
        self.startdir = self.startpath


class Directory(Collector):
    """A folder."""


class Dir(Directory):
    """A folder that is no package."""


class Package(Directory):
    """A folder that is a package."""


class FSCollector(Collector):
    """What stands in a file system."""


class File(FSCollector):
    """A file."""


class PyCollector(Collector):
    """A place in Python code."""

    obj: object = None


class Module(File, PyCollector):
    """A test file."""

    @property
    def module(self) -> object:
        """The module."""
        return self.obj


class Class(PyCollector):
    """A class of tests."""

    @property
    def cls(self) -> object:
        """The class."""
        return self.obj


class CallSpec:
    """What a test is parametrized with."""

    def __init__(self, case: Case) -> None:
        self.id = case.id
        given = {name: (param.value, param.number) for name, param in case.indirect.items()}
        self.params: dict[str, object] = {name: value for name, (value, _) in given.items()}
        self.params.update(case.values)
        self.indices = {name: number for name, (_, number) in given.items()} | dict.fromkeys(case.values, 0)
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
        self._store = self.stash
        self._keywords: MutableMapping[str, object] = {}
        self.extra_keyword_matches: set[str] = set()
        self.funcargs: dict[str, object] = {}
        self.fixturenames: list[str] = list(item.function.arguments)
        self._report_sections: list[tuple[str, str, str]] = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def item(self) -> Test:
        """The test as it was collected."""
        return self._item

    def settle(self) -> Test:
        """The test with all marks that hooks have given it."""
        above = [mark for node in reversed(self.listchain()[:-1]) for mark in getattr(node, "own_markers", ())]
        if self._added or above:
            marks = (*reversed(self._added), *self._item.marks, *above)
            self._item = self._item._replace(marks=marks)
            self._added.clear()
        return self._item

    @property
    def keywords(self) -> MutableMapping[str, object]:  # type: ignore[override]
        """The names by which `-k` finds it; others may be added."""
        return ChainMap(self._keywords, dict(super().keywords))

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
    def fspath(self) -> Path:
        """The test's file."""
        return self.path

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
            self._report_sections.append((when, key, content))

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        """Call this when the test is torn down."""
        self.finalizers.append(finalizer)

    @property
    def finalizers(self) -> list[Callable[[], object]]:
        """What is to be called then, the latest last."""
        found: list[Callable[[], object]] = self.__dict__.setdefault("_finalizers", [])
        return found

    def listextrakeywords(self) -> set[str]:
        """More names by which `-k` finds it."""
        return set(self.extra_keyword_matches)


class Function(Item):
    """A test that is a function or method."""

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        return self._item.function.func

    @property
    def obj(self) -> Callable[..., object]:
        """The test's function; of a method that of its class."""
        return self._item.function.func

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
