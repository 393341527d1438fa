"""What hooks collect beside rustest: they are called as in pytest, and the tests that they make run.

What they would collect by nodes that cannot be run here is a problem, for a run without it must not be green. A hook
that has nothing to do with the tests at hand says so by giving None.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, TypeGuard, cast

from rustest.collect.discover import discover, node_path
from rustest.collect.members import class_members, member_of, module_members
from rustest.collect.parameters import origin_of
from rustest.collect.rules import is_concrete, make_rules
from rustest.collect.unittest_cases import as_case
from rustest.compat.hooks.collecting_hooks import CollectingHooks, Found
from rustest.compat.hooks.functions import Function
from rustest.compat.hooks.nodes import Collector, Directory, Node, OwnNodeError
from rustest.compat.hooks.own_tests import OwnTests
from rustest.compat.hooks.python_nodes import DoctestModule, DoctestTextfile, Module
from rustest.compat.hooks.refusals import Refusals
from rustest.compat.hooks.ruled_folders import RuledFolders
from rustest.compat.hooks.table import COLLECTING
from rustest.compat.plugins.loading import PluginLoader
from rustest.model.hooks import NOT_READ, Reading
from rustest.model.ids import SEPARATOR
from rustest.model.item import Harvest, Problem, TestFunction
from rustest.model.local_path import LocalPath

if TYPE_CHECKING:
    from rustest.compat.hooks.tree import Tree

_FOLDER, _FILE, _MODULE, _MEMBER = COLLECTING
_OF_EXAMPLES = {DoctestModule, DoctestTextfile}


class _Made(NamedTuple):
    """A node of a hook's own making."""

    hook: str
    plugin: str
    node: Node


