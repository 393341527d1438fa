"""The queue: which units are still to be handed out, and how many of them at a time."""

from collections import deque
from collections.abc import Callable, Sequence

from rustest.workers.units import Unit

_SHARE = 4
"""Into so many portions, for each worker, what is left is thought to be cut when the next one is taken."""
_MOMENT = 0.02
"""Seconds of work that are not worth handing out by halves."""


class Queue:
    """Hands units out: the longest first, short ones several at a time, and those that run alone when all else is over.

    Whoever has nothing left to do takes the next portion. Portions become smaller as the end comes near, so that
    nobody has much to do when the others have ended.
    """

    def __init__(self, units: Sequence[Unit], workers: int) -> None:
        self._workers = workers
        self._units = deque(unit for unit in units if not unit.runs_alone)
        self._alone = deque(unit for unit in units if unit.runs_alone)

    def __bool__(self) -> bool:
        return bool(self._units or self._alone)

    def has(self, may: Callable[[Unit], bool]) -> bool:
        """Whether some of it may be handed to whoever asks."""
        return any(map(may, self._units)) or any(map(may, self._alone))

    def take(self, may: Callable[[Unit], bool]) -> list[Unit]:
        """The next portion of what may run beside others, as far as it may be handed to whoever asks."""
        share = max(_MOMENT, sum(unit.seconds for unit in self._units) / (_SHARE * self._workers))
        most = -(-len(self._units) // (_SHARE * self._workers))
        first = next((position for position, unit in enumerate(self._units) if may(unit)), None)
        if first is None:
            return []
        portion = [self._units[first]]
        del self._units[first]
        while self._units and len(portion) < most and portion[-1].turn == self._units[0].turn:
            share -= portion[-1].seconds
            if share < self._units[0].seconds or not may(self._units[0]):
                break
            portion.append(self._units.popleft())
        return portion

    def take_alone(self, may: Callable[[Unit], bool]) -> list[Unit]:
        """All that must run alone, for one worker, as far as it may be handed to that one."""
        portion = [unit for unit in self._alone if may(unit)]
        self._alone = deque(unit for unit in self._alone if not may(unit))
        return portion

    def clear(self) -> None:
        """Have nothing more run."""
        self._units.clear()
        self._alone.clear()

    def put_back(self, units: Sequence[Unit]) -> None:
        """Have these run after all, before the others."""
        for unit in reversed(units):
            (self._alone if unit.runs_alone else self._units).appendleft(unit)
