"""Ctrl-C: once ends the tests in flight and tears them down, twice leaves at once."""

import signal
from collections.abc import Callable
from types import FrameType

from rustest.run.tenant import Occupancy
from rustest.run.timeouts import may_interrupt


class Interrupts:
    """A context in which SIGINT is rustest's; outside the main thread it does nothing."""

    def __init__(self, occupancy: Occupancy, notice: Callable[[], None], leave: Callable[[], None]) -> None:
        self.requested = False
        """Whether the user has asked the run to end."""
        self.in_main_thread = True
        self._occupancy = occupancy
        self._notice = notice
        self._leave = leave
        self._earlier: object = None

    def __enter__(self) -> "Interrupts":
        try:
            self._earlier = signal.signal(signal.SIGINT, self._handle)
        except ValueError:  # off the main thread Python hears of no signal
            self.in_main_thread = False
        return self

    def __exit__(self, *_: object) -> None:
        if self.in_main_thread:
            signal.signal(signal.SIGINT, self._earlier)  # type: ignore[arg-type]

    def _handle(self, signum: int, frame: FrameType | None) -> None:
        if self.requested:
            self._leave()
        self.requested = True
        self._notice()
        if self._occupancy.occupant is not None and may_interrupt(frame):
            raise KeyboardInterrupt  # inside the test that holds the thread; the others are cancelled between steps
