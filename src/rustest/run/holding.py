"""What tests share with others: live fixtures of wider scopes, and event loops."""

from collections.abc import Iterator
from typing import NamedTuple

from rustest.model.plan import FixtureUse, RunStep
from rustest.model.scope import Scope, ScopeInstance

LOOP, TRIO_RUN = "", "trio"


class Holding(NamedTuple):
    """One live fixture, or one loop, of one scope instance."""

    key: str
    """The fixture's key; `LOOP` or `TRIO_RUN` for what they live on."""
    instance: ScopeInstance
    variant: tuple[tuple[str, int], ...] = ()
    """The params on which the fixture's value depends."""


def holding_of(use: FixtureUse) -> Holding:
    """What a test holds that uses this fixture."""
    return Holding(use.definition.key, use.instance, use.variant)


def holdings(step: RunStep) -> Iterator[Holding]:
    """What a step shares with others, fixtures and loop."""
    for use in step.fixtures:
        if use.instance.scope is not Scope.FUNCTION or use.loop is not None:
            yield holding_of(use)
            if use.loop is not None:
                yield Holding(LOOP, use.loop.instance)
    if step.loop is not None and not step.loop.is_private:
        yield Holding(LOOP if step.loop.trio is None else TRIO_RUN, step.loop.instance)
