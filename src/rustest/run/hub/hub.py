"""The hub: it waits once for all loops, then steps each that has something to do.

Every async test has a loop of its own, and all of them live in one thread. asyncio's loop knows how to run its
ready callbacks and timers; what it cannot do is share the waiting. So the hub takes the waiting away: loops are
`HubLoop`s that never block in a step, and the hub keeps

* `_awake`: loops with something ready now. A loop gets in by `wake`, whoever calls: its own step, another test's
  step, a finalizer, another thread.
* `_deadlines`: a heap of the times at which loops have timers due; `_timers` is the hub's own.
* `_selector`: one epoll (or kqueue) in which those of the loops are nested.

Between steps no loop is running: that is when sync fixtures are called, and when tests start and end. The cost of a
step does not depend on how many loops sleep.
"""

import asyncio
import collections
import contextlib
import heapq
import itertools
import selectors
import signal
import socket
import threading
import time
from collections.abc import Callable

from rustest.run.hub.foreign import ForeignLoop
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.running import no_running_loop, swap_in, swap_out
from rustest.run.hub.selfcheck import check_asyncio
from rustest.run.tenant import Occupancy, Tenant

Call = Callable[[], None]


class Timer:
    """A call that the hub makes at a time, unless it is cancelled before."""

    __slots__ = ("_call",)

    def __init__(self, call: Call) -> None:
        self._call: Call | None = call

    @property
    def is_void(self) -> bool:
        """Whether it was cancelled or has fired."""
        return self._call is None

    def cancel(self) -> None:
        """Make sure that the call is not made."""
        self._call = None

    def fire(self) -> None:
        """Make the call, once."""
        call, self._call = self._call, None
        if call is not None:
            call()


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
        self._timers: list[tuple[float, int, Timer]] = []
        self._deadlines: list[tuple[float, int, HubLoop]] = []
        self._count = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._receiver, self.waker = socket.socketpair()
        self._receiver.setblocking(False)
        self.waker.setblocking(False)
        self._selector.register(self._receiver, selectors.EVENT_READ, None)
        self._signal_loops: set[HubLoop] = set()
        self._foreign: ForeignLoop | None = None

    def new_loop(self, debug: bool | None = None) -> HubLoop:
        """Make a loop; `debug` None leaves asyncio's own default."""
        loop = HubLoop(self)
        if debug is not None:
            loop.set_debug(debug)
        return loop

    def hand_waiting_to(self, loop: asyncio.AbstractEventLoop | None, tenant: Tenant | None = None) -> None:
        """Have a loop that is not a `HubLoop` run in place of the hub's own waiting; None takes that back."""
        if loop is None or isinstance(loop, HubLoop):
            self._foreign = None
        elif self._foreign is None or self._foreign.loop is not loop:
            self._foreign = ForeignLoop(loop, self._selector.fileno(), tenant)

    def close(self) -> None:
        """Give back the hub's own descriptors."""
        self._selector.close()
        self._receiver.close()
        self.waker.close()

    # --- running --------------------------------------------------------------------------------------------

    def run_until(self, done: Callable[[], bool]) -> None:
        """Wait for and step loops until `done()`; whatever a hub's own call raises ends it."""
        previous = self.listen_for_signals()
        self.is_running = True
        try:
            with no_running_loop():
                while not done():
                    self._turn()
        finally:
            self.is_running = False
            self.listen_for_signals(previous)

    def _turn(self) -> None:
        self._make_calls()
        self._wait(self._patience())
        self._wake_due_loops()
        self._step_awake_loops()
        self._fire_due_timers()

    def _make_calls(self) -> None:
        for _ in range(len(self._calls)):
            self._calls.popleft()()

    def _patience(self) -> float | None:
        if self._awake or self._calls or self._woken:
            return 0
        while self._timers and self._timers[0][2].is_void:
            heapq.heappop(self._timers)
        upcoming = [heap[0][0] for heap in (self._timers, self._deadlines) if heap]
        return max(0.0, min(upcoming) - time.monotonic()) if upcoming else None

    def _wait(self, timeout: float | None) -> None:
        if self._foreign is not None:
            self._foreign.wait(timeout, self.occupancy)
            timeout = 0
        for key, _ in self._selector.select(timeout):
            loop = key.data
            if loop is None:
                self._take_wakeups()
            else:
                loop.has_io = True
                self.wake(loop)
        while self._woken:
            self.wake(self._woken.popleft())

    def _take_wakeups(self) -> None:
        try:
            numbers = self._receiver.recv(4096).replace(b"\0", b"")
        except BlockingIOError:
            return
        if numbers:
            for loop in tuple(self._signal_loops):
                loop.take_signals(numbers)

    def _step_awake_loops(self) -> None:
        batch, self._awake = self._awake, collections.deque()
        for loop in batch:
            if loop.is_closed():
                continue
            swap_in(loop, self.thread_id)
            try:
                loop.step()
            finally:
                swap_out(loop)
                self._settle(loop)

    def _settle(self, loop: HubLoop) -> None:
        loop.queued = False
        if loop.has_work:
            self.wake(loop)
        else:
            self.note_deadline(loop)
        if loop.was_stopped() and loop.tenant:
            loop.tenant.lost_loop("stopped")

    # --- waking ---------------------------------------------------------------------------------------------

    def wake(self, loop: HubLoop) -> None:
        """Step that loop in the next turn."""
        if not loop.queued:
            loop.queued = True
            self._awake.append(loop)
            self._interrupt_foreign_loop()

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
        self._interrupt_foreign_loop()

    def _interrupt_foreign_loop(self) -> None:
        if self._foreign is not None:
            self._foreign.interrupt()

    def call_soon_threadsafe(self, call: Call) -> None:
        """Make a call between steps; any thread or signal handler may ask."""
        self._calls.append(call)
        self._interrupt_waiting()

    # --- time -----------------------------------------------------------------------------------------------

    def call_at(self, when: float, call: Call) -> Timer:
        """Make a call at a time of `time.monotonic`, between steps and after those that are due by then."""
        timer = Timer(call)
        heapq.heappush(self._timers, (when, next(self._count), timer))
        return timer

    def note_deadline(self, loop: HubLoop) -> None:
        """See to it that the hub looks at that loop when its earliest timer is due.

        A loop's entries in the heap are also on its own `deadlines`, earliest last, so an entry is pushed only for a
        deadline earlier than all of them: a loop that sleeps again and again under one long timeout has two.
        """
        when = loop.next_deadline()
        if when is not None and (not loop.deadlines or when < loop.deadlines[-1]):
            loop.deadlines.append(when)
            heapq.heappush(self._deadlines, (when, next(self._count), loop))

    def _wake_due_loops(self) -> None:
        now = time.monotonic()
        while self._deadlines and self._deadlines[0][0] <= now:
            loop = heapq.heappop(self._deadlines)[2]
            loop.deadlines.pop()
            if not loop.is_closed():
                self.wake(loop)

    def _fire_due_timers(self) -> None:
        now = time.monotonic()
        while self._timers and (self._timers[0][2].is_void or self._timers[0][0] <= now):
            heapq.heappop(self._timers)[2].fire()

    # --- descriptors and signals ----------------------------------------------------------------------------

    def watch_descriptor(self, descriptor: int, loop: HubLoop) -> None:
        """Nest a loop's selector in the hub's."""
        self._selector.register(descriptor, selectors.EVENT_READ, loop)

    def forget_descriptor(self, descriptor: int) -> None:
        """Take a loop's selector out again, before it is closed."""
        self._selector.unregister(descriptor)

    def listen_for_signals(self, descriptor: int | None = None) -> int:
        """Have signals wake up the hub, or whatever `descriptor` was before; returns what it was."""
        if threading.current_thread() is not threading.main_thread():
            return -1
        return signal.set_wakeup_fd(
            self.waker.fileno() if descriptor is None else descriptor, warn_on_full_buffer=False
        )

    def deliver_signals_to(self, loop: HubLoop, wanted: bool) -> None:
        """Let that loop know of signals, or no longer."""
        (self._signal_loops.add if wanted else self._signal_loops.discard)(loop)
