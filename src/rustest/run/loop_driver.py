"""The driver of an attempt that lives on a loop: it goes in and out as sync and async parts take turns."""

import asyncio
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from contextvars import Context
from functools import partial
from typing import TypeVar

from rustest.run.awaits import where_waits
from rustest.run.hub.hub import Hub, Timer
from rustest.run.hub.running import current_event_loop
from rustest.run.tenant import TENANT, Tenant
from rustest.run.timeouts import Clock, Ladder, Limit, Watcher, debugger_attached

_T = TypeVar("_T")


class _Entry:
    """Awaited outside a loop, it suspends the coroutine; the task that is then made of it resumes it inside."""

    def __await__(self) -> Generator[None, None, None]:
        yield


class LoopDriver:
    """Starts between the hub's steps, enters the loop when something async comes up, and bounces out for sync calls.

    Sync code never sees a running loop, so that fixtures may call `asyncio.run`; `asyncio.get_event_loop()` gives it
    the test's own.
    """

    def __init__(
        self, hub: Hub, loop: asyncio.AbstractEventLoop, context: Context, watcher: Watcher | None, grace: float
    ) -> None:
        self.loop = loop
        self.context = context
        self.inside = False
        """Whether the attempt is in a task of its loop; whoever runs it between steps clears this."""
        self.task: asyncio.Task[None] | None = None
        self.give_up: Callable[[], None] = lambda: None
        """What to do when the task does not end after two cancellations."""
        self.come_down: Callable[[], None] = lambda: None
        """What to do when there is no loop any more."""
        self._hub = hub
        self._watcher = watcher
        self._grace = grace
        self._ladder: Ladder | None = None

    # --- in and out -----------------------------------------------------------------------------------------

    async def enter(self) -> None:
        """Go on in a task of the loop."""
        if not self.inside:
            self.inside = True
            await _Entry()

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make a sync call between steps."""
        if not self.inside:
            return self._make(call)
        answer: asyncio.Future[_T] = self.loop.create_future()
        self._hub.call_soon(partial(self._answer, answer, call))
        return await answer

    def _make(self, call: Callable[[], _T]) -> _T:
        tenant = TENANT.get()
        with current_event_loop(self.loop), self._hub.occupancy.held_by(tenant) if tenant else nullcontext():
            return call()

    def _answer(self, answer: "asyncio.Future[_T]", call: Callable[[], _T]) -> None:
        if answer.done():
            return  # cancelled while it waited for its turn: the call must not be made any more
        try:
            result = self.context.run(self._make, call)
        except StopIteration as exc:  # the one exception that no future takes
            error = RuntimeError("StopIteration was raised")
            error.__cause__ = exc
            answer.set_exception(error)
        except BaseException as exc:
            answer.set_exception(exc)
        else:
            answer.set_result(result)

    # --- time -----------------------------------------------------------------------------------------------

    def limit(self, tenant: Tenant, seconds: float | None, what: str) -> AbstractContextManager[None]:
        """Cancel the task when the time of what is inside is up; what holds the thread, the watchdog interrupts."""
        if seconds is None:
            return nullcontext()
        message = f"{what} timed out after {float(seconds)} seconds"
        return _LoopLimit(Clock(seconds, message, tenant, self._hub.occupancy), self._watcher, self)

    def start_timer(self, clock: Clock) -> Timer:
        """Look at this clock again when it may have run out."""
        return self.call_later(clock.remaining(), partial(self._check, clock))

    def _check(self, clock: Clock) -> None:
        if clock.tenant.clock is not clock:
            return
        if clock.remaining() <= 0 and not clock.expired:
            if debugger_attached():
                clock.disarm()
                return
            clock.expire(where_waits(self.task))
            self.cancel()
        elif not clock.expired:
            self.start_timer(clock)

    def cancel(self) -> None:
        """Cancel the task, rung by rung, until it ends or `calm` is called."""
        if self._ladder is None and self.task is not None:
            self._ladder = Ladder(self.task, self._after_grace, self.give_up)
            self._ladder.climb()

    def lose_loop(self, *, for_good: bool) -> None:
        """Go on without the loop that the test has closed, or cancel what it was doing when it stopped it."""
        if for_good:
            self._hub.call_soon(self.come_down)
        else:
            self.cancel()

    def _after_grace(self, call: Callable[[], None]) -> None:
        self.call_later(self._grace, call)

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Make a call between steps, so many seconds from now."""
        return self._hub.call_at(time.monotonic() + seconds, call)

    def calm(self) -> None:
        """Take no more rungs, and take the cancellations back."""
        ladder, self._ladder = self._ladder, None
        if ladder is not None and self.task is not None:
            ladder.stop()
            for _ in range(ladder.cancellations):
                self.task.uncancel()


class _LoopLimit(Limit):
    """A limit whose clock the hub looks at between steps."""

    def __init__(self, clock: Clock, watcher: Watcher | None, driver: LoopDriver) -> None:
        super().__init__(clock, watcher)
        self._driver = driver
        self._timer: Timer | None = None

    def __enter__(self) -> None:
        super().__enter__()
        self._timer = self._driver.start_timer(self.clock)

    def __exit__(self, kind: object, exc: object, traceback: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self.clock.expired:
            self._driver.calm()
        super().__exit__(kind, exc, traceback)
