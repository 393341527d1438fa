"""What tests share with others: live fixtures of wider scopes, and event loops."""

from collections.abc import Iterator

from rustest.model.plan import FixtureUse, LoopPlan, RunStep, Variant
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope, ScopeInstance

LOOP, TRIO_RUN = "", "trio"


class Holding(NamedTuple):
    """One live fixture, or one loop, of one scope instance."""

    key: str
    """The fixture's key; `LOOP` or `TRIO_RUN` for what they live on."""
    instance: ScopeInstance
    variant: Variant = ()
    """The params on which the fixture's value depends."""


def holding_of(use: FixtureUse) -> Holding:
    """What a test holds that uses this fixture."""
    return Holding(use.definition.key, use.instance, use.variant)


def loop_holding(loop: LoopPlan) -> Holding:
    """What a test holds that runs on this loop, or in this run of trio."""
    return Holding(LOOP if loop.trio is None else TRIO_RUN, loop.instance)


def holdings(step: RunStep) -> Iterator[Holding]:
    """What a step shares with others, fixtures and loop."""
    for use in step.fixtures:
        if use.instance.scope is not Scope.FUNCTION or use.loop is not None:
            yield holding_of(use)
            if use.loop is not None:
                yield loop_holding(use.loop)
    if step.loop is not None and not step.loop.is_private():
        yield loop_holding(step.loop)
