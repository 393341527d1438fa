"""The fixtures of each test, in the order of set-up.

The order is pytest's: autouse fixtures come first, then those of `usefixtures`, then the arguments; wider scopes come
before narrower ones, and whatever a fixture asks for comes before it.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item, TestFunction
from rustest.model.plan import FixtureUse
from rustest.model.scope import SESSION, Scope, ScopeInstance
from rustest.plan.complaint import PlanError
from rustest.plan.fixture_complaints import (
    cite,
    fixtures_in_a_circle,
    parameter_too_narrow,
    scope_too_narrow,
    unknown_fixture,
)
from rustest.plan.fixture_view import FixtureView, Shelf, shelve

Positions = tuple[tuple[str, int], ...]
"""Names of arguments, and which of a test's fixtures fills each."""


class Uses(NamedTuple):
    """The fixtures that a test needs, and which of its arguments they fill."""

    fixtures: tuple[FixtureUse, ...] = ()
    arguments: Positions = ()


class FixtureGraph:
    """Finds the fixtures of any test; what tests of one place have in common is found once."""

    def __init__(self, fixtures: Iterable[FixtureDef]) -> None:
        self._shelves = shelve(fixtures)
        self._last_place: tuple[str, tuple[str, ...]] = ("", ())
        self._last_view = FixtureView(self._shelves, *self._last_place)
        self._known: dict[tuple[object, ...], Uses] = {}

    def uses(self, item: Item) -> Uses:
        """What the test needs; raises PlanError where it cannot be had."""
        function = item.function
        view = self._view(function)
        names = _asked(item, view)
        if item.case is None:
            return self._resolve(item, view, names, _NO_PARAMETERS) if names else _NOTHING
        if item.case.indirect:
            raise PlanError(f"{function.name} is parametrized with indirect=..., which is not supported yet")
        direct = frozenset(item.case.values)
        names = tuple(name for name in names if name not in direct)
        return self._resolve(item, view, names, direct) if names else _NOTHING

    def _view(self, function: TestFunction) -> FixtureView:
        place = (function.file, function.classes)
        if place != self._last_place:  # tests come file by file, and class by class
            self._last_place = place
            self._last_view = FixtureView(self._shelves, *place)
        return self._last_view

    def _resolve(self, item: Item, view: FixtureView, names: tuple[str, ...], direct: frozenset[str]) -> Uses:
        key = (view.file, view.classes, names, item.function.arguments, direct)
        known = self._known.get(key)
        if known is None:  # a complaint is made anew for each test, whose name it tells
            known = self._known[key] = self._find(item.function, view, names, direct)
        return _bind(known, item)

    def _find(self, test: TestFunction, view: FixtureView, names: tuple[str, ...], direct: frozenset[str]) -> Uses:
        search = _Search(test, view, direct, self._shelves)
        positions = search.arrange(names)
        arguments = ((name, positions[name]) for name in test.arguments if name in positions)
        return Uses(tuple(search.uses), tuple(arguments))


_NOTHING = Uses()
_NO_PARAMETERS = frozenset[str]()


def _asked(item: Item, view: FixtureView) -> tuple[str, ...]:
    """The names that the test itself asks for, in pytest's order; most tests have no need of building it."""
    arguments = item.function.arguments
    used = _usefixtures(item) if item.marks else ()
    return tuple(dict.fromkeys((*view.autouse, *used, *arguments))) if used or view.autouse else arguments


def _usefixtures(item: Item) -> list[str]:
    used: list[str] = []
    for mark in item.marks:
        if mark.name == "usefixtures":
            for name in mark.args:
                if not isinstance(name, str):
                    raise PlanError(f"mark.usefixtures takes the names of fixtures, not {name!r}")
                used.append(name)
    return used


