"""Fixtures that do the same for each test of a window: one of each is set up for all of them."""

from collections.abc import Sequence

from rustest.model.plan import FixtureUse, RunStep, Step
from rustest.model.scope import Scope, ScopeInstance
from rustest.plan.window_key import WindowKey


def share_common_fixtures(steps: Sequence[Step], key: WindowKey) -> tuple[Step, ...]:
    """The steps of that window, whose common fixtures live from the first of its tests to the last, and no longer."""
    part = ", part {}.{}".format(*key.stretch) if any(key.stretch) else ""
    extent = ScopeInstance(Scope.SESSION, f"{key.title}{part}")
    known: dict[int, tuple[FixtureUse, ...]] = {}
    shared: list[Step] = []
    for step in steps:
        if isinstance(step, RunStep):
            fixtures = known.get(id(step.fixtures))
            if fixtures is None:
                fixtures = known[id(step.fixtures)] = _extended(step.fixtures, key.common, extent)
            shared.append(step._replace(fixtures=fixtures))
        else:
            shared.append(step)
    return tuple(shared)


def _extended(uses: Sequence[FixtureUse], common: Sequence[str], extent: ScopeInstance) -> tuple[FixtureUse, ...]:
    return tuple(use._replace(instance=extent) if use.definition.key in common else use for use in uses)
