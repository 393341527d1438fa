"""Which files to collect: what the command line names, and what stands below the folders it names."""

import os
from collections.abc import Callable, Iterator

from rustest.collect.errors import failure_of
from rustest.collect.ignored import Ignored
from rustest.collect.patterns import Patterns
from rustest.model.errors import UsageError
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings

_PYTHON = ".py"
_TEXTS = (".txt", ".rst")
"""What text files end in that may be named without more ado."""
_CONFTEST = "conftest.py"
_NO_DOCTESTS = frozenset({"__main__.py", "setup.py"})
"""Programs, which importing them would run."""


class WantedFile(NamedTuple):
    """A file to collect."""

    path: str
    """Absolute."""
    file: str
    """Its node id: the path below the root folder, with forward slashes."""
    names: frozenset[str]
    """What was asked for in it, as node ids go on after the file: `TestC::test_y[case]`; none means all of it."""
    is_test: bool = True
    """Whether it is a test file; any other is read for its doctests alone."""
    is_read: bool = True
    """Whether it is read at all, if no hook makes something of it."""
    is_named: bool = True
    """Whether it was found by its name; any other is there only for hooks to look at."""

    @property
    def is_text(self) -> bool:
        """Whether it is no Python file."""
        return not self.path.endswith(_PYTHON)


class Discovery(NamedTuple):
    """The files in the order in which they run, and the folders that could not be read."""

    files: tuple[WantedFile, ...]
    problems: tuple[Problem, ...]
    conftests: tuple[str, ...] = ()
    """The paths of the conftest files in all folders that were looked through, whether these hold tests or not."""
    arguments: tuple[str, ...] = ()
    """The paths of the files and folders that were asked for."""

    def rank(self, path: str) -> tuple[int, list[str]]:
        """What sorts files as they are found: by what was asked for, and in that by name, folders among files."""
        asked = (number for number, argument in enumerate(self.arguments) if is_below(path, argument))
        return next(asked, len(self.arguments)), path.split(os.sep)


def discover(settings: Settings) -> Discovery:
    """Find the files to collect; raises UsageError for a path that does not exist."""
    return _Discoverer(settings).discover()


def node_path(path: str, rootdir: str) -> str:
    """The node id of a file or folder: its path below the root folder with forward slashes, `""` for the root."""
    prefix = os.path.join(rootdir, "")
    if path == rootdir:
        return ""
    below = path[len(prefix) :] if path.startswith(prefix) else os.path.relpath(path, rootdir)
    return below.replace(os.sep, "/")


def is_below(path: str, rootdir: str) -> bool:
    """Whether the path is the root folder or stands below it."""
    return path == rootdir or path.startswith(os.path.join(rootdir, ""))


