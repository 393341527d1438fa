"""Ctrl-C: once ends the tests in flight and tears them down, twice leaves with what there is, thrice just leaves."""

import signal
from collections.abc import Callable
from types import FrameType

from rustest.model.failure import Phase
from rustest.model.hints import Protocol
from rustest.model.report import ExitStatus
from rustest.run.stops.stack import has_sent_signal, may_interrupt
from rustest.run.tenant import Occupancy


class TestInterrupted(KeyboardInterrupt):
    """Raised in the test that holds the thread when the user presses Ctrl-C."""

    __test__ = False


class WayOut(Protocol):
    """What ends the process in the middle of a run."""

    def take(self) -> None:
        """Leave with all that there is to tell."""
        ...

    def leave_now(self, status: ExitStatus) -> None:
        """Leave at once."""
        ...


class Interrupts:
    """A context in which SIGINT is rustest's; outside the main thread it does nothing, nor where SIGINT is ignored."""

    def __init__(self, occupancy: Occupancy, notice: Callable[[FrameType | None, bool], None], way_out: WayOut) -> None:
        self.in_main_thread = True
        self._occupancy = occupancy
        self._notice = notice
        """Hears of the first SIGINT: what it came in the middle of, and whether a test is still to be interrupted."""
        self.way_out = way_out
        self.presses = 0
        """How often the user has asked the run to end."""
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
        self.presses += 1
        match self.presses:
            case 1:
                self._end_run(frame)
            case 2:
                self.way_out.take()
            case _:
                self.way_out.leave_now(ExitStatus.INTERRUPTED)

    def _end_run(self, frame: FrameType | None) -> None:
        outer = getattr(self._earlier, "__self__", None)
        if isinstance(outer, Interrupts):  # this run is part of a test of another one, which is to end too
            outer.request()
        occupant = self._occupancy.occupant
        is_held = occupant is not None and occupant.phase is not Phase.TEARDOWN
        self._notice(frame, is_held and not may_interrupt(frame))
        if is_held and may_interrupt(frame):
            raise TestInterrupted  # inside the test that holds the thread; the others are cancelled between steps

    def request(self) -> None:
        """Ask the run to end, as a first SIGINT does that comes while no test holds the thread."""
        self.presses = max(self.presses, 1)
        self._notice(None, False)
