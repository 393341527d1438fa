"""The hub: it waits once for all loops, then steps each that has something to do.

Every async test has a loop of its own, and all of them live in one thread. asyncio's loop knows how to run its
ready callbacks and timers; what it cannot do is share the waiting. So the hub takes the waiting away: loops are
`HubLoop`s that never block in a step, and the hub keeps

* `_awake`: loops with something ready now. A loop gets in by `wake`, whoever calls: its own step, another test's
  step, a finalizer, another thread.
* `_deadlines`: the times at which loops have timers due; `_timers` are the hub's own.
* `_selector`: one epoll (or kqueue) in which those of the loops are nested.

Between steps no loop is running: that is when sync fixtures are called, and when tests start and end. The cost of a
step does not depend on how many loops sleep.
"""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import collections
import contextlib
import selectors
import socket
import threading
import time
from collections.abc import Callable

from rustest.model.hints import Any, Protocol
from rustest.run.checks.findings import Finding
from rustest.run.hub.foreign import ForeignLoops
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.mould import Mould
from rustest.run.hub.running import let_none_run, let_run
from rustest.run.hub.selfcheck import check_asyncio
from rustest.run.hub.signals import Signals
from rustest.run.hub.timers import Call, Timer, Timers
from rustest.run.tenant import Occupancy, Tenant

_A_DAY = 24 * 3600.0
"""The longest wait, in seconds: selectors refuse those of more than a month."""


class Heedful(Protocol):
    """Whoever has a selector nested in the hub's, and is no loop of the hub's own."""

    def heed(self) -> None:
        """Hear that there is something in it."""
        ...


