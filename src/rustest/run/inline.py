"""The driver of an attempt that needs no loop: everything happens at once, in line."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

from rustest.run.tenant import Occupancy, Tenant
from rustest.run.timeouts import Clock, Limit, Watcher

_T = TypeVar("_T")
_UNLIMITED: AbstractContextManager[None] = nullcontext()


class InlineDriver:
    """Runs attempts one after another, with no loop anywhere."""

    def __init__(self, occupancy: Occupancy, watcher: Watcher | None) -> None:
        self._occupancy = occupancy
        self._watcher = watcher

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
        message = f"{what} timed out after {float(seconds)} seconds"
        return Limit(Clock(seconds, message, tenant, self._occupancy), self._watcher)

    def call_later(self, seconds: float, call: Callable[[], None]) -> object:
        """Refuse: nothing is waited for here."""
        raise RuntimeError("nothing can be put off in a test without an event loop")

    def cancel(self) -> None:
        """Do nothing: whoever could ask would have to wait."""

    def lose_loop(self, *, for_good: bool) -> None:
        """Do nothing: there is no loop to lose."""

    def calm(self) -> None:
        """Do nothing: nothing is ever cancelled here."""