class _Discoverer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._cwd = os.getcwd()
        self._files = Patterns(settings.python_files)
        self._texts = Patterns(settings.doctest_glob)
        self._pruned = Patterns((*settings.norecursedirs, "__pycache__"))
        self._ignored = Ignored(settings.ignore, settings.rootdir)
        self._found: dict[str, set[str]] = {}
        """By absolute path the names asked for; an empty set takes the whole file."""
        self._only_doctests: set[str] = set()
        self._others: set[str] = set()
        """Those that are named, and that rustest itself does not read."""
        self._conftests: list[str] = []
        self._problems: list[Problem] = []

    def discover(self) -> Discovery:
        arguments = self._arguments()
        for argument in arguments:
            self._take(argument)
        rootdir = self._settings.rootdir
        files = (
            WantedFile(
                path,
                node_path(path, rootdir),
                frozenset(names),
                path not in self._only_doctests and path not in self._others,
                path not in self._others,
            )
            for path, names in self._found.items()
        )
        asked = tuple(os.path.normpath(os.path.join(self._cwd, one.partition(SEPARATOR)[0])) for one in arguments)
        return Discovery(tuple(files), tuple(self._problems), tuple(self._conftests), asked)

    def _arguments(self) -> tuple[str, ...]:
        """As in pytest, `testpaths` counts in the root folder; in a folder below it, that folder is meant."""
        rootdir = self._settings.rootdir
        if self._settings.paths:
            return self._settings.paths
        if self._cwd != rootdir and is_below(self._cwd, rootdir):
            return (self._cwd,)
        return tuple(path for entry in self._settings.testpaths for path in _test_paths(entry, rootdir)) or (rootdir,)

    def _take(self, argument: str) -> None:
        typed, separator, names = argument.partition(SEPARATOR)
        path = os.path.normpath(os.path.join(self._cwd, typed))
        if self._ignored.covers(path):
            return
        if os.path.isdir(path):
            if separator:
                raise UsageError(f"{argument}: {typed} is a folder; only a file can be followed by {SEPARATOR}")
            for file in self._walk(path, os.path.realpath(path), frozenset()):
                self._found[file] = set()
        elif not os.path.isfile(path):
            raise UsageError(f"no such file or folder: {typed}{near_names(typed, path)}")
        else:
            if not path.endswith((_PYTHON, *_TEXTS)) and not self._texts.match(os.path.basename(path), path):
                self._others.add(path)
            self._add(path, names if separator else None)

    def _add(self, path: str, name: str | None) -> None:
        """Take a file that is named, whatever its name."""
        self._only_doctests.discard(path)
        if name is None:
            self._found[path] = set()
        elif self._found.setdefault(path, {name}):
            self._found[path].add(name)

    def _walk(self, folder: str, real: str, above: frozenset[str]) -> Iterator[str]:
        """The test files below a folder, files and folders sorted by name together.

        `real` is its path without symbolic links, `above` has those of the folders on the way here: a link to one of
        them would lead round for ever.
        """
        inside = above | {real}
        for entry in self._list(folder):
            if self._ignored.match(entry.path):
                continue
            if not _is(entry.is_dir):
                if self._holds_tests(entry) and _is(entry.is_file):
                    yield entry.path
            elif not self._pruned.match(entry.name, entry.path) and not _is_virtual_environment(entry.path):
                target = os.path.realpath(entry.path) if entry.is_symlink() else os.path.join(real, entry.name)
                if target not in inside:
                    yield from self._walk(entry.path, target, inside)

    def _holds_tests(self, entry: "os.DirEntry[str]") -> bool:
        name, path = entry.name, entry.path
        if self._files.match(name, path):
            return True
        if name.endswith(_PYTHON):
            if name == _CONFTEST:
                self._conftests.append(path)
            is_read = self._settings.doctest_modules and name not in _NO_DOCTESTS
        else:
            is_read = self._texts.match(name, path)
        if is_read and path not in self._found:
            self._only_doctests.add(path)
        return is_read

    def _list(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as listing:
                return sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            self._problems.append(Problem(node_path(folder, self._settings.rootdir), failure_of(error)))
            return []


def _is(kind: Callable[[], bool]) -> bool:
    """What an entry of a folder says of its kind, for which the system need not be asked again."""
    try:
        return kind()
    except OSError:  # a symbolic link that leads to itself
        return False


def _is_virtual_environment(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "pyvenv.cfg"))


def _test_paths(entry: str, rootdir: str) -> list[str]:
    """The paths that an entry of `testpaths` stands for."""
    path = os.path.join(rootdir, entry)
    if os.path.exists(path):
        return [path]
    from glob import glob

    if found := sorted(glob(path, recursive=True)):
        return found
    raise UsageError(
        f"testpaths in the settings names {entry!r}, and there is no such file or folder{near_names(entry, path)}"
    )


def near_names(typed: str, path: str) -> str:
    """What else the user may have meant: the names most like the first part of the path that does not exist."""
    while not os.path.isdir(folder := os.path.dirname(path)):
        path, typed = folder, os.path.dirname(typed)
    from difflib import get_close_matches

    above = os.path.dirname(typed)
    near = get_close_matches(os.path.basename(path), sorted(os.listdir(folder)))
    return f"; did you mean {' or '.join(os.path.join(above, name) for name in near)}?" if near else ""
