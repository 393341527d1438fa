"""A worker's station: where its part of the run gets its orders from, and whom it tells what happens."""

import os
import signal
from collections.abc import Callable, Iterable, Mapping
from types import FrameType

from rustest.model.events import Audience, Interrupted
from rustest.model.hints import TextIO
from rustest.model.plan import RunStep, Window
from rustest.model.record import NamedTuple
from rustest.model.report import ExitStatus
from rustest.run.tenant import Tenant

Perform = Callable[[Mapping[str, float], Audience, TextIO | None], None]
"""Runs a plan: by what is known of its tests' durations, telling somebody, and asked from a terminal."""


class Order(NamedTuple):
    """What to run next."""

    windows: tuple[Window, ...]
    forgone: tuple[RunStep, ...] = ()
    """Tests that share fixtures with these, and that have run elsewhere."""


class Station(NamedTuple):
    """What joins a worker's part of a run to the whole."""

    orders: Iterable[Order]
    """Waits until there is one; ends when there are no more."""
    emit: Audience
    mark: Callable[[Tenant | None], None]
    """Told whose code holds the thread, at each change."""
    run_began: float
    """When the run did, by `time.monotonic`, which is the same in all processes of a machine."""


class NoWayOut:
    """What more is asked of a worker than to end what runs: it leaves that to the process that started it."""

    def take(self, ending: Interrupted) -> None:
        """Stay: the first one is being heeded."""

    def run_out(self, ending: Interrupted) -> None:
        """Stay: the run counts the time itself."""

    def fall(self, frame: FrameType) -> None:
        """End as SIGTERM ends a process: the run will ask of what."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTERM)

    def leave_now(self, status: ExitStatus) -> None:
        """Stay, too."""
