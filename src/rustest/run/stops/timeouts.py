"""Limits in time, and the ladder that a test climbs which does not keep them.

A `Clock` runs while one phase of one attempt runs: the body, or the set-up or teardown of a fixture. What other
tests held the thread for does not count. When it runs out, the code is asked to end; each time it is, it has a grace
before the next rung:

1. the test's task is cancelled;
2. it is cancelled again;
3. it is given up: reported as stuck, its fixtures are torn down in a new task, and its loop is left alone if nobody
   shares it.

Code that holds the thread cannot be cancelled; the `Watchdog`, a thread, has the main thread raise inside it:

1. a signal's handler raises `TestTimedOut`, but only while the code of that very test is running and neither asyncio
   nor rustest is in the middle of something: raised anywhere, the exception would leave their state half changed.
   Until it could raise, it tries again and again; when it has, the code has its grace, for it may be cleaning up;
2. where no signal ends it, because it catches everything or sits in a call that never comes back to Python, the
   results are written, the culprit is named, and the process exits.

On no rung can the test pass, for the clock decides and not what the body returned or raised.
"""

from collections.abc import Callable

from rustest.model.errors import TestTimedOut
from rustest.model.failure import Frame, TaskWait
from rustest.model.hints import Protocol
from rustest.run.tenant import Occupancy, Tenant, real_time

_CANCELLATIONS = 2
_FOREVER = float("inf")


class LimitExceeded(TestTimedOut):
    """A phase took longer than its limit; `frames` say where it was, and `tasks` where all of the test's tasks were."""

    def __init__(
        self, message: str, frames: tuple[Frame, ...], tasks: tuple[TaskWait, ...] = (), notes: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.frames = frames
        self.tasks = tasks
        self.notes = notes


class Clock:
    """Counts down the time that a tenant's code may take, in seconds; when it has run out, the grace of each rung."""

    def __init__(self, limit: float, message: str, tenant: Tenant, occupancy: Occupancy, grace: float) -> None:
        self.limit = limit
        self.message = message
        self.tenant = tenant
        self.expired = False
        """Whether the code was asked to end."""
        self.where: tuple[Frame, ...] = ()
        """Where the code was when the clock ran out."""
        self.tasks: tuple[TaskWait, ...] = ()
        """Where each task was then; empty where the code held the thread."""
        self.started = real_time()
        self._occupancy = occupancy
        self._grace = grace
        self._next_rung = limit
        self._others_before = occupancy.busy - tenant.busy

    def remaining(self) -> float:
        """Seconds until the next rung."""
        return self._next_rung - self._spent()

    def overrun(self) -> float:
        """Seconds beyond the limit; negative while it is kept."""
        return self._spent() - self.limit

    def _spent(self) -> float:
        others = self._occupancy.busy - self.tenant.busy - self._others_before
        return real_time() - self.started - others

    def disarm(self) -> None:
        """Let it never run out: a debugger holds the process."""
        self.limit = self._next_rung = _FOREVER

    def expire(self, where: tuple[Frame, ...], tasks: tuple[TaskWait, ...] = ()) -> None:
        """Note that the code was asked to end, and grant it the grace."""
        if not self.where:
            self.where, self.tasks = where, tasks
        self.expired = True
        self._next_rung = self._spent() + self._grace

    def stop(self) -> None:
        """The phase is over; what the tenant's code goes on to do in this step is measured from here."""
        if self._occupancy.occupant is self.tenant:
            self._occupancy.since = real_time()

    def error(self, *notes: str) -> LimitExceeded:
        """What the phase fails with, and what more there is to say of it."""
        return LimitExceeded(self.message, self.where, self.tasks, notes)


class Watcher(Protocol):
    """What looks after clocks from another thread."""

    def watch(self, clock: Clock) -> None:
        """Look after this clock until it is released."""
        ...

    def release(self, clock: Clock) -> None:
        """The phase of this clock is over."""
        ...


class Timekeeper:
    """Makes the clocks of a run; one for all of its tests."""

    def __init__(self, occupancy: Occupancy, grace: float) -> None:
        self.occupancy = occupancy
        self.grace = grace
        self.watcher: Watcher | None = None
        """What interrupts code that takes too long; None where nothing can."""

    def start(self, tenant: Tenant, seconds: float, what: str = "") -> Clock:
        """A clock that starts now; `what` is that which may take so long."""
        message = f"{what} timed out after {float(seconds)} seconds"
        return Clock(seconds, message, tenant, self.occupancy, self.grace)


class Limit:
    """A context that raises LimitExceeded if what is inside took longer, however that ended."""

    def __init__(self, clock: Clock, watcher: Watcher | None) -> None:
        self.clock = clock
        self._watcher = watcher
        self._outer: Clock | None = None

    def __enter__(self) -> None:
        tenant = self.clock.tenant
        self._outer, tenant.clock = tenant.clock, self.clock
        if self._watcher is not None:
            self._watcher.watch(self.clock)

    def __exit__(self, kind: object, exc: object, traceback: object) -> None:
        if self._watcher is not None:
            self._watcher.release(self.clock)
        tenant = self.clock.tenant
        if tenant.clock is self.clock:  # and not that of a later phase: this task may have been given up
            tenant.clock = self._outer
            self.clock.stop()
        is_told = isinstance(exc, LimitExceeded)  # by a clock inside, which knows where the code was
        if self.clock.expired or (self.clock.overrun() > 0 and not is_told):
            raise self.clock.error() from None


class Timer(Protocol):
    """A call that will be made later."""

    def cancel(self) -> None:
        """Make sure that it is not made."""
        ...


CallLater = Callable[[float, Callable[[], None]], Timer]
"""Makes a call so many seconds from now."""


class Countdown:
    """Makes a call when a clock's limit is reached, however long other tests hold the thread meanwhile."""

    def __init__(self, clock: Clock, call_later: CallLater, call: Callable[[], None]) -> None:
        self._clock = clock
        self._call_later = call_later
        self._call = call
        self._timer = call_later(-clock.overrun(), self._look)

    def _look(self) -> None:
        left = -self._clock.overrun()
        if left <= 0:
            self._call()
        elif left < _FOREVER:
            self._timer = self._call_later(left, self._look)

    def cancel(self) -> None:
        """Make no call any more."""
        self._timer.cancel()


class Task(Protocol):
    """The part of an asyncio task that the ladder needs."""

    def cancel(self) -> bool:
        """Ask it to end."""
        ...


class Ladder:
    """Ends a task by rungs: cancel, cancel again, give up."""

    def __init__(
        self, task: Task, after_grace: Callable[[Callable[[], None]], None], give_up: Callable[[], None]
    ) -> None:
        self.cancellations = 0
        self._task = task
        self._after_grace = after_grace
        self._give_up = give_up
        self._over = False

    def climb(self) -> None:
        """Take the next rung, and plan for the one after it."""
        if self._over:
            return
        if self.cancellations == _CANCELLATIONS:
            self._over = True
            self._give_up()
            return
        self.cancellations += 1
        self._task.cancel()
        self._after_grace(self.climb)

    def stop(self) -> None:
        """Take no more rungs: the task has done what it was asked."""
        self._over = True
