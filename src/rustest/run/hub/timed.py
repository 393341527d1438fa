"""A loop whose timers the hub waits for."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import heapq

from rustest.run.hub.timers import Timer
from rustest.run.hub.watched import WatchedLoop

_MANY_CANCELLED = 100
"""How many cancelled timers may wait in the heap before they are swept out, as in asyncio."""


class TimedLoop(WatchedLoop):
    """What is due is taken out in each step; the hub is asked to wake the loop for what will be."""

    alarms: list[Timer]
    """The hub's timers that will wake this loop, latest first: see `Hub.note_deadline`."""
    _timer_cancelled_count: int
    _clock_resolution: float

    def _take_due_timers(self) -> None:
        scheduled = self._scheduled
        if self._timer_cancelled_count > _MANY_CANCELLED and self._timer_cancelled_count * 2 > len(scheduled):
            self._sweep_cancelled_timers()
            scheduled = self._scheduled
        end = self.time() + self._clock_resolution
        while scheduled and (scheduled[0]._cancelled or scheduled[0]._when < end):  # type: ignore[attr-defined]
            timer = heapq.heappop(scheduled)
            timer._scheduled = False  # type: ignore[attr-defined]
            if timer._cancelled:
                self._timer_cancelled_count -= 1
            else:
                self._ready.append(timer)

    def _sweep_cancelled_timers(self) -> None:
        for timer in self._scheduled:
            if timer._cancelled:
                timer._scheduled = False  # type: ignore[attr-defined]
        self._scheduled = [timer for timer in self._scheduled if not timer._cancelled]
        heapq.heapify(self._scheduled)
        self._timer_cancelled_count = 0

    def next_deadline(self) -> float | None:
        """When its earliest timer is due, in `time.monotonic` seconds; None without timers."""
        scheduled = self._scheduled
        while scheduled and scheduled[0]._cancelled:
            heapq.heappop(scheduled)._scheduled = False  # type: ignore[attr-defined]
            self._timer_cancelled_count -= 1
        return scheduled[0].when() if scheduled else None

    def _cancel_alarms(self) -> None:
        while self.alarms:
            self.alarms.pop().cancel()
