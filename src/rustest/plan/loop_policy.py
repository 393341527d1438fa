"""`event_loop_policy`: the fixture by which users of pytest-asyncio say what kind of loop their tests run on."""

from collections.abc import Callable
from functools import cache, partial

from rustest.model.calls import CallKind
from rustest.model.errors import PlanError
from rustest.model.hints import cast
from rustest.model.item import Item
from rustest.model.named import Factory
from rustest.plan.fixtures.graph import FixtureGraph

_NAME = "event_loop_policy"


class LoopPolicies:
    """Finds the nearest `event_loop_policy` of a test, and makes a loop factory of it."""

    def __init__(self, graph: FixtureGraph) -> None:
        self._graph = graph
        self.are_there = graph.knows(_NAME)
        """Whether any test may have one."""
        self._factories: dict[str, Factory] = {}

    def factory_for(self, item: Item) -> Factory | None:
        """What makes the test's loop, if a policy says so; raises PlanError for one that comes too late."""
        definition = self._graph.nearest(item, _NAME) if self.are_there else None
        if definition is None:
            return None
        is_plain = definition.kind is CallKind.PLAIN and definition.cls is None
        if not is_plain or definition.arguments or definition.params is not None:
            raise PlanError(
                f"the fixture {_NAME} ({definition.file}:{definition.line}) is asked before any other: "
                "it must be a plain def that takes nothing and returns the policy"
            )
        if definition.key not in self._factories:
            self._factories[definition.key] = partial(_new_loop, cache(definition.func))
        return self._factories[definition.key]


def _new_loop(policy: Callable[[], object]) -> object:
    made = policy()
    new_event_loop = getattr(made, "new_event_loop", None)
    if not callable(new_event_loop):
        raise TypeError(f"the fixture {_NAME} must return an event loop policy, and it returned {made!r}")
    return cast("Callable[[], object]", new_event_loop)()
