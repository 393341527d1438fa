"""The ways out in the middle of a run, on which no result is lost.

There are four: a second Ctrl-C or SIGTERM, teardowns that take too long after SIGTERM, the watchdog's last rung, and a
test that ends its own process.
"""

import os
import sys
import time
from _thread import get_ident, start_new_thread
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from os import _exit  # Python's own, whatever stands in its place while tests run
from types import FrameType

from rustest.model.events import Interrupted, ProblemFound, Standing, StopReason
from rustest.model.failure import Phase, problem
from rustest.model.frames import user_stack
from rustest.model.hints import TYPE_CHECKING, NoReturn
from rustest.model.item import Problem
from rustest.model.outcome import Outcome, Verdict
from rustest.model.report import STOPPED, ExitStatus
from rustest.output.routing import current_routing
from rustest.run.attempt import Attempt
from rustest.run.ledger import Ledger
from rustest.run.stops.timeouts import Clock
from rustest.run.tenant import TENANT, Occupancy

if TYPE_CHECKING:
    from rustest.run.questions.keyboard import Keyboard

_TELLING = 5.0
"""Seconds that reporters have on the last rung: they may need a lock that the held thread holds."""


class EmergencyExit:
    """Ends the process with everything told that there is to tell."""

    def __init__(self, ledger: Ledger, occupancy: Occupancy, keyboard: "Keyboard | None") -> None:
        self._ledger = ledger
        self._occupancy = occupancy
        self._keyboard = keyboard
        self._main = get_ident()
        self.look: Callable[[FrameType | None], Standing] | None = None
        """Says what runs while the main thread is in the middle of that; None where it runs elsewhere."""

    def take(self, ending: Interrupted) -> None:
        """Take the second SIGINT at its word, when the event that it came between has been told."""
        self._ledger.when_told(partial(self._leave, ending))

    def run_out(self, ending: Interrupted) -> None:
        """Leave from another thread than the main one, and tell what that is doing."""
        if not self._ledger.lock.acquire(timeout=_TELLING):
            self.leave_now(STOPPED[ending.reason])
        try:
            if not self._ledger.is_over:
                self._cut_teardowns_short(ending)
        finally:
            self._ledger.lock.release()

    def _cut_teardowns_short(self, ending: Interrupted) -> NoReturn:
        start_new_thread(self._leave_anyway, (STOPPED[ending.reason],))
        self._ledger.stop(ending)
        if self.look is not None:
            frame = sys._current_frames().get(self._main)  # pyright: ignore[reportPrivateUsage] -- documented
            self._ledger.answer(self.look(frame))
        message = "the process ends in the middle of teardowns: they take longer than sigterm_grace allows"
        self._ledger.tell(ProblemFound(Problem("after SIGTERM", problem(Phase.TEARDOWN, message))))
        self._leave(ending)

    def give_up(self, clock: Clock) -> None:
        """Leave from the watchdog's thread: the main thread is held, and nothing makes it let go."""
        with self._ledger.lock:
            tenant = clock.tenant
            if tenant is not self._occupancy.occupant or tenant.clock not in (clock, None):
                return  # it has let go at the last moment
            start_new_thread(self._leave_anyway, (ExitStatus.FAILURES,))
            self._ledger.stop(ending := Interrupted(StopReason.BLOCKED))
            message = f"{clock.message}, and nothing ends it: the process is given up{_other_threads()}"
            failure = problem(tenant.phase, message)._replace(frames=clock.where)
            if isinstance(tenant, Attempt) and not self._ledger.is_finished(tenant.name):
                self._ledger.finish_stuck(tenant.name, failure, tenant.recorded())
            else:
                self._ledger.tell(ProblemFound(Problem(tenant.name, failure)))
            self._leave(ending)

    def depart(self, status: int, frame: FrameType) -> NoReturn:
        """Leave because code of a test has called `os._exit`: nothing that runs after that may count on the process."""
        self._depart(f"os._exit({status}) was called", frame)

    def fall(self, frame: FrameType) -> NoReturn:
        """Leave because code of a test has sent SIGTERM to its own process, where nobody handles it."""
        self._depart("SIGTERM was sent to the own process, without a handler for it", frame)

    def _depart(self, deed: str, frame: FrameType) -> NoReturn:
        with self._ledger.lock:
            start_new_thread(self._leave_anyway, (ExitStatus.FAILURES,))
            who = TENANT.get() or self._occupancy.occupant
            message = f"{deed}, which ends the process: with -n 1 it would cost this test alone"
            failure = problem(Phase.CALL if who is None else who.phase, message)._replace(frames=user_stack(frame))
            self._ledger.stop(ending := Interrupted(StopReason.DEPARTED))
            if isinstance(who, Attempt) and not self._ledger.is_finished(who.name):
                self._ledger.finish(who.name, Outcome(Verdict.CRASHED, failures=(failure,)), who.recorded())
            else:
                self._ledger.tell(ProblemFound(Problem("outside of tests" if who is None else who.name, failure)))
            self._leave(ending)

    def _leave(self, ending: Interrupted) -> NoReturn:
        try:
            self._ledger.stop(ending)
            self._ledger.end()
            current_routing().let_out()
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            self.leave_now(STOPPED.get(ending.reason, ExitStatus.FAILURES))

    def leave_now(self, status: ExitStatus) -> NoReturn:
        """End the process, whatever is left to tell."""
        try:
            if self._keyboard is not None:
                self._keyboard.give_back()
        finally:
            _exit(status)

    def _leave_anyway(self, status: ExitStatus) -> None:
        time.sleep(_TELLING)
        self.leave_now(status)


def _other_threads() -> str:
    """The threads that the test or its libraries have started, for one of them may hold what it waits for."""
    if "threading" not in sys.modules:
        return ""
    from threading import enumerate as all_threads
    from threading import main_thread

    names = [thread.name for thread in all_threads() if thread is not main_thread()]
    return f" (other threads: {', '.join(names)})" if names else ""


@contextmanager
def told_departure(tell: Callable[[int, FrameType], object]) -> Generator[None]:
    """Have `tell` hear first of `os._exit` in this process, once: the status and who calls it. Forks leave as ever."""
    leave, process = os._exit, os.getpid()
    untold = [tell]

    def leave_and_tell(status: int) -> None:
        if untold and os.getpid() == process:
            untold.pop()(status, sys._getframe(1))  # pyright: ignore[reportPrivateUsage] -- documented all the same
        leave(status)

    os._exit = leave_and_tell  # type: ignore[assignment]
    try:
        yield
    finally:
        if os._exit is leave_and_tell:
            os._exit = leave
