"""The fixtures of one test, found and put in the order of set-up.

The order is pytest's: autouse fixtures come first, then those of `usefixtures`, then the arguments, each followed by
what it asks for; of all these the wider scopes come first; and whatever a fixture asks for comes before it.
"""

from collections.abc import Iterable, Mapping

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR
from rustest.model.item import TestFunction
from rustest.model.plan import REQUEST, FixtureUse
from rustest.model.scope import OWN, SESSION, Scope, ScopeInstance
from rustest.plan.fixture_complaints import (
    fixtures_in_a_circle,
    parameter_too_narrow,
    scope_too_narrow,
    unknown_fixture,
)
from rustest.plan.fixture_view import PARAMETER, REQUEST_NAME, FixtureView, Shelf

Chain = tuple[FixtureDef, ...]
"""Fixtures of which each asks for the next."""


class FixtureSearch:
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
        self._names: dict[str, None] = {}
        """In the order of asking."""
        self._walked: set[str] = set()

    def arrange(self, names: Iterable[str]) -> dict[str, int]:
        """Fill `uses`, and say at which position each of the names stands; raises PlanError for what cannot be had."""
        for name in names:
            self._walk(name, ())
        for name in self._by_scope():
            self._place(name, ())
        return {name: self._place(name, ()) for name in names}

    def arrange_one(self, name: str) -> None:
        """Fill `uses` with one fixture, which stands last, and what it needs; raises PlanError."""
        self._walk(name, ())
        self._place(name, ())

    def parametrized(self) -> tuple[FixtureDef, ...]:
        """The fixtures with params among those in use, in the order in which their params stand in ids.

        Of several definitions of one name the nearest counts: it shares its param with those that it overrides.
        """
        found: list[FixtureDef] = []
        for name in self._by_scope():
            definitions = () if name in self._parameters else self._view.definitions(name)
            used = (one for one in definitions if one.params is not None and id(one) in self._positions)
            found.extend(next(([one] for one in used), ()))
        return tuple(found)

    def _place(self, name: str, chain: Chain) -> int:
        """Add what the last of the chain gets for that name to `uses`, after all that it asks for itself."""
        if name == REQUEST_NAME:
            return REQUEST
        definition = self._checked(name, chain)
        if id(definition) not in self._positions:
            below = (*chain, definition)
            arguments = tuple((argument, self._place(argument, below)) for argument in definition.arguments)
            self._positions[id(definition)] = len(self.uses)
            self.uses.append(FixtureUse(definition, extent_of(definition, self._view), arguments))
        return self._positions[id(definition)]

    def _walk(self, name: str, chain: Chain) -> None:
        if name == REQUEST_NAME or name in self._walked:
            return
        self._names.setdefault(name)
        definition = self._find(name, chain)
        for argument in definition.arguments:
            self._walk(argument, (*chain, definition))
        if all(above.name != name for above in chain):  # inside its own chain it stood for another definition
            self._walked.add(name)

    def _by_scope(self) -> list[str]:
        return sorted(self._names, key=lambda name: -self._find(name, ()).scope)

    def _checked(self, name: str, chain: Chain) -> FixtureDef:
        found = self._find(name, chain)
        if not chain or found.scope >= chain[-1].scope:
            return found
        if name in self._parameters:
            raise parameter_too_narrow(chain[-1], name, self._test)
        raise scope_too_narrow(chain[-1], found)

    def _find(self, name: str, chain: Chain) -> FixtureDef:
        """As many definitions further up as the chain has of that name: each gets the one that it overrides."""
        if (parameter := self._parameters.get(name)) is not None:
            return parameter
        definitions = self._view.definitions(name)
        depth = sum(above.name == name for above in chain) if chain else 0
        if depth < len(definitions):
            return definitions[depth]
        if depth and chain[-1].name != name:
            start = max(place for place, above in enumerate(chain) if above.name == name)
            raise fixtures_in_a_circle((*chain[start:], chain[start]))
        raise unknown_fixture(name, self._test, chain[-1] if chain else None, self._view, self._everywhere)


def extent_of(definition: FixtureDef, view: FixtureView) -> ScopeInstance:
    """How long the fixture lives for tests of that place; outside a class, class scope is one test, as in pytest."""
    match definition.scope:
        case Scope.CLASS if view.classes:
            return ScopeInstance(Scope.CLASS, view.places[-1])
        case Scope.FUNCTION | Scope.CLASS:
            return OWN
        case Scope.MODULE:
            return ScopeInstance(Scope.MODULE, view.file)
        case Scope.PACKAGE:
            return ScopeInstance(Scope.PACKAGE, _package(definition, view.file))
        case Scope.SESSION:
            return SESSION


def _package(definition: FixtureDef, file: str) -> str:
    """The folder whose end ends a package-scoped fixture: the one that it is defined in, as in pytest."""
    in_file = definition.place.split(SEPARATOR)[0] == file
    return file.rpartition("/")[0] if in_file else definition.place


def _parameter(name: str, test: TestFunction) -> FixtureDef:
    """A parameter in the shape of a fixture, for the fixtures that ask for its name."""
    kind, scope = CallKind.PLAIN, Scope.FUNCTION
    return FixtureDef(name, PARAMETER, _no_value, kind, scope, (), False, None, None, (), None, test.file, test.line)


def _no_value() -> object:
    raise AssertionError("a parameter was used before it was given its value")
