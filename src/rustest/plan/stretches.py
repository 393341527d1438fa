"""Stretches of the run in which every fixture that outlives a test has one param.

The run is cut where a param of a session's or package's fixture changes, and inside such a stretch each file is cut
once more where a param of one of its modules' or classes' fixtures does. Tests of two stretches never overlap.
"""

from collections.abc import Collection, Iterable, Sequence

from rustest.model.plan import RunStep, Step, Window
from rustest.model.scope import Scope, ScopeInstance
from rustest.plan.fixtures.param_values import value_of
from rustest.plan.window_key import Rank, WindowKey

Fixture = tuple[str, ScopeInstance]
"""A live fixture of a wider scope: its key, and its extent."""
Params = dict[Fixture, int]
"""Which param each of them has, by the number of its value."""

_WIDE = frozenset({Scope.SESSION, Scope.PACKAGE})
_NARROW = frozenset({Scope.MODULE, Scope.CLASS})


def keep_params_apart(steps: Sequence[Step], keys: list[WindowKey]) -> None:
    """Give each key its stretch, so that no two params of one fixture meet in a window.

    Tests that may overlap across the whole run go to the first stretch that has all their params.
    """
    varied = {
        (use.definition.key, use.instance)
        for step in steps
        if isinstance(step, RunStep)
        for use in step.fixtures
        if use.param is not None
    }
    params = [_params(step, varied) for step in steps]
    outer, stretches = _cut(_limit(asked, _WIDE) for asked in params)
    files: dict[tuple[int, str], list[int]] = {}
    for position, step in enumerate(steps):
        if keys[position].rank is Rank.WHOLE_RUN:
            asked = params[position].items()
            outer[position] = next(number for number, given in enumerate(stretches) if asked <= given.items())
        elif keys[position].rank is not Rank.PACKAGE:
            files.setdefault((outer[position], step.item.function.file), []).append(position)
        keys[position] = keys[position]._replace(stretch=(outer[position], 0))
    for positions in files.values():
        inner, _ = _cut(_limit(params[position], _NARROW) for position in positions)
        for position, number in zip(positions, inner, strict=True):
            keys[position] = keys[position]._replace(stretch=(outer[position], number))


def name_params(window: Window) -> Window:
    """The window with the params of its shared fixtures in its title, as in "the whole run, with db[sqlite]"."""
    names: dict[str, None] = {}
    for step in window.steps:
        for use in step.fixtures if isinstance(step, RunStep) else ():
            if use.param is not None and use.instance.scope > Scope.FUNCTION:
                names[f"{use.definition.name}[{use.param.id}]"] = None
    return window._replace(title=f"{window.title}, with {', '.join(names)}") if names else window


def _cut(tests: Iterable[Params]) -> tuple[list[int], list[Params]]:
    """The stretch of each test, as few in their order as there can be, and the params of each stretch."""
    numbers: list[int] = []
    stretches: list[Params] = [{}]
    for params in tests:
        if any(stretches[-1].get(fixture, number) != number for fixture, number in params.items()):
            stretches.append({})
        stretches[-1].update(params)
        numbers.append(len(stretches) - 1)
    return numbers, stretches


def _params(step: Step, varied: Collection[Fixture]) -> Params:
    """The params that the test has for fixtures that outlive it; `varied` are those that have one in any test."""
    uses = step.fixtures if isinstance(step, RunStep) else ()
    return {
        fixture: value_of(use)
        for use in uses
        if use.instance.scope > Scope.FUNCTION and (fixture := (use.definition.key, use.instance)) in varied
    }


def _limit(params: Params, scopes: frozenset[Scope]) -> Params:
    return {fixture: number for fixture, number in params.items() if fixture[1].scope in scopes}
