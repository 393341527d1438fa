"""The driver of an attempt that needs no loop: everything happens at once, in line."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import Context

from rustest.model.hints import TypeVar
from rustest.model.plan import LoopPlan
from rustest.run.driver import Ended, Event, Life, OwnerTask
from rustest.run.stops.timeouts import Limit, Timekeeper
from rustest.run.tenant import Tenant

_T = TypeVar("_T")
_UNLIMITED: AbstractContextManager[None] = nullcontext()


def outer_loop_aside() -> AbstractContextManager[None]:
    """Have no loop running in this thread, though rustest itself may have been called from a coroutine."""
    if "asyncio" not in sys.modules:
        return nullcontext()
    from rustest.run.hub.running import no_running_loop

    return no_running_loop()


class InlineDriver:
    """Runs attempts one after another, with no loop anywhere; one for a whole run."""

    inside = False
    """Whether the attempt is in a task: never."""

    def __init__(self, timekeeper: Timekeeper) -> None:
        self.occupancy = timekeeper.occupancy
        self._timekeeper = timekeeper

    def make(self, call: Callable[[], _T]) -> _T:
        """Make the call."""
        return call()

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make the call here and now."""
        return call()

    async def enter(self) -> None:
        """Refuse: there is no loop to enter."""
        raise RuntimeError("this test was planned without an event loop, but something in it needs one")

    def limit(self, tenant: Tenant, seconds: float | None, what: str) -> AbstractContextManager[None]:
        """Have the watchdog interrupt what is inside when its time is up."""
        if seconds is None:
            return _UNLIMITED
        return Limit(self._timekeeper.start(tenant, seconds, what), self._timekeeper.watcher)

    def branch(self, context: Context, loop: LoopPlan | None) -> "InlineDriver":
        """Refuse: there are no tasks here."""
        raise RuntimeError("there is no other task in a test without an event loop")

    def call_later(self, seconds: float, call: Callable[[], None]) -> object:
        """Refuse: nothing is waited for here."""
        raise RuntimeError("nothing can be put off in a test without an event loop")

    def cancel(self) -> None:
        """Do nothing: whoever could ask would have to wait."""

    def lose_loop(self) -> None:
        """Do nothing: there is no loop to lose."""

    def aside(self) -> AbstractContextManager[None]:
        """Change nothing: sync calls are made at once as it is."""
        return _UNLIMITED

    def calm(self) -> None:
        """Do nothing: nothing is ever cancelled here."""

    @property
    def cancelled(self) -> tuple[type[BaseException], ...]:
        """Nothing: nothing is ever cancelled here."""
        return ()

    def guard(self) -> AbstractContextManager[None]:
        """Change nothing: there is nothing to cancel."""
        return _UNLIMITED

    def event(self) -> Event:
        """Refuse: nobody waits here."""
        raise RuntimeError("nothing is waited for in a test without an event loop")

    def signal(self, event: Event) -> None:
        """Let an event come."""
        event.set()

    def own(self, tenant: Tenant, life: Life, died: Ended) -> OwnerTask:
        """Refuse: there are no tasks here."""
        raise RuntimeError("there is no other task in a test without an event loop")

    def is_stray(self) -> bool:
        """Say no: nothing is ever given up here."""
        return False
