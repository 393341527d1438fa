"""Who a piece of code runs for: the thread's time and its output are charged to that test."""

import time
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial

from rustest.model.hints import TYPE_CHECKING, cast
from rustest.output.owner import OWNER, Owner

if TYPE_CHECKING:
    from rustest.run.checks.watch import Watch
    from rustest.run.stops.timeouts import Clock

real_time = partial(time.monotonic)
"""The clock of the run, in seconds as `time.monotonic` has them; it goes on where tests stop or set theirs.

Libraries that freeze time put a function of their own wherever a module has that one, and a limit that counted by it
would run out as soon as a test moves on by a year.
"""


class Tenant(Owner):
    """Whoever owns what runs on a loop: an attempt at a test, or a fixture of a wider scope."""

    busy = 0.0
    """Seconds during which its code held the thread."""
    clock: "Clock | None" = None
    """What limits the phase that it is in."""
    limit: float | None = None
    """How long its tasks and callbacks may hold the thread at once between phases and after them, in seconds."""

    def escaped(self, exc: BaseException) -> None:
        """Take a SystemExit or KeyboardInterrupt that one of its callbacks or tasks let out."""

    def stopped_loop(self) -> None:
        """Hear that its code stopped the loop that it runs on."""

    def overstayed(self, exc: BaseException) -> None:
        """Hear that one of its tasks or callbacks held the thread beyond `limit`, with what is raised there."""

    def lost_loop(self, closer: "Tenant | None") -> None:
        """Hear that the loop that it lives on was closed, and by whom."""


TENANT = cast("ContextVar[Tenant | None]", OWNER)
"""The same variable, for `run` sets it, and to nothing else: one for whose time and whose output it is."""


def _tell_nobody(tenant: Tenant, started: float, seconds: float) -> None:
    """Let a step be long."""


class Occupancy:
    """Whose code holds the main thread, and how long all tests together have held it; other threads read this."""

    def __init__(self) -> None:
        self.busy = 0.0
        """Seconds during which it was held, by tests or by rustest."""
        self.occupant: Tenant | None = None
        self.mark: Callable[[Tenant | None], None] | None = None
        """Told of each change of the occupant, where somebody outside this process is to know whose step kills it."""
        self.long_step = float("inf")
        """How long a step may hold the thread before it is told, in seconds."""
        self.tell_long_step: Callable[[Tenant, float, float], None] = _tell_nobody
        """Hears whose step it was, when it began and how long it took."""
        self.watch: Watch | None = None
        """Looks after each step at what all tests share, while several may be in flight."""
        self._mark = 0.0
        self._busy_at_mark: float = 0.0
        self.since = 0.0
        """When the occupant took the thread, or ended a phase, as `time.monotonic` has it."""

    def skip(self) -> None:
        """Leave out the time until now: nobody held the thread, and tests waited."""
        self._mark, self._busy_at_mark = real_time(), self.busy

    def charge_rest(self) -> None:
        """Count as held what rustest itself has taken since the last call of this or of `skip`.

        Starting and ending a thousand tests takes its time, which must not count against the limit of each.
        """
        now = real_time()
        self.busy += max(0.0, now - self._mark - (self.busy - self._busy_at_mark))
        self._mark, self._busy_at_mark = now, self.busy

    def held_for(self) -> float:
        """How long the occupant has held the thread, in seconds."""
        return real_time() - self.since

    def held_by(self, tenant: Tenant) -> "Hold":
        """Charge what runs inside to that tenant; inside another such context, that one's tenant pays."""
        return Hold(self, tenant)

    def take(self, tenant: Tenant) -> float:
        """That tenant's code holds the thread from now on; gives when that began."""
        now = real_time()
        self.occupant, self.since = tenant, now
        if self.mark is not None:
            self.mark(tenant)
        return now

    def release(self, began: float) -> float:
        """The occupant's code took the thread then, from nobody, and lets it go: charge it, and give how long."""
        tenant, self.occupant = self.occupant, None
        if self.mark is not None:
            self.mark(None)
        spent = real_time() - began
        self.busy += spent
        if tenant is not None:
            tenant.busy += spent
            if spent >= self.long_step:
                self.tell_long_step(tenant, began, spent)
        return spent


class Hold:
    """A context in which a tenant holds the thread; entered for every step, and so no generator."""

    __slots__ = ("_earlier", "_occupancy", "_started", "_tenant")

    def __init__(self, occupancy: Occupancy, tenant: Tenant) -> None:
        self._occupancy = occupancy
        self._tenant = tenant

    def __enter__(self) -> None:
        occupancy = self._occupancy
        self._earlier = occupancy.occupant, occupancy.since
        self._started = occupancy.take(self._tenant)

    def __exit__(self, *_: object) -> None:
        occupancy, (earlier, since) = self._occupancy, self._earlier
        if earlier is None:
            occupancy.release(self._started)
            return
        occupancy.occupant, occupancy.since = earlier, since
        if occupancy.mark is not None:
            occupancy.mark(earlier)
