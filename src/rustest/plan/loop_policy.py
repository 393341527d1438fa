"""`event_loop_policy`: the fixture by which users of pytest-asyncio say what kind of loop their tests run on."""

from collections.abc import Iterable

from rustest.model.fixtures import EVENT_LOOP_POLICY, FixtureDef
from rustest.model.item import Item
from rustest.model.loop_policy import PolicyFactory
from rustest.model.plan import RunStep
from rustest.plan.fixtures.graph import FixtureGraph


def ask_for_policies(items: Iterable[Item], graph: FixtureGraph, *, sync_too: bool) -> tuple[Item, ...]:
    """Have each async test run once for each param of its policy, if that has some; in pytest's suites sync ones too.

    There it is an autouse fixture, which a definition of the user's overrides.
    """
    from rustest.plan.asked_first import have_asked

    def has_params(item: Item) -> bool:
        definition = graph.nearest(item, EVENT_LOOP_POLICY) if sync_too or item.is_async else None
        return definition is not None and definition.params is not None

    return have_asked(items, EVENT_LOOP_POLICY, has_params)


class LoopPolicies:
    """Finds the nearest `event_loop_policy` of a test, and makes a loop factory of it."""

    def __init__(self, graph: FixtureGraph) -> None:
        self._graph = graph
        self.are_there = graph.knows(EVENT_LOOP_POLICY)
        """Whether any test may have one."""
        self._factories: dict[tuple[str, int | None], PolicyFactory] = {}

    def factory_for(self, step: RunStep) -> PolicyFactory | None:
        """What makes the test's loop, if a policy says so; raises PlanError for one that comes too late."""
        definition = self._graph.nearest(step.item, EVENT_LOOP_POLICY) if self.are_there else None
        return None if definition is None else self._factory(definition, step)

    def _factory(self, definition: FixtureDef, step: RunStep) -> PolicyFactory:
        from rustest.plan.asked_first import value_asked_first

        param = next((use.param for use in step.fixtures if use.definition is definition), None)
        key = definition.key, None if param is None else param.number
        if key not in self._factories:
            self._factories[key] = PolicyFactory(value_asked_first(definition, param, "policy"))
        return self._factories[key]