class Hub:
    """Drives any number of `HubLoop`s in the thread that made it."""

    def __init__(self, occupancy: Occupancy) -> None:
        check_asyncio()
        self.thread_id = threading.get_ident()
        self.is_running = False
        self.occupancy = occupancy
        self._awake: collections.deque[HubLoop] = collections.deque()
        self._woken: collections.deque[HubLoop] = collections.deque()
        self._calls: collections.deque[Call] = collections.deque()
        self._timers = Timers()
        self._deadlines = Timers()
        self._selector = selectors.DefaultSelector()
        self._receiver, self.waker = socket.socketpair()
        self._receiver.setblocking(False)
        self.waker.setblocking(False)
        self._selector.register(self._receiver, selectors.EVENT_READ, None)
        self.signals = Signals(self.waker)
        self.foreign = ForeignLoops(self._selector, occupancy)
        self._mould: Mould | None = None
        self.file: Callable[[Tenant | None, Finding], bool] = lambda tenant, finding: False
        """What to do with what the checks find on the loops."""

    def new_loop(self, debug: bool | None = None) -> HubLoop:
        """Make a loop; `debug` None leaves asyncio's own default."""
        if self._mould is None:
            self._mould = Mould(self)
        loop = self._mould.make()
        if debug is not None:
            loop.set_debug(debug)
        return loop

    def close(self) -> None:
        """Give back the hub's own descriptors, and the signals."""
        self.signals.stop_listening()
        self._selector.close()
        self._receiver.close()
        self.waker.close()

    # --- running --------------------------------------------------------------------------------------------

    def run_until(self, done: Callable[[], bool]) -> None:
        """Wait for and step loops until `done()`; whatever a hub's own call raises ends it."""
        self.signals.rest()
        self.occupancy.skip()
        self.is_running = True
        try:
            while not done():
                self._turn()
        finally:
            self.is_running = False
            self.signals.stop_listening()  # in sync tests, too, somebody may run a loop of his own

    def _turn(self) -> None:
        self.occupancy.charge_rest()
        self._wait(self._patience())
        self.occupancy.skip()
        self._deadlines.fire_due()
        self._step_awake_loops()
        if self.foreign.stepped:
            self.foreign.step_due()
        self.occupancy.charge_rest()  # before timers, which look at clocks
        self._timers.fire_due()
        self._make_calls()  # last, so that the hub does not wait once more after the call that was waited for

    def _make_calls(self) -> None:
        if not self._calls:
            return
        for _ in range(len(self._calls)):
            self._calls.popleft()()
        if self.occupancy.watch is not None:
            self.occupancy.watch.adopt()
        if self.foreign.waiting is None:
            self.signals.rest()

    def _patience(self) -> float | None:
        if self._awake or self._calls or self._woken:
            return 0
        ahead = self._timers.upcoming(), self._deadlines.upcoming(), self.foreign.due()
        times = [when for when in ahead if when is not None]
        return min(max(0.0, min(times) - time.monotonic()), _A_DAY) if times else None

    def _wait(self, timeout: float | None) -> None:
        if self.foreign.wait(timeout):
            timeout = 0
        for key, _ in self._select(timeout):
            loop = key.data
            if loop is None:
                self._take_wakeups()
            elif isinstance(loop, HubLoop):
                loop.has_io = True
                self.wake(loop)
            else:
                loop.heed()
        while self._woken:
            self.wake(self._woken.popleft())

    def _select(self, timeout: float | None) -> "list[tuple[selectors.SelectorKey, int]]":
        if timeout == 0:
            return self._selector.select(0)
        self.signals.listen()
        try:
            return self._selector.select(timeout)
        finally:
            self.signals.rest()

    def _take_wakeups(self) -> None:
        try:
            numbers = self._receiver.recv(4096).replace(b"\0", b"")
        except BlockingIOError:
            return
        if numbers:
            self.signals.deliver(numbers)

    def _step_awake_loops(self) -> None:
        if not self._awake:
            return
        batch, self._awake = self._awake, collections.deque()
        try:
            for loop in batch:
                if not (loop._closed or loop.is_abandoned):
                    self._step(loop)
        finally:
            let_none_run()

    def _step(self, loop: HubLoop) -> None:
        let_run(loop)
        loop._thread_id = self.thread_id
        try:
            loop.step()
        finally:
            loop._thread_id = None
            self._settle(loop)

    def _settle(self, loop: HubLoop) -> None:
        loop.queued = False
        if loop._ready:
            self.wake(loop)
        elif loop._scheduled:
            self.note_deadline(loop)

    # --- waking ---------------------------------------------------------------------------------------------

    def wake(self, loop: HubLoop) -> None:
        """Step that loop in the next turn."""
        if not loop.queued:
            loop.queued = True
            self._awake.append(loop)
            if (foreign := self.foreign.waiting) is not None:
                foreign.interrupt()

    def wake_threadsafe(self, loop: HubLoop) -> None:
        """Step that loop in the next turn; any thread or signal handler may call this."""
        self._woken.append(loop)
        self._interrupt_waiting()

    def _interrupt_waiting(self) -> None:
        with contextlib.suppress(OSError):  # full: the hub will wake up anyway; closed: nobody waits any more
            self.waker.send(b"\0")

    def call_soon(self, call: Call) -> None:
        """Make a call between steps, with no loop running."""
        self._calls.append(call)
        if (foreign := self.foreign.waiting) is not None:
            foreign.interrupt()

    def call_soon_threadsafe(self, call: Call) -> None:
        """Make a call between steps; any thread or signal handler may ask."""
        self._calls.append(call)
        self._interrupt_waiting()

    def when_done(self, task: "asyncio.Task[Any]", call: Call) -> None:
        """Make a call between steps when a task of whatever loop has ended."""
        loop = task.get_loop()
        if isinstance(loop, HubLoop):
            loop.when_done(task, call)
        else:
            task.add_done_callback(lambda _: self.call_soon(call))

    # --- time -----------------------------------------------------------------------------------------------

    def call_at(self, when: float, call: Call) -> Timer:
        """Make a call at a time of `time.monotonic`, between steps and after those that are due by then."""
        if (foreign := self.foreign.waiting) is not None:
            foreign.interrupt()  # it waits no longer than for the timers that were there before
        return self._timers.add(when, call)

    def note_deadline(self, loop: HubLoop) -> None:
        """See to it that the hub looks at that loop when its earliest timer is due.

        A loop's alarms are kept earliest last, and one is added only for a deadline earlier than all of them: a loop
        that sleeps again and again under one long timeout has two.
        """
        when = loop.next_deadline()
        if when is not None and (not loop.alarms or when < loop.alarms[-1].when):
            loop.alarms.append(self._deadlines.add(when, loop.fall_due))

    # --- descriptors ----------------------------------------------------------------------------------------

    def watch_descriptor(self, descriptor: int, whose: HubLoop | Heedful) -> None:
        """Nest a selector in the hub's."""
        self._selector.register(descriptor, selectors.EVENT_READ, whose)

    def forget_descriptor(self, descriptor: int) -> None:
        """Take a selector out again, before it is closed; an abandoned loop's is out already."""
        with contextlib.suppress(KeyError):
            self._selector.unregister(descriptor)
