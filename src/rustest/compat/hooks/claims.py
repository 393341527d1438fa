"""What hooks would collect beside rustest: they are called as in pytest, and what they claim for themselves is told.

Such tests do not run here, and a run without them must not be green: so each hook that claims some is a problem. One
that has nothing to do with the tests at hand says so by giving None.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

from rustest.collect.discover import discover, node_path
from rustest.collect.members import class_members, member_of, module_members
from rustest.collect.parameters import origin_of
from rustest.collect.rules import is_concrete, make_rules
from rustest.collect.unittest_cases import as_case
from rustest.compat.hooks.calling import hook_error
from rustest.compat.hooks.nodes import Collector, DoctestModule, DoctestTextfile, Module, Node, OwnNodeError
from rustest.compat.hooks.table import COLLECTING
from rustest.compat.plugins.loading import PluginLoader
from rustest.model.failure import Phase, problem
from rustest.model.hooks import NOT_READ, Reading
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem, TestFunction
from rustest.model.local_path import LocalPath

if TYPE_CHECKING:
    from rustest.compat.hooks.tree import Tree

_FOLDER, _FILE, _MODULE, _MEMBER = COLLECTING
_WRAPS = "it wraps what collects in pytest, and here rustest does"
_OF_EXAMPLES = {DoctestModule, DoctestTextfile}
_NAMED = 5
"""So many of what a hook claims are named, the rest counted."""


class Claims:
    """Asks the hooks, each of every file, folder and thing once."""

    def __init__(self, tree: "Tree", loader: PluginLoader) -> None:
        self._tree, self._loader = tree, loader
        self._rootdir = tree.config.settings.rootdir
        self._rules = make_rules(tree.config.settings)
        parts = (path.partition(SEPARATOR) for path in tree.config.settings.paths)
        self._in_part = {os.path.abspath(file) for file, separator, _ in parts if separator}
        """The files of which only some tests are wanted, so that nothing else of them is missing."""
        self._asked: dict[str, Reading] = {}
        """By path of a file or folder what hooks have it read for."""
        self._given_up: set[tuple[str, str]] = set()
        """By hook and plugin those that are not called any more."""
        self._claims: dict[tuple[str, str], dict[str, None]] = {}
        """By hook and plugin what it would collect."""
        self._left_out: set[str] = set()
        """The node ids of functions and classes of which a hook has made nothing."""

    # --- asking ----------------------------------------------------------------------------------------------

    def before_import(self, path: str) -> None:
        """Ask of a test file."""
        self.reading(path)
        if self._has(_MODULE):
            self._ask(_MODULE, path, self._about(path, "module_path"), node_path(path, self._rootdir))

    def reading(self, path: str) -> Reading:
        """Ask of a file and the folders above it, and say what hooks have it read for."""
        if path in self._asked:
            return self._asked[path]
        if self._has(_FOLDER) and (folder := os.path.dirname(path)) != self._rootdir:
            self._folder(folder)
        if self._has(_FILE):
            found = self._ask(_FILE, path, self._about(path, "file_path"), node_path(path, self._rootdir))
            kinds = {type(made) for made in found}
            self._asked[path] = Reading(Module in kinds, not kinds.isdisjoint(_OF_EXAMPLES))
        return self._asked.get(path, NOT_READ)

    def members(self, path: str, module: ModuleType) -> None:
        """Ask of all that stands in a test file."""
        if self._has(_MEMBER):
            collector = self._tree.file(node_path(path, self._rootdir), module)
            self._members(collector, module_members(module), None, path)

    def leave_out(self, functions: Sequence[TestFunction]) -> Sequence[TestFunction]:
        """The tests without those of which a hook has made nothing, by giving an empty list."""
        return [one for one in functions if self._left_out.isdisjoint(_places(one))] if self._left_out else functions

    def others(self, conftests: Iterable[str], tests: Iterable[str]) -> Iterator[str]:
        """The files of the run that are none of its test files.

        `conftests` are those for which nothing was imported, as their folders have no tests for rustest.
        """
        if self._has(_FILE) or any(map(_speaks_of_files, conftests)):
            everything = discover(self._tree.config.settings._replace(python_files=("*",))).files
            known = frozenset(tests)
            yield from (wanted.path for wanted in everything if wanted.path not in known)

    # --- how -------------------------------------------------------------------------------------------------

    def _has(self, hook: str) -> bool:
        return self._loader.plugins is not None and self._loader.plugins.implements(hook)

    def _about(self, path: str, name: str) -> Mapping[str, object]:
        return {name: Path(path), "path": LocalPath(path), "parent": self._tree.folder(Path(path).parent)}

    def _folder(self, folder: str) -> None:
        if folder in self._asked:
            return
        self._asked[folder] = NOT_READ
        if (above := os.path.dirname(folder)) != self._rootdir and above != folder:
            self._folder(above)
        arguments = {"path": Path(folder), "parent": self._tree.folder(Path(above))}
        self._ask(_FOLDER, folder, arguments, node_path(folder, self._rootdir))

    def _members(
        self, collector: Collector, members: Iterable[tuple[str, object]], owner: type | None, path: str
    ) -> None:
        for name, thing in members:
            arguments = {"collector": collector, "name": name, "obj": thing}
            bare = member_of(name, thing, owner).bare
            is_taken, place = self._takes(name, bare), f"{collector.nodeid}{SEPARATOR}{name}"
            if [] in self._ask(_MEMBER, path, arguments, "" if is_taken else place):
                self._left_out.add(place)
            elif isinstance(bare, type) and is_taken and as_case(bare) is None:
                self._members(self._tree.inside(collector, name, bare), class_members(bare), bare, path)

    def _takes(self, name: str, thing: object) -> bool:
        """Whether rustest collects it itself, whatever a hook has to say of it."""
        if isinstance(thing, type):
            is_named = as_case(thing) is not None or self._rules.is_test_class(name, thing)
            return is_named and is_concrete(thing)
        return self._rules.is_test(name, thing) and origin_of(thing) is not None

    def _ask(self, hook: str, path: str, arguments: Mapping[str, object], place: str) -> list[object]:
        """Call the functions of a hook, and note those that make something of their own; what they have made.

        `place` is the node id of what they are asked of, empty where rustest collects it itself.
        """
        plugins = self._loader.open()
        found: list[object] = []
        for one in reversed(getattr(plugins.relay(os.path.dirname(path)), hook).get_hookimpls()):
            if (hook, one.plugin_name) in self._given_up:
                continue
            if one.wrapper or one.hookwrapper:
                self._give_up(hook, one.plugin_name, _WRAPS)
                continue
            made = self._call(hook, one, [arguments[argument] for argument in one.argnames])
            found.append(made)
            if place and path not in self._in_part and _is_own(made):
                self._claims.setdefault((hook, one.plugin_name), {})[place] = None
            if made is not None and hook != _FILE:
                break
        return found

    def _call(self, hook: str, one: Any, arguments: list[object]) -> object:
        """What one function gives; OwnNodeError where it was about to make something of its own."""
        try:
            return one.function(*arguments)
        except OwnNodeError as own:
            return own
        except Exception as error:
            if os.path.isabs(one.plugin_name):  # the path of a conftest
                raise hook_error(hook, error) from error
            # a plugin that is merely installed must not end the run
            self._give_up(hook, one.plugin_name, f"it raised {type(error).__name__}: {error}")
            return None

    def _give_up(self, hook: str, name: str, why: str) -> None:
        self._given_up.add((hook, name))
        self._loader.notes.append(f"{hook} of {self._loader.place_of(name, self._rootdir)} is not run: {why}")

    # --- telling ---------------------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        """What the hooks claim, one problem for each."""
        for (hook, name), places in self._claims.items():
            claimed = [*places]
            place = self._loader.place_of(name, self._rootdir)
            more = f" and {len(claimed) - _NAMED} more" if len(claimed) > _NAMED else ""
            kept_out = "these files (--ignore)"
            if not os.path.isabs(name):
                loaded = self._loader.loaded_name(name)
                plugin = f"the plugin (-p no:{loaded}), " if loaded else ""
                kept_out = f"the option that asks for them, {plugin}or {kept_out}"
            message = (
                f"{hook} of {place} collects tests that rustest does not run: {', '.join(claimed[:_NAMED])}{more}; "
                f"run them with pytest, and leave out {kept_out} here"
            )
            yield Problem(claimed[0].partition(SEPARATOR)[0], problem(Phase.COLLECT, message), only_here=True)


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


def _is_own(made: object) -> bool:
    """Whether a hook has made, or was about to make, something that is not one of rustest's own kinds."""
    if isinstance(made, list):
        return any(map(_is_own, cast("list[object]", made)))
    return isinstance(made, OwnNodeError) or (isinstance(made, Node) and type(made).__module__ != Node.__module__)
