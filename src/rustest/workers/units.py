"""Units: the parts of a plan that each go to one worker as a whole.

Tests that are bound to each other stay together. What is left of a window that overlaps is split among the workers, as
evenly as what is known of the tests' durations allows.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from rustest.model.bonds import Place, bound_groups, step_at
from rustest.model.dealing import Times, deal
from rustest.model.holding import holdings
from rustest.model.plan import Lane, Plan, RunStep, Step, Window
from rustest.model.scope import Scope
from rustest.model.settings import Settings

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
    loose: dict[int, list[list[Place]]] = {}
    for group in bound_groups(plan.windows, in_order=settings.concurrency == 1):
        if _is_loose(group, plan):
            loose.setdefault(group[0].window, []).append(group)
        else:
            rest.append(_unit(group, plan, times))
    bundles = (bundle for groups in loose.values() for bundle in _bundles(groups, plan, times, workers))
    units = [*(_unit(bundle, plan, times) for bundle in bundles), *rest]
    if settings.randomize is not None or settings.ff or settings.nf or settings.sw:  # the order is asked for
        return sorted(units, key=lambda unit: unit.turn)
    return sorted(units, key=lambda unit: (unit.turn, -unit.seconds))


def _is_loose(group: Sequence[Place], plan: Plan) -> bool:
    """Whether it may share a worker with others like it: tests of one overlapping window, without ties outside it."""
    windows = {place.window for place in group}
    return (
        len(windows) == 1
        and plan.windows[group[0].window].lane is Lane.OVERLAP
        and not any(_scopes(step_at(place, plan.windows)) for place in group)
    )


def _scopes(step: Step) -> bool:
    return isinstance(step, RunStep) and any(one.instance.scope is not Scope.SESSION for one in holdings(step))


class _Times(Times):
    """How long tests and windows will take."""

    def __init__(self, durations: Mapping[str, float], width: int) -> None:
        super().__init__(durations)
        self._width = width

    def of_window(self, window: Window) -> float:
        """The seconds of tests that overlap, or do not."""
        if window.lane is not Lane.OVERLAP:
            return self.of_all(window.steps)
        return max(*map(self.of, window.steps), self.of_all(window.steps) / self._width)


def _bundles(groups: Sequence[list[Place]], plan: Plan, times: Times, workers: int) -> Iterator[list[Place]]:
    """The tests of one window in a bundle for each worker, as evenly as can be; fewer where there are too few."""
    weighed = [(times.of_all(step_at(place, plan.windows) for place in group), group) for group in groups]
    weighed.sort(key=lambda one: -one[0])
    return ([*chain(*dealt)] for dealt in deal(weighed, workers) if dealt)


def _unit(places: Sequence[Place], plan: Plan, times: _Times) -> Unit:
    windows: list[Window] = []
    for number, group in groupby(sorted(places), key=lambda place: place.window):
        windows.append(plan.windows[number]._replace(steps=tuple(step_at(place, plan.windows) for place in group)))
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
