"""Ctrl-C and SIGTERM.

Once ends the tests in flight and tears them down, twice leaves with what there is, thrice just leaves.

SIGTERM comes from a machine that will not wait for ever, so after it teardowns have some time and no more.
"""

import os
import signal
import sys
import time
from _thread import allocate_lock, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from rustest.model.errors import Terminated
from rustest.model.events import Interrupted, StopReason, Whereabouts
from rustest.model.failure import Phase
from rustest.model.frames import is_installed
from rustest.model.hints import Protocol, cast
from rustest.model.report import STOPPED, ExitStatus
from rustest.run.ledger import Ledger
from rustest.run.stops.stack import has_sent_signal, may_interrupt, waits_in_foreign_loop
from rustest.run.tenant import Occupancy, Tenant

_REASONS: dict[int, StopReason] = {signal.SIGINT: StopReason.USER, signal.SIGTERM: StopReason.TERMINATED}
_DEFAULT, _IGNORE = int(signal.SIG_DFL), int(signal.SIG_IGN)
_USUAL: dict[int, object] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: _DEFAULT}
"""What handles them where nobody else does."""
_signal = vars(sys.modules["_signal"])
"""What the signal module, which has just imported it, dresses up as members of enums, at ten times the cost."""
handler_of = cast("Callable[[int], object]", _signal["getsignal"])
_set_handler = cast("Callable[[int, object], object]", _signal["signal"])
_ECHO = 0.5
"""Seconds in which another SIGTERM counts as the same: coreutils' `timeout` sends it to a process and to its group."""


class TestInterrupted(KeyboardInterrupt):
    """Raised in the test that holds the thread when the run is to end."""

    __test__ = False


class WayOut(Protocol):
    """What ends the process in the middle of a run."""

    def take(self, ending: Interrupted) -> None:
        """Leave with all that there is to tell."""
        ...

    def run_out(self, ending: Interrupted) -> None:
        """The same from another thread, because the time for teardowns is over."""
        ...

    def fall(self, frame: FrameType) -> None:
        """Leave because the test's code that runs there has sent SIGTERM to its own process."""
        ...

    def leave_now(self, status: ExitStatus) -> None:
        """Leave at once."""
        ...


Notice = Callable[[FrameType | None, bool], tuple[Whereabouts, ...]]
"""Hears that the run is to end: what that came in the middle of, and whether a test is still to be interrupted.

It says where the tests are.
"""


