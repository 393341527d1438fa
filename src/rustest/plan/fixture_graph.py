"""The fixtures of each test: found once for all that ask for the same at the same place, then made each one's own."""

from collections.abc import Iterable, Mapping

from rustest.model.errors import FixtureLookupError
from rustest.model.fixtures import ANYIO_BACKEND, FixtureDef, FixtureParam
from rustest.model.item import Item, TestFunction
from rustest.model.plan import REQUEST, FixtureUse
from rustest.model.record import NamedTuple
from rustest.model.scope import OWN, Scope
from rustest.plan.complaint import PlanError
from rustest.plan.fixture_view import PARAMETER, REQUEST_NAME, FixtureView, shelve
from rustest.plan.param_values import ParamValues

Positions = tuple[tuple[str, int], ...]
"""Names of arguments, and which of a test's fixtures fills each."""


class Uses(NamedTuple):
    """The fixtures that a test needs, and which of its arguments they fill."""

    fixtures: tuple[FixtureUse, ...] = ()
    arguments: Positions = ()
    parametrized: tuple[FixtureDef, ...] = ()
    """Those with params of their own, in the order in which these stand in ids."""


class FixtureGraph:
    """Finds the fixtures of any test; what tests of one place have in common is found once."""

    def __init__(self, fixtures: Iterable[FixtureDef]) -> None:
        fixtures = tuple(fixtures)
        self.has_params = any(definition.params is not None for definition in fixtures)
        self.has_variants = False
        """Whether a test seen so far has a param for a fixture that outlives it."""
        self._shelves = shelve(fixtures)
        self._last_view = FixtureView(self._shelves, "", ())
        self._known: dict[tuple[object, ...], Uses] = {}
        self._values = ParamValues()

    def uses(self, item: Item) -> Uses:
        """What the test needs, with its params; raises PlanError where it cannot be had."""
        found = self._common_uses(item)
        return found if found is _NOTHING else self._bind(found, item)

    def gives_nothing(self, function: TestFunction) -> bool:
        """Whether a test has no fixtures but those that its marks may name."""
        return not function.arguments and not self._view(function).autouse

    def parametrized(self, item: Item) -> tuple[FixtureDef, ...]:
        """The fixtures for whose params the test must be multiplied; raises PlanError."""
        found = self._common_uses(item).parametrized
        given = item.case.indirect if item.case is not None else ()
        return tuple(definition for definition in found if definition.name not in given) if given else found

    def resolve(self, item: Item, name: str) -> tuple[FixtureUse, ...]:
        """What must be set up for one more fixture of the test, which stands last; raises LookupError."""
        if name == REQUEST_NAME:
            raise FixtureLookupError(f"{name!r} is no fixture: ask for it as an argument")
        from rustest.plan.fixture_search import FixtureSearch

        direct = _NO_PARAMETERS if item.case is None else frozenset(item.case.names)
        search = FixtureSearch(item.function, self._view(item.function), direct, self._shelves)
        try:
            search.arrange_one(name)
            return self._bind(Uses(tuple(search.uses), (), search.parametrized()), item).fixtures
        except PlanError as complaint:
            raise FixtureLookupError(str(complaint)) from None

    def scope_of(self, item: Item, name: str) -> Scope:
        """The scope of the fixture that the test sees under that name; function scope where there is none."""
        definition = self.nearest(item, name)
        return definition.scope if definition else Scope.FUNCTION

    def nearest(self, item: Item, name: str) -> FixtureDef | None:
        """The fixture that the test sees under that name."""
        definitions = self._view(item.function).definitions(name)
        return definitions[0] if definitions else None

    def knows(self, name: str) -> bool:
        """Whether there is a fixture of that name anywhere."""
        return any(name in shelf for shelf in self._shelves.values())

    def _common_uses(self, item: Item) -> Uses:
        function = item.function
        view = self._view(function)
        names = _asked(item, view)
        if not names:
            return _NOTHING
        direct = _NO_PARAMETERS if item.case is None else frozenset(item.case.names)
        key = (view.file, view.classes, names, function.arguments, direct)
        known = self._known.get(key)
        if known is None:  # a complaint is made anew for each test, whose name it tells
            known = self._known[key] = self._find(function, view, names, direct)
        return known

    def _view(self, function: TestFunction) -> FixtureView:
        view = self._last_view  # for tests come file by file, and class by class
        if function.file is not view.file or function.classes is not view.classes:
            view = self._last_view = FixtureView(self._shelves, function.file, function.classes)
        return view

    def _find(self, test: TestFunction, view: FixtureView, names: tuple[str, ...], direct: frozenset[str]) -> Uses:
        from rustest.plan.fixture_search import FixtureSearch  # which a run of tests without fixtures does not need

        search = FixtureSearch(test, view, direct, self._shelves)
        positions = search.arrange([name for name in names if name not in direct])
        arguments = ((name, positions[name]) for name in test.arguments if name in positions)
        return Uses(tuple(search.uses), tuple(arguments), search.parametrized())

    def _bind(self, uses: Uses, item: Item) -> Uses:
        """What tests of one place have in common, made one test's own."""
        if item.case is not None and item.case.indirect:
            return uses._replace(fixtures=self._bind_params(uses, item, item.case.indirect))
        if uses.parametrized:
            from rustest.plan.fixture_complaints import param_missing

            raise param_missing(uses.parametrized[0], item.function)
        if item.case is None or all(use.definition.place is not PARAMETER for use in uses.fixtures):
            return uses
        return Uses(
            tuple(use._replace(definition=_valued(use.definition, item)) for use in uses.fixtures), uses.arguments
        )

    def _bind_params(self, uses: Uses, item: Item, given: Mapping[str, FixtureParam]) -> tuple[FixtureUse, ...]:
        from rustest.plan.param_scopes import rescoped

        for definition in uses.parametrized:
            if definition.name not in given:
                from rustest.plan.fixture_complaints import param_missing

                raise param_missing(definition, item.function)
        backend = next((use.definition for use in uses.fixtures if use.definition.name == ANYIO_BACKEND), None)
        bound: list[FixtureUse] = []
        for use in rescoped(uses.fixtures, given, self._view(item.function)):
            definition, param = _valued(use.definition, item), given.get(use.definition.name)
            if use.instance is OWN:
                bound.append(FixtureUse(definition, OWN, use.arguments, param))
            else:
                variant = self._vary(use, param, bound)
                if backend is not None and definition.kind.is_async and ANYIO_BACKEND in given:
                    variant = self._vary_by_backend(definition, variant, backend, given[ANYIO_BACKEND])
                bound.append(FixtureUse(definition, use.instance, use.arguments, param, variant))
        return tuple(bound)

    def _vary_by_backend(
        self, definition: FixtureDef, variant: tuple[tuple[str, int], ...], backend: FixtureDef, param: FixtureParam
    ) -> tuple[tuple[str, int], ...]:
        """The variant of a shared async fixture, which depends on what it runs on."""
        if backend.scope < definition.scope:
            from rustest.plan.fixture_complaints import scope_too_narrow

            raise scope_too_narrow(definition, backend)
        self.has_variants = True
        return tuple(sorted({**dict(variant), backend.key: self._values.number(backend.key, param)}.items()))

    def _vary(
        self, use: FixtureUse, param: FixtureParam | None, bound: list[FixtureUse]
    ) -> tuple[tuple[str, int], ...]:
        """The variant of a shared fixture, made of its own param and of those of what fills its arguments."""
        below = (bound[position].variant for _, position in use.arguments if position != REQUEST)
        params = {key: number for variant in below for key, number in variant}
        if param is not None:
            params[use.definition.key] = self._values.number(use.definition.key, param)
        self.has_variants |= bool(params)
        return tuple(sorted(params.items()))


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


def _valued(definition: FixtureDef, item: Item) -> FixtureDef:
    """A direct parameter gets its value, in the shape of a fixture."""
    if definition.place is not PARAMETER or item.case is None:
        return definition
    value = item.case.direct()[definition.name]
    return definition._replace(place=item.id, func=lambda: value)
