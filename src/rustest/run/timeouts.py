"""Limits in time, and the ladder that a test climbs which does not keep them.

A `Clock` runs while one phase of one attempt runs: the body, or the set-up or teardown of a fixture. What other
tests held the thread for does not count. When it runs out, the rungs are, each after the one before did not help:

1. the test's task is cancelled;
2. after a grace it is cancelled again;
3. after another it is given up: reported as stuck, its fixtures are torn down in a new task, and its loop is left
   alone if nobody shares it.

Code that holds the thread cannot be cancelled; the `Watchdog`, a thread, has the main thread raise inside it:

1. a signal's handler raises `TestTimedOut`, but only while the code of that very test is running and neither asyncio
   nor rustest is in the middle of something: raised anywhere, the exception would leave their state half changed.
   It tries again soon, and goes on until the code has let go;
2. where no signal ends it, because it catches everything or sits in a call that never comes back to Python, the
   results are written, the culprit is named, and the process exits.

On no rung can the test pass, for `Clock.expired` decides and not what the body returned or raised.
"""

import os
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Protocol

from rustest.model.errors import TestTimedOut
from rustest.model.failure import Frame, is_users
from rustest.run.tenant import Occupancy, Tenant

_CANCELLATIONS = 2
_DEBUGGERS = frozenset({"bdb", "pdb", "pydevd", "_pydevd_bundle", "pudb", "debugpy", "IPython"})


class LimitExceeded(TestTimedOut):
    """A phase took longer than its limit; `frames` say where it was."""

    def __init__(self, message: str, frames: tuple[Frame, ...]) -> None:
        super().__init__(message)
        self.frames = frames


class Clock:
    """Counts down the time that a tenant's code may take, in seconds."""

    def __init__(self, limit: float, message: str, tenant: Tenant, occupancy: Occupancy) -> None:
        self.limit = limit
        self.message = message
        self.tenant = tenant
        self.expired = False
        self.where: tuple[Frame, ...] = ()
        """Where the code was when the clock ran out."""
        self._occupancy = occupancy
        self._started = time.monotonic()
        self._others_before = occupancy.busy - tenant.busy

    def remaining(self) -> float:
        """What is left; the time during which other tests held the thread does not count."""
        others = self._occupancy.busy - self.tenant.busy - self._others_before
        return self.limit - (time.monotonic() - self._started - others)

    def disarm(self) -> None:
        """Let it never run out: a debugger holds the process."""
        self.limit = float("inf")

    def expire(self, where: tuple[Frame, ...]) -> None:
        """Run out, for good."""
        self.expired = True
        self.where = self.where or where


class Watcher(Protocol):
    """What looks after clocks from another thread."""

    def watch(self, clock: Clock) -> None:
        """Look after this clock until it is released."""
        ...

    def release(self, clock: Clock) -> None:
        """The phase of this clock is over."""
        ...


class Limit:
    """A context that raises LimitExceeded if what is inside took longer, however that ended."""

    def __init__(self, clock: Clock, watcher: Watcher | None) -> None:
        self.clock = clock
        self._watcher = watcher

    def __enter__(self) -> None:
        self.clock.tenant.clock = self.clock
        if self._watcher is not None:
            self._watcher.watch(self.clock)

    def __exit__(self, kind: object, exc: object, traceback: object) -> None:
        if self._watcher is not None:
            self._watcher.release(self.clock)
        self.clock.tenant.clock = None
        if self.clock.expired:
            raise LimitExceeded(self.clock.message, self.clock.where) from None


class Task(Protocol):
    """The part of an asyncio task that the ladder needs."""

    def cancel(self) -> bool:
        """Ask it to end."""
        ...


CallLater = Callable[[Callable[[], None]], object]
"""Makes a call after the grace."""


class Ladder:
    """Ends a task by rungs: cancel, cancel again, give up."""

    def __init__(self, task: Task, call_later: CallLater, give_up: Callable[[], None]) -> None:
        self.cancellations = 0
        self._task = task
        self._call_later = call_later
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
        self._call_later(self.climb)

    def stop(self) -> None:
        """Take no more rungs: the task has done what it was asked."""
        self._over = True


def may_interrupt(frame: FrameType | None) -> bool:
    """Whether an exception may be raised here: the innermost code is the user's, or a library's that he called.

    The standard library's frames say nothing by themselves: `weakref` may be at work for asyncio, `subprocess` for
    the test; the first frame outward that belongs to somebody decides.
    """
    while frame is not None:
        if not is_users(frame.f_code):
            return False
        if not frame.f_code.co_filename.startswith(_STDLIB) or "site-packages" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


_STDLIB = os.path.dirname(os.path.abspath(os.__file__)) + os.sep


def held_by_debugger(frame: FrameType | None) -> bool:
    """Whether the code that runs in this thread is a debugger's."""
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] in _DEBUGGERS:
            return True
        frame = frame.f_back
    return False


def debugger_attached() -> bool:
    """Whether a debugger traces this thread."""
    trace = sys.gettrace()
    module = getattr(trace, "__module__", None) or type(trace).__module__
    return trace is not None and module.partition(".")[0] in _DEBUGGERS
