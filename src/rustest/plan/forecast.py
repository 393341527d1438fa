"""How long a plan will take, judged by how long its tests took before."""

from collections.abc import Mapping, Sequence

from rustest.model.plan import Lane, Plan, RunStep

_ENOUGH = 0.5
"""The share of the tests whose durations must be known; the others are taken for average ones."""


def forecast(plan: Plan, durations: Mapping[str, float], concurrency: int, workers: int = 1) -> float | None:
    """The seconds that the tests will take, those that overlap counted once; None where too few have run before.

    Among several workers they are thought to be shared evenly, but for the longest test.
    """
    if not durations:
        return None
    windows = [(window.lane, [step for step in window.steps if isinstance(step, RunStep)]) for window in plan.windows]
    took = [[durations.get(step.item.id) for step in steps] for _, steps in windows]
    known = [time for times in took for time in times if time is not None]
    if not known or len(known) < _ENOUGH * sum(map(len, took)):
        return None
    average = sum(known) / len(known)
    filled = [[average if time is None else time for time in times] for times in took]
    seconds = sum(
        _window(steps, times, concurrency if lane is Lane.OVERLAP else 1)
        for (lane, steps), times in zip(windows, filled, strict=True)
    )
    return max(seconds / workers, *(max(times, default=0.0) for times in filled))


def _window(steps: Sequence[RunStep], took: Sequence[float], width: int) -> float:
    """No shorter than its longest test, than the holders of one key together, and than what `width` at once allow."""
    by_key: dict[str, float] = {}
    for step, time in zip(steps, took, strict=True):
        for key in step.keys:
            by_key[key] = by_key.get(key, 0.0) + time
    return max([sum(took) / width, max(took, default=0.0), *by_key.values()])
