"""Ctrl-C: once ends the tests in flight and tears them down, twice leaves with what there is, thrice just leaves."""

import signal
from collections.abc import Callable
from types import FrameType

from rustest.model.events import Interrupted, StopReason, Whereabouts
from rustest.model.failure import Phase
from rustest.model.hints import Protocol
from rustest.model.report import STOPPED, ExitStatus
from rustest.run.stops.stack import has_sent_signal, may_interrupt
from rustest.run.tenant import Occupancy


class TestInterrupted(KeyboardInterrupt):
    """Raised in the test that holds the thread when the user presses Ctrl-C."""

    __test__ = False


class WayOut(Protocol):
    """What ends the process in the middle of a run."""

    def take(self, ending: Interrupted) -> None:
        """Leave with all that there is to tell."""
        ...

    def leave_now(self, status: ExitStatus) -> None:
        """Leave at once."""
        ...


Notice = Callable[[FrameType | None, bool], tuple[Whereabouts, ...]]
"""Hears that the run is to end: what that came in the middle of, and whether a test is still to be interrupted.

It says where the tests are.
"""


class Interrupts:
    """A context in which SIGINT is rustest's; outside the main thread it does nothing, nor where SIGINT is ignored."""

    def __init__(self, occupancy: Occupancy, notice: Notice, way_out: WayOut) -> None:
        self.in_main_thread = True
        self._occupancy = occupancy
        self._notice = notice
        self.way_out = way_out
        self.ending: Interrupted | None = None
        """What the run is to end for as soon as it gets round to it; None while nobody has asked for that."""
        self._presses = 0
        self._earlier: object = None

    def __enter__(self) -> "Interrupts":
        try:
            self._earlier = signal.signal(signal.SIGINT, self._handle) or signal.SIG_DFL
        except ValueError:  # off the main thread Python hears of no signal
            self.in_main_thread = False
        else:
            if self._earlier is signal.SIG_IGN:  # so a shell starts what is to run on in the background
                signal.signal(signal.SIGINT, signal.SIG_IGN)
        return self

    def __exit__(self, *_: object) -> None:
        if self.in_main_thread:
            signal.signal(signal.SIGINT, self._earlier)  # type: ignore[arg-type]

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        if self._occupancy.occupant is not None and has_sent_signal(frame):
            signal.default_int_handler(signum, frame)  # the test's own doing, and so its KeyboardInterrupt
        if self.ending is None:
            self._end_run(Interrupted(StopReason.USER), frame)
            return
        self._presses += 1
        if self._presses == 1:
            self.way_out.take(self.ending)
        else:
            self.way_out.leave_now(STOPPED[self.ending.reason])

    def _end_run(self, ending: Interrupted, frame: FrameType | None) -> None:
        outer = getattr(self._earlier, "__self__", None)
        if isinstance(outer, Interrupts):  # this run is part of a test of another one, which is to end too
            outer.request(ending)
        occupant = self._occupancy.occupant
        is_held = occupant is not None and occupant.phase is not Phase.TEARDOWN
        may_raise = may_interrupt(frame)
        self.ending = ending
        self.ending = ending._replace(where=self._notice(frame, is_held and not may_raise))
        if is_held and may_raise:
            raise TestInterrupted  # inside the test that holds the thread; the others are cancelled between steps

    def request(self, ending: Interrupted) -> None:
        """Ask the run to end, as a first SIGINT does that comes while no test holds the thread."""
        self.ending = self.ending or ending
        self._notice(None, False)
