"""How a run of trio waits: its selector is nested in the hub's, where trio alone would give each wait to a thread.

A thread for each wait costs several times what the wait's own step does, and a hundred tests in flight would have a
hundred of them. Trio asks for that thread with two functions: one that waits for events, and one that hands them to the
run. What they stand for is read from the first; where a version of trio has it otherwise, the thread does it.
"""

import time
from collections.abc import Callable
from threading import get_ident
from types import CellType

import outcome
import trio

from rustest.model.hints import Any, Protocol, cast
from rustest.run.hub.hub import Hub
from rustest.run.hub.timers import Timer

GetEvents = Callable[[], object]
Deliver = Callable[["outcome.Outcome[object]"], object]
_SELECTORS = ("_epoll", "_kqueue")


class IOManager(Protocol):
    """What trio asks for events."""

    def get_events(self, timeout: float) -> object:
        """Those that there are, after waiting for some for so many seconds at most."""
        ...


class NestedWait:
    """The waits of one run, one at a time."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._io: IOManager | None = None
        self._descriptor: int | None = None
        self._deliver: Deliver | None = None
        self._timer: Timer | None = None

    def begin(self, get_events: GetEvents, deliver: Deliver, name: str | None = None) -> None:
        """Wait, as trio has `start_thread_soon` do it: for what `get_events` waits for, and for as long."""
        found = _read(get_events) if get_ident() == self._hub.thread_id else None
        if found is None:
            trio.lowlevel.start_thread_soon(cast("Any", get_events), deliver, name)
            return
        self._io, descriptor, timeout = found
        if self._descriptor is None:
            self._descriptor = descriptor
            self._hub.watch_descriptor(descriptor, self)
        self._deliver = deliver
        self._timer = self._hub.call_at(time.monotonic() + timeout, self.heed)

    def heed(self) -> None:
        """Its selector has something, or the time is up: hand over what there is."""
        deliver, self._deliver = self._deliver, None
        if deliver is None or self._io is None:  # the run is about to look by itself
            return
        if self._timer is not None:
            self._timer.cancel()
        deliver(outcome.capture(self._io.get_events, 0))

    def end(self) -> None:
        """The run is over, and its selector closed."""
        if self._descriptor is not None:
            self._hub.forget_descriptor(self._descriptor)
            self._descriptor = None


def _read(get_events: GetEvents) -> tuple[IOManager, int, float] | None:
    """What is asked for events, its descriptor, and for how long to wait; None where that cannot be told."""
    code, cells = getattr(get_events, "__code__", None), getattr(get_events, "__closure__", None)
    if code is None or cells is None:
        return None
    held = dict(zip(code.co_freevars, (cast("CellType", cell).cell_contents for cell in cells), strict=True))
    manager = getattr(getattr(held.get("self"), "runner", None), "io_manager", None)
    selector = next((found for name in _SELECTORS if (found := getattr(manager, name, None)) is not None), None)
    timeout = held.get("timeout")
    if selector is None or not isinstance(timeout, int | float):
        return None
    return cast("IOManager", manager), selector.fileno(), timeout
