"""Who a piece of code runs for: the thread's time, and later its output, is charged to that test."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rustest.run.timeouts import Clock


class Tenant:
    """Whoever owns what runs on a loop: an attempt at a test, or a fixture of a wider scope."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.busy = 0.0
        """Seconds during which its code held the thread."""
        self.clock: Clock | None = None
        """What limits the phase that it is in."""

    def escaped(self, exc: BaseException) -> None:
        """Take a SystemExit or KeyboardInterrupt that one of its callbacks or tasks let out."""

    def lost_loop(self, what: str) -> None:
        """Hear that its code stopped or closed the loop that it runs on."""


TENANT: ContextVar[Tenant | None] = ContextVar("rustest_tenant", default=None)
"""Set in the context of each test, and so inherited by its tasks and callbacks."""


class Occupancy:
    """Whose code holds the main thread, and how long all tests together have held it; other threads read this."""

    def __init__(self) -> None:
        self.busy = 0.0
        self.occupant: Tenant | None = None

    @contextmanager
    def held_by(self, tenant: Tenant) -> Generator[None, None, None]:
        """Charge what runs inside to that tenant."""
        started = time.monotonic()
        earlier, self.occupant = self.occupant, tenant
        try:
            yield
        finally:
            self.occupant = earlier
            spent = time.monotonic() - started
            self.busy += spent
            tenant.busy += spent
