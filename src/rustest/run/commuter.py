"""What the drivers of tasks share, on a loop of asyncio's or in a run of trio: going in and out, and their clocks."""

import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from functools import partial

from rustest.model.hints import cast
from rustest.run.driver import do_nothing
from rustest.run.entry import Entry
from rustest.run.hub.hub import Hub
from rustest.run.hub.timers import Timer
from rustest.run.stops.timeouts import Clock, Countdown, Ladder, Limit, Timekeeper, Watcher
from rustest.run.tenant import TENANT, Tenant

_OPEN: AbstractContextManager[None] = nullcontext()


class Commuter:
    """A driver whose attempt enters a task when something async comes up, and leaves it for sync calls."""

    inside = False
    """Whether the attempt is in a task; whoever runs it between steps clears this."""
    _ladder: Ladder | None = None

    def __init__(self, hub: Hub, context: Context, timekeeper: Timekeeper) -> None:
        self.context = context
        self.give_up: Callable[[], None] = do_nothing
        """What to do when the task does not end after two cancellations."""
        self.come_down: Callable[[], None] = do_nothing
        """What to do when there is no loop any more."""
        self._hub = hub
        self._timekeeper = timekeeper

    async def enter(self) -> None:
        """Go on in a task."""
        if not self.inside:
            self.inside = True
            await Entry()

    @contextmanager
    def aside(self) -> Generator[None, None, None]:
        """Make sync calls at once, for sync code that asks in the middle of a step."""
        inside, self.inside = self.inside, False
        try:
            yield
        finally:
            self.inside = inside

    def limit(self, tenant: Tenant, seconds: float | None, what: str) -> AbstractContextManager[None]:
        """Cancel what is inside when its time is up; what holds the thread, the watchdog interrupts."""
        if seconds is None:
            return _OPEN
        return _CommutersLimit(self._timekeeper.start(tenant, seconds, what), self._timekeeper.watcher, self)

    def run_out(self, clock: Clock) -> None:
        """Cancel what runs, whose time is up."""
        raise NotImplementedError

    def calm(self) -> None:
        """Take the cancellation back."""
        raise NotImplementedError

    def call_later(self, seconds: float, call: Callable[[], None]) -> Timer:
        """Make a call between steps, so many seconds from now."""
        return self._hub.call_at(time.monotonic() + seconds, call)

    def _after_grace(self, call: Callable[[], None]) -> None:
        tenant = cast("Tenant", self.context[TENANT])  # whoever made the context has set it
        clock = self._timekeeper.start(tenant, self._timekeeper.grace)
        Countdown(clock, self.call_later, call)


class _CommutersLimit(Limit):
    """A limit whose clock the hub looks at between steps."""

    def __init__(self, clock: Clock, watcher: Watcher | None, driver: Commuter) -> None:
        super().__init__(clock, watcher)
        self._driver = driver
        self._countdown: Countdown | None = None

    def __enter__(self) -> None:
        super().__enter__()
        self._countdown = Countdown(self.clock, self._driver.call_later, partial(self._driver.run_out, self.clock))

    def __exit__(self, kind: object, exc: object, traceback: object) -> None:
        if self._countdown is not None:
            self._countdown.cancel()
        if self.clock.expired:
            self._driver.calm()
        super().__exit__(kind, exc, traceback)
