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
    bonds = _Bonds()
    for number, window in enumerate(windows):
        for position, step in enumerate(window.steps):
            bonds.tie(Place(number, position), _ties(step, number, window.lane, in_order=in_order))
    groups: dict[object, list[Place]] = {}
    for place in bonds.places:
        groups.setdefault(bonds.root(place), []).append(place)
    return groups.values()


def _ties(step: Step, number: int, lane: Lane, *, in_order: bool) -> Iterator[object]:
    """What binds a step to others."""
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


class _Bonds:
    """Disjoint sets of places and of what ties them."""

    def __init__(self) -> None:
        self.places: list[Place] = []
        self._parents: dict[object, object] = {}

    def tie(self, place: Place, ties: Iterator[object]) -> None:
        """Put the place into one set with everything that ties it."""
        self.places.append(place)
        for tie in ties:
            self._parents[self.root(tie)] = self.root(place)

    def root(self, node: object) -> object:
        """What stands for the whole set."""
        while (parent := self._parents.setdefault(node, node)) != node:
            self._parents[node] = self._parents.get(parent, parent)
            node = parent
        return node
