"""Bonds: which tests of a plan must stay together, in one worker and in one shard.

What shares a live thing narrower than the session does: users of one fixture or loop of a class, module or package.
So do the holders of one key, which only one process can keep apart, tests that come after others, and the tests of
one file that run in line.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rustest.model.holding import holdings
from rustest.model.plan import Lane, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.model.ties import Ties


class Place(NamedTuple):
    """Where a step stands in the plan."""

    window: int
    step: int


def step_at(place: Place, windows: Sequence[Window]) -> Step:
    """The step that stands there."""
    return windows[place.window].steps[place.step]


def bound_groups(windows: Sequence[Window], *, in_order: bool) -> Iterable[list[Place]]:
    """The places of the steps that must stay together, group by group, in the order of the plan.

    `in_order` where nothing overlaps, and so whole files stay together.
    """
    ties, places = Ties[object](), [*_places(windows)]
    for place in places:
        step, lane = step_at(place, windows), windows[place.window].lane
        ties.tie(place, *_bonds(step, place.window, lane, in_order=in_order))
    groups: dict[object, list[Place]] = {}
    for place in places:
        groups.setdefault(ties.root(place), []).append(place)
    return groups.values()


def _places(windows: Sequence[Window]) -> Iterator[Place]:
    return (Place(number, position) for number, window in enumerate(windows) for position in range(len(window.steps)))


def _bonds(step: Step, number: int, lane: Lane, *, in_order: bool) -> Iterator[object]:
    """What binds a step to others: each step that has one of these in common with it."""
    yield "test", step.item.id
    if in_order:
        yield "file", step.item.function.file
    elif lane is not Lane.OVERLAP:
        yield "window", number
    if isinstance(step, RunStep):
        yield from (("test", earlier) for earlier in step.after)
        yield from (("key", key) for key in step.keys)
        yield from (("key", limit.key) for limit in step.limits)
        yield from (shared for shared in holdings(step) if shared.instance.scope is not Scope.SESSION)
