"""The event loop that each test gets: asyncio's own, stepped by the hub instead of blocking by itself."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import contextlib
import selectors
import signal
import socket
import threading
import time
import weakref
from collections.abc import Callable, Generator, Mapping
from contextvars import Context
from functools import cached_property

from rustest.model.hints import TYPE_CHECKING, Any, TypeVarTuple
from rustest.run.hub.debug import hide_caller, warn_of_slow_callback
from rustest.run.hub.passes import LONGEST, MOST
from rustest.run.hub.selector import NestedSelector
from rustest.run.hub.timed import TimedLoop
from rustest.run.hub.watched import TASKS
from rustest.run.tenant import TENANT, Tenant, real_time

if TYPE_CHECKING:
    from rustest.run.hub.hub import Hub

_Ts = TypeVarTuple("_Ts")
MADE_LATER = frozenset({"_selector", "_transports", "_asyncgens"})
"""What a copy of a loop has only once something asks for it."""


class HubLoop(TimedLoop):
    """A selector event loop without a socket pair, whose waiting is done by the hub.

    Outside the hub's steps it may still be driven by its user with `run_until_complete`; it then gets a wake-up
    pipe for that while, and blocks for real.
    """

    _thread_id: int | None
    _stopping: bool
    _debug: bool
    _closed: bool
    _process_events: Callable[[list[tuple[selectors.SelectorKey, int]]], None]
    _default_executor: object | None
    _executor_shutdown_called: bool
    _signal_handlers: dict[int, asyncio.Handle]
    _ssock: socket.socket
    _csock: socket.socket
    _asyncgen_firstiter_hook: Callable[[Any], None]
    _asyncgen_finalizer_hook: Callable[[Any], None]

    queued = False
    """Whether the hub already knows that there is something to run."""
    is_abandoned = False
    """Whether the hub is never to step it again."""
    has_io = False
    _driven = False

    def __init__(self, hub: "Hub") -> None:
        """By asyncio's own constructor; `Mould` makes copies of such a loop for less."""
        self.hub = hub
        self.residents: set[Tenant] = set()
        """The tests in flight that live on it."""
        self.alarms = []
        self._awaited = {}
        super().__init__(NestedSelector(self._opened, hub.forget_descriptor))

    @cached_property
    def _selector(self) -> NestedSelector:
        """Made for a copy when something asks for it, which most tests never do."""
        return NestedSelector(self._opened, self.hub.forget_descriptor)

    @cached_property
    def _transports(self) -> weakref.WeakValueDictionary[int, object]:
        return weakref.WeakValueDictionary()

    def _registered(self) -> Mapping[object, selectors.SelectorKey]:
        selector: NestedSelector | None = vars(self).get("_selector")  # which asyncio takes away as it closes the loop
        return {} if selector is None else selector.get_map()

    # --- one step -------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Run what is ready, and on a loop that is one test's own what that makes ready, too, a few times."""
        try:
            self._iterate()
            if self._ready and self.tenant is not None:
                self._go_on(MOST, time.monotonic() + LONGEST)
        finally:
            if (tenant := self.tenant) is not None and (watch := self.hub.occupancy.watch) is not None:
                watch.look(tenant)  # nobody else had a turn between its callbacks

    def _go_on(self, passes: int, until: float) -> None:
        """Make more passes: as `more_passes` has them, less the generator, which would cost each test's every step."""
        while passes and self._ready and time.monotonic() < until:
            if self._is_ending or self._signal_handlers:  # the hub's to hand on
                return
            passes -= 1
            self.has_io = "_selector" in vars(self)  # asyncio looks, too, each time
            self._iterate()

    def _iterate(self) -> None:
        """One iteration of asyncio's own loop, less the waiting; written anew for reasons in `docs/design/hub.md`."""
        if self.has_io:
            self.has_io = False
            self._process_events(self._selector.select(0))
        if self._scheduled:
            self._take_due_timers()
        ready = self._ready
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                self._run_handle(handle)

    def _run_handle(self, handle: asyncio.Handle) -> None:
        occupancy = self.hub.occupancy
        tenant = self.tenant or handle._context.get(TENANT)  # type: ignore[attr-defined]
        started = real_time()
        occupancy.occupant, occupancy.since = tenant, started
        if occupancy.mark is not None:
            occupancy.mark(tenant)
        try:
            handle._run()
        except (SystemExit, KeyboardInterrupt) as exc:  # asyncio lets these two out of tasks and callbacks
            for blamed in self.residents if tenant is None else (tenant,):
                blamed.escaped(exc)
        finally:
            task: object = getattr(handle._callback, "__self__", None)  # type: ignore[attr-defined]
            if isinstance(task, TASKS) and task.done():
                self.note_end(task)
            spent = occupancy.release(started)
            if self.tenant is None and occupancy.watch is not None:
                occupancy.watch.look(tenant)
        if self._debug and spent >= self.slow_callback_duration:
            warn_of_slow_callback(handle, spent)

    def stop(self) -> None:
        """Stop a loop that its user drives; in the hub's steps it goes on, and whoever stopped it is told."""
        occupant = self.hub.occupancy.occupant
        if self._thread_id is None or self._driven:
            super().stop()
        elif occupant is not None:
            occupant.stopped_loop()

    def fall_due(self) -> None:
        """Run what is due by the last of the alarms, which has just fired."""
        self.alarms.pop()
        self.hub.wake(self)

    # --- what comes from outside its own step ---------------------------------------------------------------

    def call_soon(
        self, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.Handle:
        """Have a callback run in the next step; every step of every task comes this way, and so by no detour."""
        if self._debug or self._closed:
            handle = super().call_soon(callback, *args, context=context)
            hide_caller(handle)
            return handle
        return self._call_soon(callback, args, context)

    def _call_soon(self, callback: Any, args: Any, context: Any) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        if self._debug:
            hide_caller(handle)
        self._ready.append(handle)
        if not self.queued and threading.get_ident() == self.hub.thread_id:  # others come in by `_write_to_self`
            self.hub.wake(self)
        return handle

    def call_at(
        self, when: float, callback: Callable[[*_Ts], object], *args: *_Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        """Schedule a callback, and let the hub know of an earlier deadline."""
        timer = super().call_at(when, callback, *args, context=context)
        if self._debug:
            hide_caller(timer)
        if not self.queued:
            self.hub.note_deadline(self)
        return timer

    def _write_to_self(self) -> None:
        if self._driven:
            with contextlib.suppress(OSError):
                self._csock.send(b"\0")
        else:
            self.hub.wake_threadsafe(self)

    def is_running(self) -> bool:
        """Whether it runs now; to other threads, whether the hub keeps it going."""
        return self._thread_id is not None or (
            threading.get_ident() != self.hub.thread_id and self.hub.is_running and not self.is_closed()
        )

    # --- its end --------------------------------------------------------------------------------------------

    def abandon(self) -> None:
        """Never step this loop again: what still runs on it cannot be ended, and it cannot be closed under it."""
        self.is_abandoned = True
        self._cancel_alarms()
        self._selector.leave_hub()

    def is_clean(self) -> bool:
        """Whether closing it loses nothing: no task, callback, descriptor, async generator or executor is left."""
        if self._closed or self._is_untouched():
            return True
        left = self._ready or self._registered() or self._asyncgens or self._default_executor
        return not (left or self.pending_tasks())

    def _is_untouched(self) -> bool:
        """Whether nothing is left on it, and nothing was ever made for it that has to be closed, as for most tests."""
        if self._ready or self._scheduled or self.alarms or self._spawned is not None:
            return False
        is_bare = vars(self).keys().isdisjoint(MADE_LATER)  # which looks for those few, and not for all that it has
        return is_bare and not (self._default_executor or self._signal_handlers)

    def close(self) -> None:
        """Close the loop, and tell its test if that was not rustest's doing."""
        was_open = not self._closed
        if was_open and self._is_untouched() and not (self._debug or self.is_running()):
            self._closed = self._executor_shutdown_called = True  # all that asyncio's own would find to do
        else:
            super().close()
        if was_open:
            self._cancel_alarms()
            for resident in tuple(self.residents):
                resident.lost_loop(TENANT.get())

    # --- its user's own driving -----------------------------------------------------------------------------

    def run_forever(self) -> None:
        """Run until `stop()`, for a user who drives this loop himself, as a sync fixture may."""
        with self._own_wakeups():
            super().run_forever()

    @contextlib.contextmanager
    def _own_wakeups(self) -> Generator[None, None, None]:
        self._check_closed()  # type: ignore[attr-defined]
        self._check_running()  # type: ignore[attr-defined]
        super()._make_self_pipe()  # type: ignore[misc]
        self.hub.signals.listen(self._csock)
        self._driven = True
        try:
            yield
        finally:
            self._driven = False
            self.note_ends()
            self.hub.signals.rest()
            if not self.is_closed():
                super()._close_self_pipe()  # type: ignore[misc]
                self._use_hubs_pipe()
                self.hub.wake(self)

    # --- descriptors and signals ----------------------------------------------------------------------------

    def _opened(self, descriptor: int) -> None:
        self.hub.watch_descriptor(descriptor, self)

    def _make_self_pipe(self) -> None:
        self._use_hubs_pipe()

    def _use_hubs_pipe(self) -> None:
        self._ssock = self._csock = self.hub.waker

    def _close_self_pipe(self) -> None:
        """Leave the hub's pipe open."""

    def add_signal_handler(self, sig: int, callback: Callable[[*_Ts], Any], *args: *_Ts) -> None:
        """Handle a signal on this loop; what handled it before comes back when this handler is removed."""
        earlier = signal.getsignal(sig)
        super().add_signal_handler(sig, callback, *args)
        self.hub.signals.hand_to(self, sig, earlier)

    def remove_signal_handler(self, sig: int) -> bool:
        """Stop handling a signal; the hub goes on being woken by the others."""
        removed = super().remove_signal_handler(sig)
        if removed:
            self.hub.signals.take_from(self, sig)
            self.hub.signals.listen(self._csock)
        return removed

    def take_signals(self, numbers: bytes) -> None:
        """Run the handlers of signals that came in through the hub."""
        self._process_self_data(numbers)  # type: ignore[attr-defined]
