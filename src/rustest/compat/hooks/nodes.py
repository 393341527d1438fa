"""The tree of tests as hooks know it: the session, folders and files; what stands in these is in other files."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from rustest.compat.names.types import Stash
from rustest.model.ids import SEPARATOR
from rustest.model.local_path import LocalPath
from rustest.model.marks import Mark, MarkDecorator

if TYPE_CHECKING:
    from rustest.authoring.exception_info import ExceptionInfo
    from rustest.compat.config import Config
    from rustest.compat.hooks.items import Item
    from rustest.compat.hooks.known_fixtures import KnownFixtures
    from rustest.model.fixtures import FixtureDef
    from rustest.model.item import TestFunction


class OwnNodeError(Exception):
    """A hook wants a place in the tree that rustest cannot fill: what it would collect there does not run here."""


class Node:
    """A place in the tree."""

    config: "Config"
    parent: "Collector | None"

    @classmethod
    def from_parent(cls, parent: "Collector", **attributes: Any) -> Any:
        """A place of that kind in another one: how hooks make what they collect."""
        return cls(parent=parent, **attributes)  # type: ignore[call-arg] # which kinds take, each in its own way

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

    @property
    def file(self) -> "File | None":
        """The file that it is, or stands in: the outermost, where a kind of file stands for a part of one."""
        return next((node for node in self.listchain() if isinstance(node, File)), None)

    def warn(self, warning: Warning) -> None:
        """Warn of something about it."""
        import warnings

        warnings.warn(warning, stacklevel=2)

    def setup(self) -> None:
        """What comes before the first test in it, and before a test itself: nothing, unless a kind has something."""

    def teardown(self) -> None:
        """What comes after that."""


class Complaint(Exception):  # noqa: N818 - pytest calls it so: `Collector.CollectError`
    """What a collector raises to say, in its own words, why it cannot collect."""


class Collector(Node):
    """A place that holds others."""

    CollectError: ClassVar[type[Exception]] = Complaint

    def __init__(
        self,
        name: str,
        parent: "Collector | None" = None,
        config: "Config | None" = None,
        session: "Session | None" = None,
        **place: Any,
    ) -> None:
        """`place` may have a `path` and a `nodeid`; what is not given is as in the parent, or below it."""
        if unknown := place.keys() - {"path", "nodeid", "fspath"}:
            raise TypeError(f"{type(self).__name__} takes no {' and no '.join(sorted(unknown))}")
        self._name = name
        self.parent = parent
        self.config = config or _given(parent).config
        self.path: Path = Path(place["path"]) if place.get("path") else _given(parent).path
        given: str | None = place.get("nodeid")
        self._nodeid = f"{_given(parent).nodeid}{SEPARATOR}{name}" if given is None else given
        self.stash = self._store = Stash()
        self.own_markers: list[Mark] = []
        self.extra_keyword_matches: set[str] = set()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    @property
    def name(self) -> str:
        """How it is called in its parent."""
        return self._name

    @name.setter
    def name(self, name: str) -> None:
        self._name = name

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

    def collect(self) -> "Iterable[Node]":
        """What it holds; raises NotImplementedError for a kind that does not say."""
        raise NotImplementedError("a collector says in collect() what it holds")

    def repr_failure(self, excinfo: "ExceptionInfo[BaseException]") -> object:
        """What is to be said where it cannot collect."""
        return str(excinfo.value)


def _given(parent: "Collector | None") -> "Collector":
    if parent is None:
        raise TypeError("a node needs a parent: make it with from_parent(parent, ...)")
    return parent


class Session(Collector):
    """The whole run."""

    def __init__(self, config: "Config") -> None:
        super().__init__(config.rootpath.name, None, config, path=config.rootpath, nodeid="")
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
        self.parsed: list[tuple[Any, str]] = []
        """What collectors have had read for fixtures, each with the place whose tests see these."""
        self.tests_of: Callable[[Any], Iterable[Any]] = _itself
        """What a function that a hook has made a test of comes to, multiplied where that is known already."""
        self.import_file: Callable[[str], Any] = _nothing
        """Gives the module of a file."""

    @property
    def known_fixtures(self) -> "KnownFixtures":
        """What plugins ask which fixtures a test sees."""
        from rustest.compat.hooks.known_fixtures import KnownFixtures

        return KnownFixtures(self.fixtures_of, self.parsed.append)

    _fixturemanager = known_fixtures


def _arguments(function: "TestFunction") -> tuple[str, ...]:
    return function.arguments


def _none(file: str) -> "tuple[FixtureDef, ...]":
    return ()


def _itself(made: object) -> tuple[object]:
    return (made,)


def _nothing(path: str) -> None:
    return None


class FSCollector(Collector):
    """What stands in a file system."""

    def __init__(
        self,
        fspath: object = None,
        parent: Collector | None = None,
        path: Path | None = None,
        name: str | None = None,
        **place: Any,
    ) -> None:
        where = Path(cast("Path", path or fspath or _given(parent).path))
        if place.get("nodeid") is None:
            place["nodeid"] = _place(where, _given(parent).config.rootpath)
        super().__init__(name or where.name, parent, path=where, **place)


def _place(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if root in path.parents else str(path)


class Directory(FSCollector):
    """A folder."""

    def collect(self) -> "Iterator[Node]":
        """What hooks and rustest make of all that stands in it, sorted by name."""
        for entry in sorted(self.path.iterdir()):
            if entry.is_file():
                yield from self.ihook.pytest_collect_file(file_path=entry, path=LocalPath(entry), parent=self)
            elif entry.is_dir() and (made := self.ihook.pytest_collect_directory(path=entry, parent=self)) is not None:
                yield made


class Dir(Directory):
    """A folder that is no package."""


class Package(Directory):
    """A folder that is a package."""


class File(FSCollector):
    """A file."""
