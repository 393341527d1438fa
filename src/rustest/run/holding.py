"""What tests share with others: live fixtures of wider scopes, and event loops."""

from collections.abc import Iterator

from rustest.model.plan import FixtureUse, LoopPlan, RunStep
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope, ScopeInstance


class Holding(NamedTuple):
    """One live fixture, or one loop, of one scope instance."""

    key: str
    """The fixture's key; empty for a loop."""
    instance: ScopeInstance
    variant: tuple[tuple[str, int], ...] = ()
    """The params on which the fixture's value depends."""


def holding_of(use: FixtureUse) -> Holding:
    """What a test holds that uses this fixture."""
    return Holding(use.definition.key, use.instance, use.variant)


def loop_holding(loop: LoopPlan) -> Holding:
    """What a test holds that runs on this loop."""
    return Holding("", loop.instance)


def holdings(step: RunStep) -> Iterator[Holding]:
    """What a step shares with others, fixtures and loop."""
    for use in step.fixtures:
        if use.instance.scope is not Scope.FUNCTION:
            yield holding_of(use)
    if step.loop is not None and not step.loop.is_private:
        yield loop_holding(step.loop)