class Claims:
    """Asks the hooks, each of every file, folder and thing once."""

    def __init__(self, tree: "Tree", loader: PluginLoader) -> None:
        self._tree = tree
        self._rootdir = tree.config.settings.rootdir
        self._hooks = CollectingHooks(loader, self._rootdir)
        self._rules = make_rules(tree.config.settings)
        parts = (path.partition(SEPARATOR) for path in tree.config.settings.paths)
        self._in_part = {os.path.abspath(file) for file, separator, _ in parts if separator}
        """The files of which only some tests are wanted, so that nothing else of them is missing."""
        self._asked: dict[str, Reading] = {}
        """By path of a file or folder what hooks have it read for."""
        self._refusals = Refusals(loader, self._rootdir)
        self._left_out: set[str] = set()
        """The node ids of functions and classes of which a hook has made nothing, or something else."""
        self._made: dict[str, list[_Made]] = {}
        """By path of a file what hooks have made of it, and of what stands in it."""
        self._harvested: dict[str, Harvest] = {}
        self._ruled = RuledFolders()
        self._held: dict[str, set[type]] = {}
        """By path of a file in such a folder the kinds of what it has made of it."""
        self._replaced: set[str] = set()
        """The test files of which a hook has made a module of its own, which says what stands in them."""

    # --- asking ----------------------------------------------------------------------------------------------

    def before_import(self, path: str) -> None:
        """Ask of a test file."""
        self.reading(path)
        if self._hooks.has(_MODULE):
            found = self._ask(_MODULE, path, self._about(path, "module_path"), node_path(path, self._rootdir))
            if self._keep(_MODULE, path, found):
                self._replaced.add(path)

    def reading(self, path: str) -> Reading:
        """Ask of a file and the folders above it, and say what hooks have it read for."""
        if path in self._asked:
            return self._asked[path]
        if self._hooks.has(_FOLDER) and (folder := os.path.dirname(path)) != self._rootdir:
            self._folder(folder)
        if self._hooks.has(_FILE) or path in self._held:
            if path in self._held:  # by a folder that has asked for it already
                kinds = self._held[path]
            else:
                found = self._ask(_FILE, path, self._about(path, "file_path"), node_path(path, self._rootdir))
                kinds = {type(made) for one in found for made in _flat(one.made)}
                self._keep(_FILE, path, found)
            is_own = path in self._made
            self._asked[path] = Reading(Module in kinds, not kinds.isdisjoint(_OF_EXAMPLES), is_own)
        return self._asked.get(path, NOT_READ)

    def members(self, path: str, module: ModuleType) -> None:
        """Ask of all that stands in a test file."""
        if self._hooks.has(_MEMBER) and path not in self._harvested and path not in self._replaced:
            collector = self._tree.file(node_path(path, self._rootdir), module)
            self._members(collector, module_members(module), None, path)

    def harvested(self, found: Harvest, path: str, module: ModuleType | None) -> Harvest:
        """What a file holds, with what hooks have made of it and of what stands in it."""
        if self._left_out:
            kept = (one for one in found.functions if self._left_out.isdisjoint(_places(one)))
            found = found._replace(functions=tuple(kept))
        if path not in self._made:
            return found
        if path not in self._harvested:
            if module is not None and path not in self._replaced:
                self._tree.file(node_path(path, self._rootdir), module)  # before any other gets its place
            self._harvested[path] = self._gather(path)
        own = self._harvested[path]
        if path in self._replaced:
            found = found._replace(functions=(), problems=())
        return Harvest(
            _in_order((*own.functions, *found.functions), module),
            tuple({one.key: one for one in (*found.fixtures, *own.fixtures)}.values()),
            (*found.problems, *own.problems),
            own.skipped,
        )

    def _gather(self, path: str) -> Harvest:
        tests = OwnTests(self._tree, self._tree.name_value)
        for hook, plugin, node in self._made[path]:
            tests.add(node)
            for place, why in tests.take_refused():
                self._refuse(hook, plugin, path, place, why)
        return tests.harvest()

    def _refuse(self, hook: str, plugin: str, path: str, place: str, why: object) -> None:
        if path not in self._in_part:
            self._refusals.add(hook, plugin, place, why)

    def every_file(self, conftests: Iterable[str]) -> Sequence[str]:
        """The files of the run, if there is a hook to be asked of each; else none.

        `conftests` are those for which nothing was imported, as their folders have no tests for rustest.
        """
        if not (self._hooks.has(_FILE) or any(map(_speaks_of_files, conftests))):
            return ()
        return [file.path for file in discover(self._tree.config.settings._replace(python_files=("*",))).files]

    # --- how -------------------------------------------------------------------------------------------------

    def _about(self, path: str, name: str) -> Mapping[str, object]:
        return {name: Path(path), "path": LocalPath(path), "parent": self._tree.folder(Path(path).parent)}

    def _folder(self, folder: str) -> None:
        if folder in self._asked:
            return
        self._asked[folder] = NOT_READ
        if (above := os.path.dirname(folder)) != self._rootdir and above != folder:
            self._folder(above)
        arguments = {"path": Path(folder), "parent": self._tree.folder(Path(above))}
        for one in self._ask(_FOLDER, folder, arguments, node_path(folder, self._rootdir)):
            if isinstance(one.made, Directory) and type(one.made).__module__ != Directory.__module__:
                self._tree.put_folder(folder, one.made)
                for held in self._ruled.add(folder, one.made):
                    self._keep_held(one.plugin, held)

    def _keep_held(self, plugin: str, held: Node) -> None:
        """Keep a file that a folder of a hook's own has made."""
        path = str(getattr(held, "path", ""))
        self._keep(_FILE, path, [Found(plugin, held)])
        self._held.setdefault(path, set()).add(type(held))

    def leaves_out(self, path: str) -> bool:
        """Whether a folder of a hook's own making does not collect a file or folder."""
        if self._hooks.has(_FOLDER) and (folder := os.path.dirname(path)) != self._rootdir:
            self._folder(folder)
        return self._ruled.leaves_out(path)

    def _members(
        self, collector: Collector, members: Iterable[tuple[str, object]], owner: type | None, path: str
    ) -> None:
        for name, thing in members:
            arguments = {"collector": collector, "name": name, "obj": thing}
            bare = member_of(name, thing, owner).bare
            is_taken, place = self._takes(name, bare), f"{collector.nodeid}{SEPARATOR}{name}"
            found = self._ask(_MEMBER, path, arguments, "" if is_taken else place)
            if any(one.made == [] for one in found) or self._keep(_MEMBER, path, found, is_taken=is_taken):
                self._left_out.add(place)
            elif isinstance(bare, type) and is_taken and as_case(bare) is None:
                self._members(self._tree.inside(collector, name, bare), class_members(bare), bare, path)

    def _keep(self, hook: str, path: str, found: Iterable[Found], *, is_taken: bool = False) -> bool:
        """Keep what hooks have made there for the time when its tests are wanted; whether there is any."""
        made = [_Made(hook, one.plugin, node) for one in found for node in _flat(one.made) if _is_own(node)]
        if is_taken and all(type(one.node) is Function for one in made):
            return False  # which is what rustest makes of it
        if made:
            self._made.setdefault(path, []).extend(made)
        return bool(made)

    def _takes(self, name: str, thing: object) -> bool:
        """Whether rustest collects it itself, whatever a hook has to say of it."""
        if isinstance(thing, type):
            is_named = as_case(thing) is not None or self._rules.is_test_class(name, thing)
            return is_named and is_concrete(thing)
        return self._rules.is_test(name, thing) and origin_of(thing) is not None

    def _ask(self, hook: str, path: str, arguments: Mapping[str, object], place: str) -> list[Found]:
        """What the functions of a hook make, and note those that would make what cannot be run here.

        `place` is the node id of what they are asked of, empty where rustest collects it itself.
        """
        found = self._hooks.ask(hook, os.path.dirname(path), arguments)
        for one in found if place else ():
            if isinstance(one.made, OwnNodeError):
                self._refuse(hook, one.plugin, path, place, one.made)
        return found

    def problems(self) -> Iterator[Problem]:
        """What hooks would collect in vain."""
        yield from self._ruled.problems
        yield from self._refusals.problems()


def _speaks_of_files(conftest: str) -> bool:
    try:
        with open(conftest, "rb") as file:
            return _FILE.encode() in file.read()
    except OSError:
        return False


def _places(function: TestFunction) -> Iterator[str]:
    """The node ids of a test and of the classes that it stands in."""
    place = function.file
    for name in (*function.classes, function.name):
        place = f"{place}{SEPARATOR}{name}"
        yield place


def _flat(made: object) -> Iterator[object]:
    """What a hook has given, also where that is several."""
    return iter(cast("list[object]", made)) if isinstance(made, list) else iter((made,))


def _is_own(made: object) -> TypeGuard[Node]:
    """Whether it is a node of a hook's own making, and no file that rustest is to read as it reads others."""
    return isinstance(made, Node) and type(made) not in (Module, *_OF_EXAMPLES)


def _in_order(functions: Sequence[TestFunction], module: ModuleType | None) -> tuple[TestFunction, ...]:
    """The tests in the order in which they stand in a module; those of no name there come first."""
    places = {name: place for place, (name, _) in enumerate(module_members(module) if module else ())}
    return tuple(sorted(functions, key=lambda one: places.get(one.classes[0] if one.classes else one.name, -1)))
