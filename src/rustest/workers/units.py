"""Units: the parts of a plan that each go to one worker as a whole.

What shares a live thing narrower than the session stays together: users of one fixture or loop of a class, module or
package. So do the holders of one key, which only one process can keep apart, tests that come after others, and the
tests of one file that run in line. What is left of a window that overlaps is split among the workers, as evenly as
what is known of the tests' durations allows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from heapq import heapreplace
from itertools import groupby
from typing import NamedTuple

from rustest.model.plan import Lane, Plan, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.model.settings import Settings
from rustest.run.holding import holdings

_UNKNOWN = 0.01
"""Seconds that a test is taken to last where no earlier run tells of any."""

Turn = tuple[tuple[str, int], ...]


class Unit(NamedTuple):
    """Tests that one worker runs."""

    windows: tuple[Window, ...]
    seconds: float
    """How long it will take, as far as that is known."""
    runs_alone: bool = False
    """Whether nothing else of the run may be in flight, in any process."""
    turn: Turn = ()
    """Which params of the session's fixtures it needs: those of one turn come together."""
    forgone: tuple[str, ...] = ()
    """Tests that share fixtures with these, and that need not run any more."""
    setbacks: int = 0
    """How often a worker died over it, and nobody knows by which test."""

    def ids(self) -> list[str]:
        """The node ids of its tests, in order."""
        return [step.item.id for window in self.windows for step in window.steps]

    def without(self, done: Collection[str]) -> "Unit":
        """The unit without tests that have their verdicts."""
        windows = (
            window._replace(steps=tuple(step for step in window.steps if step.item.id not in done))
            for window in self.windows
        )
        forgone = tuple(dict.fromkeys((*self.forgone, *done)))
        return self._replace(windows=tuple(window for window in windows if window.steps), forgone=forgone)

    def singly(self, suspects: Collection[str]) -> "Unit":
        """The unit with those tests in windows of their own, before the others."""
        steps = ((window, step) for window in self.windows for step in window.steps if step.item.id in suspects)
        alone = tuple(window._replace(steps=(step,)) for window, step in steps)
        rest = (
            window._replace(steps=tuple(step for step in window.steps if step.item.id not in suspects))
            for window in self.windows
        )
        return self._replace(windows=(*alone, *(window for window in rest if window.steps)))


def split_plan(plan: Plan, settings: Settings, durations: Mapping[str, float], workers: int) -> list[Unit]:
    """The plan in parts, those first that are best begun first."""
    times = _Times(durations, settings.concurrency)
    rest: list[Unit] = []
    loose: dict[int, list[list[_Place]]] = {}
    for group in _groups(plan, settings):
        if _is_loose(group, plan):
            loose.setdefault(group[0].window, []).append(group)
        else:
            rest.append(_unit(group, plan, times))
    bundles = (bundle for groups in loose.values() for bundle in _deal(groups, plan, times, workers))
    units = [*(_unit(bundle, plan, times) for bundle in bundles), *rest]
    if settings.randomize is not None or settings.ff or settings.nf or settings.sw:  # the order is asked for
        return sorted(units, key=lambda unit: unit.turn)
    return sorted(units, key=lambda unit: (unit.turn, -unit.seconds))


class _Place(NamedTuple):
    """Where a step stands in the plan."""

    window: int
    step: int


def _groups(plan: Plan, settings: Settings) -> Iterator[list[_Place]]:
    """The places of the steps that must stay together, group by group, in the order of the plan."""
    bonds = _Bonds()
    for number, window in enumerate(plan.windows):
        for position, step in enumerate(window.steps):
            bonds.tie(_Place(number, position), _ties(step, number, window.lane, in_order=settings.concurrency == 1))
    groups: dict[object, list[_Place]] = {}
    for place in bonds.places:
        groups.setdefault(bonds.root(place), []).append(place)
    yield from groups.values()


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
        self.places: list[_Place] = []
        self._parents: dict[object, object] = {}

    def tie(self, place: _Place, ties: Iterator[object]) -> None:
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


def _is_loose(group: Sequence[_Place], plan: Plan) -> bool:
    """Whether it may share a worker with others like it: tests of one overlapping window, without ties outside it."""
    windows = {place.window for place in group}
    return (
        len(windows) == 1
        and plan.windows[group[0].window].lane is Lane.OVERLAP
        and not any(_scopes(_step(place, plan)) for place in group)
    )


def _scopes(step: Step) -> bool:
    return isinstance(step, RunStep) and any(one.instance.scope is not Scope.SESSION for one in holdings(step))


def _step(place: _Place, plan: Plan) -> Step:
    return plan.windows[place.window].steps[place.step]


class _Times:
    """How long tests and windows will take."""

    def __init__(self, durations: Mapping[str, float], width: int) -> None:
        self._durations = durations
        self._width = width
        self._average = sum(durations.values()) / len(durations) if durations else _UNKNOWN

    def of(self, step: Step) -> float:
        """The seconds of one test."""
        return self._durations.get(step.item.id, self._average) if isinstance(step, RunStep) else 0.0

    def of_window(self, window: Window) -> float:
        """The seconds of tests that overlap, or do not."""
        times = [self.of(step) for step in window.steps]
        return max(*times, sum(times) / self._width) if window.lane is Lane.OVERLAP else sum(times)


def _deal(groups: Sequence[list[_Place]], plan: Plan, times: _Times, hands: int) -> Iterator[list[_Place]]:
    """Deal the tests of one window out into so many bundles, the longest first, each to the smallest bundle."""
    heap: list[tuple[float, int, int, list[_Place]]] = [(0.0, 0, number, []) for number in range(hands)]
    weights = [(sum(times.of(_step(place, plan)) for place in group), group) for group in groups]
    for weight, group in sorted(weights, key=lambda one: -one[0]):
        load, size, number, bundle = heap[0]
        bundle.extend(group)
        heapreplace(heap, (load + weight, size + len(group), number, bundle))
    yield from (bundle for *_, bundle in heap if bundle)


def _unit(places: Sequence[_Place], plan: Plan, times: _Times) -> Unit:
    windows: list[Window] = []
    for number, group in groupby(sorted(places), key=lambda place: place.window):
        windows.append(plan.windows[number]._replace(steps=tuple(_step(place, plan) for place in group)))
    steps = tuple(step for window in windows for step in window.steps)
    return Unit(
        tuple(windows),
        sum(map(times.of_window, windows)),
        any(step.item.runs_alone for step in steps if isinstance(step, RunStep)),
        tuple(sorted({entry for step in steps for entry in _session_variants(step)})),
    )


def _session_variants(step: Step) -> Iterator[tuple[str, int]]:
    for use in step.fixtures if isinstance(step, RunStep) else ():
        if use.instance.scope is Scope.SESSION:
            yield from use.variant
