"""Tests multiplied over the params of their fixtures: a test of its own for each combination, named as in pytest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, product

from rustest.model.fixtures import FixtureDef, FixtureParam
from rustest.model.hints import cast
from rustest.model.ids import join_ids, make_id, tell_apart
from rustest.model.item import Case, Item
from rustest.model.marks import Mark, ParameterSet
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.plan.complaint import PlanError
from rustest.plan.fixture_graph import FixtureGraph
from rustest.plan.param_order import ParamKey, param_keys


class Multiplied(NamedTuple):
    """The tests to run, and by id what those have to be sorted by that have params of wider scopes."""

    items: tuple[Item, ...]
    keys: Mapping[str, tuple[ParamKey, ...]]


def multiply(items: tuple[Item, ...], graph: FixtureGraph) -> Multiplied:
    """Run each test once for each combination of the params of its fixtures.

    The fixtures' params come first in the ids and change slowest, then the cases of its `parametrize` marks.
    """
    if not graph.has_params and not any(item.case and (item.case.indirect or item.case.wide) for item in items):
        return Multiplied(items, {})  # as in most runs
    multiplied: list[Item] = []
    keys: dict[str, tuple[ParamKey, ...]] = {}
    for _, group in groupby(items, key=lambda item: id(item.function)):
        for item, scopes in _multiply_function(list(group), graph):
            multiplied.append(item)
            if scopes and (found := param_keys(item, scopes)):
                keys[item.id] = found
    return Multiplied(tuple(multiplied), keys)


def _multiply_function(items: list[Item], graph: FixtureGraph) -> Iterator[tuple[Item, Mapping[str, Scope]]]:
    """All tests that one function makes, each with the scopes of the params that it has."""
    made: list[Item] = []
    scopes: list[Mapping[str, Scope]] = []
    for fixtures, group in groupby(items, key=lambda item: _parametrized(item, graph)):
        cases = list(group)
        found = _scopes(fixtures, cases[0], graph)
        other = {name: scope for name, scope in found.items() if scope is not graph.scope_of(cases[0], name)}
        combined = _combine(fixtures, cases)
        made += [_rescope(item, other) for item in combined] if other else combined
        scopes += [found] * (len(made) - len(scopes))
    return zip(_name_apart(made), scopes, strict=True)


def _name_apart(items: list[Item]) -> Iterator[Item]:
    """The items, no two with the same id: params and cases may join to the same text."""
    ids = [item.case.id for item in items if item.case is not None]
    unique = tell_apart(ids)
    return iter(items) if unique is ids else map(_rename, items, unique)


def _rename(item: Item, name: str | None) -> Item:
    function, case = item.function, item.case
    node_id = make_id(function.file, function.classes, function.name, name)
    return item if case is None else item._replace(id=node_id, case=case._replace(id=name))


def _parametrized(item: Item, graph: FixtureGraph) -> tuple[FixtureDef, ...]:
    try:
        return graph.parametrized(item)
    except PlanError:  # which is told when the test itself is planned
        return ()


def _combine(fixtures: Sequence[FixtureDef], items: Sequence[Item]) -> Iterable[Item]:
    if not fixtures:
        return items
    numbered = (enumerate(definition.params or ()) for definition in fixtures)
    names = [definition.name for definition in fixtures]
    return [_make_item(names, params, item) for params in product(*numbered) for item in items]


def _make_item(names: Sequence[str], params: Sequence[tuple[int, ParameterSet]], item: Item) -> Item:
    given = {
        name: FixtureParam(number, case.values[0], case.id if isinstance(case.id, str) else None)
        for name, (number, case) in zip(names, params, strict=True)
    }
    marks = tuple(mark for _, case in params for mark in case.marks)
    old = item.case or Case(None, (), (), {}, ())
    name = join_ids(*(param.id for param in given.values()), old.id)
    case = Case(name, old.names, old.values, {**given, **old.indirect}, old.marks + marks, old.wide)
    return _rename(Item(item.id, item.function, case, case.marks + item.function.marks), name)


def _rescope(item: Item, scopes: Mapping[str, Scope]) -> Item:
    """The test whose fixtures of those names live that long with its params."""
    if item.case is None or scopes.keys().isdisjoint(item.case.indirect):
        return item
    indirect = {
        name: param._replace(scope=scopes[name]) if name in scopes else param
        for name, param in item.case.indirect.items()
    }
    return item._replace(case=item.case._replace(indirect=indirect))


def _scopes(fixtures: Sequence[FixtureDef], item: Item, graph: FixtureGraph) -> Mapping[str, Scope]:
    """How long a param of each name counts for the order of tests: as long as its fixture lives.

    As in pytest, a `parametrize` mark that also has direct values makes all of its values count for one test only.
    """
    scopes = {definition.name: definition.scope for definition in fixtures}
    for mark in item.function.marks:
        if mark.name == "parametrize" and (mark.kwargs.get("indirect") or mark.kwargs.get("scope")):
            scopes |= _mark_scopes(mark, item, graph)
    return scopes


def _mark_scopes(mark: Mark, item: Item, graph: FixtureGraph) -> Mapping[str, Scope]:
    """The scopes of a mark's names, which `parametrize` has checked when it was written."""
    names = cast("tuple[str, ...]", mark.args[0])
    is_indirect = len(cast("tuple[str, ...]", mark.kwargs["indirect"])) == len(names)
    narrowest = min(graph.scope_of(item, name) for name in names) if is_indirect else Scope.FUNCTION
    scope = cast("Scope | None", mark.kwargs.get("scope"))
    return dict.fromkeys(names, narrowest if scope is None else scope)
