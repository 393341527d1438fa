"""The watchdog: a thread that sees when test code holds the main thread for too long, and makes it let go."""

import signal
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType

from rustest.model.failure import user_stack
from rustest.run.tenant import Occupancy
from rustest.run.timeouts import Clock, LimitExceeded, held_by_debugger, may_interrupt

SIGNAL = signal.SIGURG
"""Ignored by default, so a stray one hurts nobody, and hardly used by programs, unlike SIGALRM."""
_AGAIN = 0.02
"""Seconds between two tries to interrupt."""
_LAST_RUNG = 10
"""How many graces code may go on after its first interruption, before the process is ended."""


class Watchdog:
    """Interrupts what holds the main thread beyond its limit.

    Made in the main thread; its thread starts with the first clock, and sleeps until the earliest one could run out.
    """

    def __init__(self, occupancy: Occupancy, grace: float, last_rung: Callable[[Clock], None]) -> None:
        self._occupancy = occupancy
        self._patience = grace * _LAST_RUNG
        self._last_rung = last_rung
        self._clocks: dict[Clock, None] = {}
        self._overdue: Clock | None = None
        self._overdue_since = 0.0
        self._main = threading.main_thread().ident or 0
        self._poke = threading.Event()
        self._next_look = float("inf")
        self._thread: threading.Thread | None = None
        self._closed = False
        self._earlier: object = None

    def watch(self, clock: Clock) -> None:
        """Look after this clock until it is released."""
        self._clocks[clock] = None
        if self._thread is None:
            self._start()
        elif time.monotonic() + clock.limit < self._next_look:
            self._poke.set()

    def release(self, clock: Clock) -> None:
        """The phase of this clock is over."""
        self._clocks.pop(clock, None)

    def shut_down(self) -> None:
        """End the thread, and give the signal back to whoever had it."""
        self._closed = True
        self._poke.set()
        if self._thread is not None:
            self._thread.join()
            signal.signal(SIGNAL, self._earlier)  # type: ignore[arg-type]

    def _start(self) -> None:
        self._earlier = signal.signal(SIGNAL, self._interrupt)
        self._thread = threading.Thread(target=self._watch, name="rustest watchdog", daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._closed:
            self._poke.wait(self._until_next_look())
            self._poke.clear()
            self._look()

    def _until_next_look(self) -> float | None:
        self._next_look = float("inf")  # a clock that starts from here on pokes, whether the next line sees it or not
        earliest = min((clock.remaining() for clock in list(self._clocks)), default=None)
        if earliest is None:
            return None
        wait = min(max(earliest, _AGAIN), threading.TIMEOUT_MAX)
        self._next_look = time.monotonic() + wait
        return wait

    def _look(self) -> None:
        tenant = self._occupancy.occupant
        clock = tenant.clock if tenant is not None else None
        if clock is None or clock.remaining() > 0:
            self._overdue = None
        elif held_by_debugger(self._main_frame()):
            clock.disarm()
        elif clock is not self._overdue:
            self._overdue, self._overdue_since = clock, time.monotonic()
            signal.pthread_kill(self._main, SIGNAL)
        elif time.monotonic() - self._overdue_since < self._patience:
            signal.pthread_kill(self._main, SIGNAL)
        else:
            clock.expire(user_stack(self._main_frame()))
            self._last_rung(clock)

    def _main_frame(self) -> FrameType | None:
        return sys._current_frames().get(self._main)  # pyright: ignore[reportPrivateUsage] # documented all the same

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        clock = self._overdue
        if clock is None or clock.tenant is not self._occupancy.occupant or clock.tenant.clock is not clock:
            return  # it has let go since the signal was sent
        if may_interrupt(frame):
            clock.expire(user_stack(frame))
            raise LimitExceeded(clock.message, clock.where)
