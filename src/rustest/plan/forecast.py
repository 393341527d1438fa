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
    windows = [(window.lane, [s for s in window.steps if isinstance(s, RunStep)]) for window in plan.windows]
    ids = [step.item.id for _, steps in windows for step in steps]
    known = [durations[node_id] for node_id in ids if node_id in durations]
    if not known or len(known) < _ENOUGH * len(ids):
        return None
    average = sum(known) / len(known)
    took = {node_id: durations.get(node_id, average) for node_id in ids}
    seconds = sum(_window(steps, took, concurrency if lane is Lane.OVERLAP else 1) for lane, steps in windows)
    return max(seconds / workers, *took.values())


def _window(steps: Sequence[RunStep], took: Mapping[str, float], width: int) -> float:
    """No shorter than its longest test, than the holders of one key together, and than what `width` at once allow."""
    by_key: dict[str, float] = {}
    for step in steps:
        for key in step.keys:
            by_key[key] = by_key.get(key, 0.0) + took[step.item.id]
    times = [took[step.item.id] for step in steps]
    return max([sum(times) / width, *times, *by_key.values()], default=0.0)
