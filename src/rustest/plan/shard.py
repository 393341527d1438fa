"""Shards: which tests of a suite a run has, where several machines share it.

Each of them must come to the same parts by itself. So nothing counts here but the tests and what everybody has: not
what this machine remembers of earlier runs.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from heapq import heapreplace

from rustest.model.bonds import Place, bound_groups, step_at
from rustest.model.durations import read_durations
from rustest.model.plan import Lane, RunStep, Step, Window
from rustest.model.settings import Settings
from rustest.model.shard import Shard

_UNKNOWN = 0.01
"""Seconds that a test is taken to last where the durations tell of none."""

Group = Sequence[Step]


def tests_of_shard(windows: Sequence[Window], settings: Settings, shard: Shard) -> frozenset[str]:
    """The node ids of the shard's tests; raises UsageError where the durations cannot be read."""
    overlapping: list[Group] = []
    others: list[Group] = []
    for places in bound_groups(windows, in_order=settings.concurrency == 1):
        group = [step_at(place, windows) for place in places]
        (overlapping if _overlap(places, windows) else others).append(group)
    if settings.durations_from is None:
        chosen = [group for group in (*overlapping, *others) if _lot(group) % shard.of == shard.number - 1]
    else:
        durations = read_durations(os.path.join(settings.rootdir, settings.durations_from))
        # Apart from each other, since seconds that overlap cost less: so each shard has its share of either.
        first, last = (_deal(groups, durations, shard.of) for groups in (overlapping, others))
        chosen = [*first[shard.number - 1], *last[-shard.number]]
    return frozenset(step.item.id for group in chosen for step in group)


def _overlap(places: Iterable[Place], windows: Sequence[Window]) -> bool:
    return all(windows[place.window].lane is Lane.OVERLAP for place in places)


def _lot(group: Group) -> int:
    """A number that stays the same wherever the group is met, and mostly when a test joins or leaves it."""
    from hashlib import sha256

    return min(
        int.from_bytes(sha256(step.item.id.encode("utf-8", "surrogatepass")).digest()[:8], "big") for step in group
    )


def _deal(groups: Collection[Group], durations: Mapping[str, float], hands: int) -> list[list[Group]]:
    """Deal the groups out, the longest first, each to whoever has the least."""
    average = sum(durations.values()) / len(durations) if durations else _UNKNOWN

    def seconds(group: Group) -> float:
        return sum(durations.get(step.item.id, average) for step in group if isinstance(step, RunStep))

    dealt: list[list[Group]] = [[] for _ in range(hands)]
    heap = [(0.0, 0, number) for number in range(hands)]
    for weight, _, group in sorted(((seconds(group), _lot(group), group) for group in groups), key=_heaviest):
        load, size, number = heap[0]
        dealt[number].append(group)
        heapreplace(heap, (load + weight, size + len(group), number))
    return dealt


def _heaviest(weighed: tuple[float, int, Group]) -> tuple[float, int]:
    weight, lot, _ = weighed
    return -weight, lot
