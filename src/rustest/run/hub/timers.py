"""Calls to be made at a time, the earliest first."""

import heapq
import itertools
import time
from collections.abc import Callable

Call = Callable[[], None]

_MANY_VOID = 100
"""How many timers that will never fire may be kept before they are swept out."""


class Timer:
    """A call that is made at a time, unless it is cancelled before."""

    __slots__ = ("_call", "_timers", "when")

    def __init__(self, when: float, call: Call, timers: "Timers") -> None:
        self.when = when
        """In seconds of `time.monotonic`."""
        self._call: Call | None = call
        self._timers = timers

    @property
    def is_void(self) -> bool:
        """Whether it was cancelled or has fired."""
        return self._call is None

    def cancel(self) -> None:
        """Make sure that the call is not made."""
        if self._call is not None:
            self._call = None
            self._timers.count_void()

    def fire(self) -> None:
        """Make the call, once."""
        call, self._call = self._call, None
        if call is not None:
            call()


class Timers:
    """Timers in a heap, which does not grow with those that are cancelled."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()
        self._void = 0

    def __len__(self) -> int:
        """How many are kept, some of them cancelled."""
        return len(self._heap)

    def add(self, when: float, call: Call) -> Timer:
        """Have a call made at that time."""
        timer = Timer(when, call, self)
        heapq.heappush(self._heap, (when, next(self._count), timer))
        return timer

    def upcoming(self) -> float | None:
        """When the earliest will fire; None without any."""
        while self._heap and self._heap[0][2].is_void:
            heapq.heappop(self._heap)
            self._void -= 1
        return self._heap[0][0] if self._heap else None

    def fire_due(self) -> None:
        """Fire those whose time has come."""
        now = time.monotonic()
        while (when := self.upcoming()) is not None and when <= now:
            heapq.heappop(self._heap)[2].fire()

    def count_void(self) -> None:
        """One more has been cancelled; when most are, they are swept out."""
        self._void += 1
        if self._void > _MANY_VOID and self._void * 2 > len(self._heap):
            self._heap[:] = [entry for entry in self._heap if not entry[2].is_void]
            heapq.heapify(self._heap)
            self._void = 0
