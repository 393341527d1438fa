"""The tree of tests as hooks know it: the session, folders, files, classes, and the tests as its leaves."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rustest.collect.rules import make_rules
from rustest.compat.names.types import Stash
from rustest.model.local_path import LocalPath
from rustest.model.marks import Mark, MarkDecorator

if TYPE_CHECKING:
    from rustest.compat.config import Config
    from rustest.compat.hooks.items import Item
    from rustest.compat.hooks.known_fixtures import KnownFixtures
    from rustest.model.fixtures import FixtureDef
    from rustest.model.item import TestFunction


class OwnNodeError(Exception):
    """A hook wants a place in the tree that is of its own making: what it would collect there does not run here."""


class Node:
    """A place in the tree."""

    config: "Config"
    parent: "Collector | None"

    @classmethod
    def from_parent(cls, parent: "Collector", **attributes: Any) -> Any:
        """Raise OwnNodeError: only files and folders can be made, and only those of rustest's own kinds."""
        raise OwnNodeError(
            f"a hook wants to collect a {cls.__name__} itself; rustest collects, and runs no tests of such"
        )

    @property
    def name(self) -> str:
        """How it is called in its parent."""
        raise NotImplementedError

    @property
    def nodeid(self) -> str:
        """The whole id."""
        raise NotImplementedError

    @property
    def session(self) -> "Session":
        """The root of the tree."""
        return cast("Session", self.listchain()[0])

    @property
    def ihook(self) -> Any:
        """The hooks that count here."""
        path: Path = getattr(self, "path", self.config.rootpath)
        return self.config.pluginmanager.relay(str(path if path.is_dir() else path.parent))

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
        self._name, self._nodeid = name, nodeid
        self.path, self.parent, self.config = path, parent, config
        self.stash = Stash()
        self._store = self.stash
        self.own_markers: list[Mark] = []
        self.extra_keyword_matches: set[str] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def name(self) -> str:
        """How it is called in its parent."""
        return self._name

    @property
    def nodeid(self) -> str:
        """The whole id."""
        return self._nodeid

    @property
    def fspath(self) -> LocalPath:
        """The file or folder, as plugins older than pathlib know it."""
        return LocalPath(self.path)

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
        self.exitstatus: int = 0
        self.shouldstop: bool | str = False
        self.shouldfail: bool | str = False
        self.startpath = config.invocation_params.dir
        self.startdir = LocalPath(self.startpath)
        self.closure: Callable[[TestFunction], tuple[str, ...]] = _arguments
        """The names of all fixtures that a test comes to use."""
        self.fixtures_of: Callable[[str], Iterable[FixtureDef]] = _none
        """The fixtures that the tests of a file see."""

    @property
    def _fixturemanager(self) -> "KnownFixtures":
        """What plugins ask which fixtures a test sees."""
        from rustest.compat.hooks.known_fixtures import KnownFixtures

        return KnownFixtures(self.fixtures_of)


def _arguments(function: "TestFunction") -> tuple[str, ...]:
    return function.arguments


def _none(file: str) -> "tuple[FixtureDef, ...]":
    return ()


class FSCollector(Collector):
    """What stands in a file system."""

    @classmethod
    def from_parent(cls, parent: Collector, **attributes: Any) -> Any:
        """The file at that `path`, for hooks that say what it is; raises OwnNodeError for a kind of their own."""
        path = attributes.get("path") or attributes.get("fspath")
        if cls.__module__ != __name__ or path is None:
            return super().from_parent(parent, **attributes)
        path, root = Path(path), parent.config.rootpath
        place = path.relative_to(root).as_posix() if root in path.parents else str(path)
        return cls(path.name, place, path, parent, parent.config)


class Directory(FSCollector):
    """A folder."""


class Dir(Directory):
    """A folder that is no package."""


class Package(Directory):
    """A folder that is a package."""


class File(FSCollector):
    """A file."""


class PyCollector(Collector):
    """A place in Python code."""

    obj: object = None

    @property
    def cls(self) -> object:
        """The class that it is, or stands in; None where it is in none."""
        return None

    def funcnamefilter(self, name: str) -> bool:
        """Whether functions of that name are tests."""
        return make_rules(self.config.settings).names_function(name)

    def classnamefilter(self, name: str) -> bool:
        """Whether classes of that name hold tests."""
        return make_rules(self.config.settings).is_test_class(name, object)

    def istestfunction(self, obj: object, name: str) -> bool:
        """Whether that is a test."""
        return make_rules(self.config.settings).is_test(name, obj) and callable(obj)

    def istestclass(self, obj: type, name: str) -> bool:
        """Whether that class holds tests."""
        return make_rules(self.config.settings).is_test_class(name, obj)

    def _genfunctions(self, name: str, funcobj: object) -> Any:
        """Raise OwnNodeError: so plugins make tests of functions that pytest would make none of, or others."""
        return self.from_parent(self, name=name)


class Module(File, PyCollector):
    """A test file."""

    @property
    def module(self) -> object:
        """The module."""
        return self.obj


class DoctestModule(Module):
    """A Python file that is read for the examples in its docstrings."""


class DoctestTextfile(Module):
    """A text that is read for its examples."""


class Class(PyCollector):
    """A class of tests."""

    @property
    def module(self) -> object:
        """The module that it stands in."""
        return self.getparent(Module).obj

    @property
    def cls(self) -> object:
        """The class that it is."""
        return self.obj
