"""The watchdog: a thread that sees when test code holds the main thread for too long, and makes it let go.

It is started below `threading`, so that tests which count threads do not count it, and a lock is its bell, because a
signal's handler may have to ring it: an `Event` could be rung while it is being rung.
"""

import signal
import sys
from _thread import allocate_lock, get_ident, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from rustest.model.debuggers import debugger_attached, held_by_debugger
from rustest.model.frames import user_stack
from rustest.run.stops.interrupts import TestInterrupted, may_be_ended
from rustest.run.stops.stack import may_interrupt, where_stands
from rustest.run.stops.timeouts import Clock
from rustest.run.tenant import Occupancy, Tenant, real_time

SIGNAL = signal.SIGURG
"""Ignored by default, so a stray one hurts nobody, and hardly used by programs, unlike SIGALRM."""
_AGAIN = 0.02
"""Seconds between two tries to interrupt."""
_SUSPENDS = 0x20 | 0x80 | 0x200  # inspect.CO_*: such a function "returns" when it yields or awaits, too
_GLANCE = 0.2
"""Seconds between two looks, at most: who stops in a debugger for less gets no time back."""
_LAST_RUNG = 10
"""How many graces code may hold the thread beyond its limit, before the process is ended."""


class Watchdog:
    """Interrupts what holds the main thread beyond its limit.

    Made in the main thread; its own starts with the first clock.
    """

    def __init__(self, occupancy: Occupancy, grace: float, last_rung: Callable[[Clock], None]) -> None:
        self._occupancy = occupancy
        self._grace = grace
        self._patience = grace * _LAST_RUNG
        self._last_rung = last_rung
        self._clocks: dict[Clock, None] = {}
        self._stay: Clock | None = None
        """The clock of code that holds the thread in no phase of its test."""
        self._main = get_ident()
        self._is_pressed = False
        self._next_look = float("inf")
        self._bell = allocate_lock()
        self._bell.acquire()
        self._thread_ended = allocate_lock()
        self._is_started = self._is_closed = False
        self._earlier: object = None

    def watch(self, clock: Clock) -> None:
        """Look after this clock until it is released."""
        self._clocks[clock] = None
        if not self._is_started:
            self._start()
        elif real_time() + clock.limit < self._next_look:
            self._ring()

    def release(self, clock: Clock) -> None:
        """The phase of this clock is over."""
        self._clocks.pop(clock, None)

    def press(self) -> None:
        """Raise TestInterrupted in the test that holds the thread, as soon as that may be."""
        self._is_pressed = True
        if not self._is_started:
            self._start()
        self._ring()

    def shut_down(self) -> None:
        """End the thread, and give the signal back to whoever had it."""
        self._is_closed = True
        if self._is_started:
            self._ring()
            self._thread_ended.acquire()
            if sys.getprofile() == self._returned:
                sys.setprofile(None)
            signal.signal(SIGNAL, self._earlier)  # type: ignore[arg-type]

    def _start(self) -> None:
        self._is_started = True
        self._earlier = signal.signal(SIGNAL, self._interrupt) or signal.SIG_DFL
        self._thread_ended.acquire()
        start_new_thread(self._watch, ())

    def _ring(self) -> None:
        with suppress(RuntimeError):  # it rings already
            self._bell.release()

    # --- in the watchdog's thread ---------------------------------------------------------------------------

    def _watch(self) -> None:
        try:
            while not self._is_closed:
                self._bell.acquire(timeout=self._until_next_look())
                self._look()
        finally:
            self._thread_ended.release()

    def _until_next_look(self) -> float:
        self._next_look = float("inf")  # a clock that starts from here on rings, whether the next line sees it or not
        earliest = min((clock.remaining() for clock in list(self._clocks)), default=_GLANCE)
        wait = _AGAIN if self._is_pressed else min(max(earliest, _AGAIN), _GLANCE)
        self._next_look = real_time() + wait
        return wait

    def _look(self) -> None:
        tenant = self._occupancy.occupant
        if self._is_pressed and not may_be_ended(tenant):
            self._is_pressed = False  # the test has let go, or cleans up
        if tenant is None:
            return
        if self._is_pressed:
            signal.pthread_kill(self._main, SIGNAL)
        elif (clock := self._clock_of(tenant)) is None:
            return
        elif held_by_debugger(self._main_frame()):
            clock.disarm()
        elif clock.remaining() <= 0:
            self._make_let_go(clock)

    def _make_let_go(self, clock: Clock) -> None:
        if min(clock.overrun(), self._occupancy.held_for()) < self._patience:
            signal.pthread_kill(self._main, SIGNAL)
        else:
            clock.expire(user_stack(self._main_frame()))
            self._last_rung(clock)

    def _clock_of(self, tenant: Tenant) -> Clock | None:
        """What limits the code that holds the thread: the clock of its phase, or one of its stay if it is in none.

        What a test leaves running may hold the thread when nobody counts its time any more.
        """
        if tenant.clock is not None or tenant.limit is None:
            return tenant.clock
        stay, since = self._stay, self._occupancy.since
        if stay is None or stay.tenant is not tenant or stay.started != since:
            message = f"{tenant.name} held the thread for {tenant.limit} seconds outside of set-up, test and teardown"
            stay = self._stay = Clock(tenant.limit, message, tenant, self._occupancy, self._grace)
            stay.started = since
        return stay

    def _main_frame(self) -> FrameType | None:
        return sys._current_frames().get(self._main)  # pyright: ignore[reportPrivateUsage] # documented all the same

    # --- in the main thread ---------------------------------------------------------------------------------

    def _interrupt(self, signum: int, frame: FrameType | None) -> None:
        tenant = self._occupancy.occupant
        clock = self._clock_of(tenant) if tenant is not None else None
        is_overdue = clock is not None and clock.remaining() <= 0
        if not is_overdue and not (self._is_pressed and may_be_ended(tenant)):
            if callable(self._earlier):  # this run is part of a test of another one, and the signal may be for that
                self._earlier(signum, frame)
        elif not may_interrupt(frame):
            if sys.getprofile() is None:
                sys.setprofile(self._returned)
        elif clock is not None and is_overdue:
            self._end_phase(clock, frame)
        else:
            self._is_pressed = False
            raise TestInterrupted

    def _returned(self, frame: FrameType, event: str, _: object) -> None:
        """Try again as soon as a function returns to where an exception may be raised.

        Code that makes system calls lets go of the interpreter there, and so every signal would meet it there.
        """
        if event == "return" and not frame.f_code.co_flags & _SUSPENDS and may_interrupt(frame.f_back):
            sys.setprofile(None)
            self._interrupt(SIGNAL, frame.f_back)

    def _end_phase(self, clock: Clock, frame: FrameType | None) -> None:
        if debugger_attached():
            clock.disarm()
            return
        clock.expire(*where_stands(frame))
        error = clock.error()
        if clock is self._stay:
            clock.tenant.overstayed(error)
        raise error