class _Search:
    """One walk over the fixtures of one test; `uses` grows in the order of set-up."""

    def __init__(
        self, test: TestFunction, view: FixtureView, direct: frozenset[str], everywhere: Mapping[str, Shelf]
    ) -> None:
        self.uses: list[FixtureUse] = []
        self._test = test
        self._view = view
        self._parameters = {name: _parameter(name, test) for name in direct}
        self._everywhere = everywhere
        self._positions: dict[int, int] = {}

    def arrange(self, names: tuple[str, ...]) -> dict[str, int]:
        """Fill `uses`, and say at which position each of these names stands."""
        asked = {name: self._find(name, None) for name in names}
        for definition in sorted(self._closure(asked.values()), key=lambda one: -one.scope):
            self._place(definition, ())
        return {name: self._positions[id(definition)] for name, definition in asked.items()}

    def _closure(self, first: Iterable[FixtureDef]) -> list[FixtureDef]:
        """All that is asked for, directly or not, in the order of asking."""
        found = {id(definition): definition for definition in first}
        queue = list(found.values())
        for definition in queue:  # grows while it is walked
            for name in definition.arguments:
                needed = self._find(name, definition)
                if id(needed) not in found:
                    found[id(needed)] = needed
                    queue.append(needed)
        return queue

    def _place(self, definition: FixtureDef, chain: tuple[FixtureDef, ...]) -> int:
        position = self._positions.get(id(definition))
        if position is not None:
            return position
        if any(definition is above for above in chain):
            start = next(depth for depth, above in enumerate(chain) if above is definition)
            raise fixtures_in_a_circle((*chain[start:], definition))
        arguments = tuple(
            (name, self._place(self._checked(name, definition), (*chain, definition))) for name in definition.arguments
        )
        self.uses.append(FixtureUse(definition, self._instance(definition), arguments))
        position = self._positions[id(definition)] = len(self.uses) - 1
        return position

    def _checked(self, name: str, asker: FixtureDef) -> FixtureDef:
        needed = self._find(name, asker)
        if needed.scope >= asker.scope:
            return needed
        if name in self._parameters:
            raise parameter_too_narrow(asker, name, self._test)
        raise scope_too_narrow(asker, needed)

    def _find(self, name: str, asker: FixtureDef | None) -> FixtureDef:
        if asker is not None and asker.name == name:
            found = self._view.find(name, below=asker)
        else:
            found = self._parameters.get(name) or self._view.find(name)
        if found is None:
            raise unknown_fixture(name, self._test, asker, self._view, self._everywhere)
        if found.params is not None:
            raise PlanError(f"fixture {cite(found)} has params=..., which is not supported yet")
        return found

    def _instance(self, definition: FixtureDef) -> ScopeInstance:
        match definition.scope:
            case Scope.CLASS if self._view.classes:
                return ScopeInstance(Scope.CLASS, self._view.places[-1])
            case (
                Scope.FUNCTION | Scope.CLASS
            ):  # outside a class, a class-scoped fixture lives for one test, as in pytest
                return _OWN
            case Scope.MODULE:
                return ScopeInstance(Scope.MODULE, self._view.file)
            case Scope.PACKAGE:
                return ScopeInstance(Scope.PACKAGE, _package(definition, self._view.file))
            case Scope.SESSION:
                return SESSION


_OWN = ScopeInstance(Scope.FUNCTION, "")
"""Stands for the test's own instance in what is shared between tests, until `_bind`."""


def _package(definition: FixtureDef, file: str) -> str:
    """The folder whose end ends a package-scoped fixture: the one that it is defined in, as in pytest."""
    in_file = definition.place.split(SEPARATOR)[0] == file
    return file.rpartition("/")[0] if in_file else definition.place


def _parameter(name: str, test: TestFunction) -> FixtureDef:
    """A parameter in the shape of a fixture, for the fixtures that ask for its name; `_bind` gives it its value."""
    kind, scope = CallKind.PLAIN, Scope.FUNCTION
    return FixtureDef(name, _PARAMETER, _no_value, kind, scope, (), False, None, None, (), None, test.file, test.line)


_PARAMETER = "[parameter]"


def _no_value() -> object:
    raise AssertionError("a parameter was used before it was given its value")


def _bind(uses: Uses, item: Item) -> Uses:
    """What tests of one place have in common, made one test's own."""
    if all(use.instance is not _OWN for use in uses.fixtures):
        return uses
    own = ScopeInstance(Scope.FUNCTION, item.id)
    fixtures = tuple(
        use if use.instance is not _OWN else FixtureUse(_valued(use.definition, item), own, use.arguments)
        for use in uses.fixtures
    )
    return Uses(fixtures, uses.arguments)


def _valued(definition: FixtureDef, item: Item) -> FixtureDef:
    if definition.place is not _PARAMETER or item.case is None:
        return definition
    value = item.case.values[definition.name]
    return definition._replace(place=item.id, func=lambda: value)