class Interrupts:
    """A context in which SIGINT and SIGTERM are rustest's; outside the main thread it does nothing.

    Nor does it where SIGINT is ignored, and for SIGTERM where anybody else handles it.
    """

    def __init__(self, occupancy: Occupancy, notice: Notice, way_out: WayOut, grace: float) -> None:
        self.in_main_thread = True
        self._occupancy = occupancy
        self._notice = notice
        self.way_out = way_out
        self._grace = grace
        """Seconds that teardowns have after SIGTERM."""
        self.ending: Interrupted | None = None
        """What the run is to end for as soon as it gets round to it; None while nobody has asked for that."""
        self._presses = 0
        self._since = 0.0
        self._earlier: dict[int, object] = {}
        self._is_over = allocate_lock()
        self._is_over.acquire()

    def __enter__(self) -> "Interrupts":
        try:
            earlier = _set_handler(signal.SIGINT, self._handle) or _DEFAULT
        except ValueError:  # off the main thread Python hears of no signal
            self.in_main_thread = False
            return self
        self._earlier[signal.SIGINT] = earlier
        if earlier == _IGNORE:  # so a shell starts what is to run on in the background
            _set_handler(signal.SIGINT, _IGNORE)
        if is_free(handler_of(signal.SIGTERM)):
            self._earlier[signal.SIGTERM] = _set_handler(signal.SIGTERM, self._handle)
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.release()
        for number, earlier in self._earlier.items():
            _set_handler(number, earlier)

    def take_back(self) -> None:
        """Handle again what somebody has put back to what is usual, as asyncio does with what it has handled."""
        for number in self._earlier:
            if handler_of(number) == _USUAL[number]:
                _set_handler(number, self._handle)

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        sender = frame if self._occupancy.occupant is not None and has_sent_signal(frame) else None
        if sender is not None and not is_installed(sender.f_code.co_filename):
            self._leave_to_test(signum, sender)
        elif self.ending is None:
            self._end_run(signum, frame, raises=sender is None)
        elif signum == signal.SIGINT or time.monotonic() - self._since > _ECHO:
            self._end_at_once(self.ending)

    def _leave_to_test(self, signum: int, frame: FrameType) -> None:
        """Let the test have what it would without rustest: its KeyboardInterrupt, or the end of its process."""
        if signum == signal.SIGINT:
            signal.default_int_handler(signum, frame)
        self.way_out.fall(frame)

    def _end_at_once(self, ending: Interrupted) -> None:
        self._presses += 1
        if self._presses == 1:
            self.way_out.take(ending)
        else:
            self.way_out.leave_now(STOPPED[ending.reason])

    def _end_run(self, signum: int, frame: FrameType | None, *, raises: bool) -> None:
        """End it early; not `raises` where a library passes on a signal that it has had: that is in no test's way."""
        self.ending = ending = Interrupted(_REASONS[signum])
        outer = getattr(self._earlier[signum], "__self__", None)
        if isinstance(outer, Interrupts):  # this run is part of a test of another one, which is to end too
            outer.request(ending)
        if signum == signal.SIGTERM:
            self._since = time.monotonic()
            start_new_thread(self._wait_for_end, (ending,))
        occupant = self._occupancy.occupant
        is_held = raises and may_be_ended(occupant) and not waits_in_foreign_loop(frame)
        may_raise = may_interrupt(frame)
        self.ending = ending._replace(where=self._notice(frame, is_held and not may_raise))
        if is_held and may_raise:
            raise TestInterrupted  # inside the test that holds the thread; the others are cancelled between steps

    def _wait_for_end(self, ending: Interrupted) -> None:
        if not self._is_over.acquire(timeout=self._grace):
            self.way_out.run_out(ending)

    def heed(self, ledger: Ledger) -> str:
        """End the run now if that has been asked for; gives why it ends, in words, or nothing where it goes on."""
        if self.ending is not None:
            ledger.stop(self.ending)
        return ledger.stop_reason.value if ledger.stop_reason else ""

    def request(self, ending: Interrupted) -> None:
        """Ask the run to end, as a first SIGINT does that comes while no test holds the thread."""
        self.ending = self.ending or ending
        self._notice(None, False)


def may_be_ended(tenant: Tenant | None) -> bool:
    """Whether somebody holds the thread, and not in order to clean up."""
    return tenant is not None and tenant.phase is not Phase.TEARDOWN


def is_free(handler: object) -> bool:
    """Whether nobody handles a signal but the system, or rustest."""
    return handler == _DEFAULT or _is_rustests(handler)


def _is_rustests(handler: object) -> bool:
    return str(getattr(handler, "__module__", "")).startswith("rustest.")


class Terminable:
    """A context in which SIGTERM raises while no test runs, as SIGINT does; off the main thread it does nothing."""

    _has_come = False

    def __enter__(self) -> "Terminable":
        if handler_of(signal.SIGTERM) == _DEFAULT:
            with suppress(ValueError):
                _set_handler(signal.SIGTERM, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        if handler_of(signal.SIGTERM) == self._end:
            _set_handler(signal.SIGTERM, _DEFAULT)

    def _end(self, signum: int, frame: FrameType | None) -> None:
        self._has_come = True
        raise Terminated

    def heed(self) -> None:
        """Raise if it has come, for what it came in the middle of may have lost the exception: an import, for one."""
        if self._has_come:
            raise Terminated


def _forget_run() -> None:
    """Have signals do in a forked child what they usually do.

    Python would call handlers only between two instructions of its own, and a child that waits in C would not end when
    it is told to: `multiprocessing.Pool` waited for it for ever.
    """
    for number, usual in _USUAL.items():
        if _is_rustests(handler_of(number)):
            _set_handler(number, usual)


if "register_at_fork" in vars(os):
    os.register_at_fork(after_in_child=_forget_run)
