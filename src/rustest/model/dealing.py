"""Dealing tests out to workers or shards, so that each has about as much to do as the others."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heapreplace

from rustest.model.hints import TypeVar
from rustest.model.plan import RunStep, Step

_UNKNOWN = 0.01
"""Seconds that a test is taken to last where no earlier run tells of any."""

Member = TypeVar("Member")


class Times:
    """How long tests will take: as long as before, and those that are new as long as the average."""

    def __init__(self, durations: Mapping[str, float]) -> None:
        self._durations = durations
        self._average = sum(durations.values()) / len(durations) if durations else _UNKNOWN

    def of(self, step: Step) -> float:
        """The seconds of one test; none where it does not run."""
        return self._durations.get(step.item.id, self._average) if isinstance(step, RunStep) else 0.0

    def of_all(self, steps: Iterable[Step]) -> float:
        """The seconds of tests one after another."""
        return sum(map(self.of, steps))


def deal(weighed: Iterable[tuple[float, Sequence[Member]]], hands: int) -> list[list[Sequence[Member]]]:
    """Deal groups out in this order, each to whoever has the fewest seconds so far; of equals, the fewest members."""
    dealt: list[list[Sequence[Member]]] = [[] for _ in range(hands)]
    heap = [(0.0, 0, number) for number in range(hands)]
    for seconds, group in weighed:
        load, size, number = heap[0]
        dealt[number].append(group)
        heapreplace(heap, (load + seconds, size + len(group), number))
    return dealt
