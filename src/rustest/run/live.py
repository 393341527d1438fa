"""One live fixture of a wider scope, from its set-up to its teardown."""

import contextvars
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import partial

from rustest.model.events import Emit
from rustest.model.failure import Failure, Phase
from rustest.model.frames import Waiting
from rustest.model.hints import TYPE_CHECKING
from rustest.model.plan import FixtureUse
from rustest.model.scope import Scope
from rustest.run.attempt import Attempt
from rustest.run.calls import FixtureError, Teardown, drive, set_up, tear_down
from rustest.run.debugger import Examine
from rustest.run.driver import Driver, Event, OwnerTask
from rustest.run.inline import InlineDriver
from rustest.run.shown import set_up_of, teardown_of
from rustest.run.tenant import TENANT, Tenant
from rustest.run.timeouts import LimitExceeded
from rustest.run.values import Fill, bind
from rustest.run.verdict import Trouble

if TYPE_CHECKING:
    from types import TracebackType


Closed = Callable[[Failure | None], None]


class Live:
    """The value that all users of a fixture's scope instance share.

    It is set up by the first attempt that asks, in a context of its own; the context variables that it sets there
    are then set for each of its users.
    """

    def __init__(self, use: FixtureUse, inline: InlineDriver, tell: Emit | None, examine: Examine) -> None:
        self.use = use
        self.is_settled = False
        """Whether set-up is over, well or badly."""
        self.is_cut_short = False
        """Whether it was not its own fault that it ended badly: the test that it was for was to end early."""
        self.error: BaseException | None = None
        self.users: set[Attempt] = set()
        """The attempts in flight that have its value."""
        self._value: object = None
        self._instance = self._new_instance
        self._last_user: Attempt | None = None
        self._inline = inline
        self._tell = tell
        self._examine = examine
        self._is_up = False
        """Whether its set-up went well."""
        self._traceback: TracebackType | None = None
        self._is_untold = False
        """Whether it has ended early and no test has heard of its error yet."""
        self._tenant = Tenant(f"fixture {use.definition.name}")
        self._tenant.is_open = False  # it has no report of its own: what it writes between its ends is nobody's
        self._context = contextvars.copy_context()
        self._context.run(TENANT.set, self._tenant)
        self._variables: Mapping[ContextVar[object], object] = {}
        self._teardowns: list[Teardown] = []
        self._waiters: list[tuple[Driver, Event]] = []
        self._owner: OwnerTask | None = None

    # --- set-up ---------------------------------------------------------------------------------------------

    async def set_up(self, fill: Fill, attempt: Attempt) -> None:
        """Set the fixture up, for that attempt and all later ones; its error is kept, not raised."""
        self._tenant.limit = attempt.step.timeout
        self._tenant.heir = attempt
        if self.use.instance.scope is Scope.FUNCTION:
            self._instance = attempt.instance
        if not self.use.definition.kind.is_async:
            await attempt.driver.outside(lambda: self._context.run(self._make_inline, fill))
            return
        await attempt.driver.enter()
        self._start_owner(fill, attempt.driver)
        try:
            await self.wait(attempt)
        except BaseException as exc:
            self._fail_owner(exc, attempt)
            raise

    def _make_inline(self, fill: Fill) -> None:
        drive(self._make(fill, self._inline, None))  # the attempt that asked watches its clock

    async def _make(self, fill: Fill, driver: Driver, limit: float | None) -> None:
        before = contextvars.copy_context()
        try:
            func = bind(self.use.definition, self._instance)
            with driver.limit(self._tenant, limit, f"Fixture '{self.use.definition.name}' set-up"):
                self._value = await set_up(self.use.definition, func, fill(self._teardowns), driver, self._teardowns)
            self._is_up = True
        except BaseException as exc:
            self._fail(exc)
        if self._tell is not None:
            self._tell(set_up_of(self.use, failed=not self._is_up))
        now = contextvars.copy_context()
        self._variables = {var: now[var] for var in now if before.get(var) is not now[var]}
        self._settle()

    def _fail(self, exc: BaseException) -> None:
        """Keep what went wrong first, with the traceback that it has now: each raise lengthens it."""
        if self.error is None:
            self.error, self._traceback = exc, exc.__traceback__

    def _new_instance(self) -> object:
        return self.use.definition.cls() if self.use.definition.cls is not None else None

    def _settle(self) -> None:
        self.is_settled = True
        self._tenant.heir = None
        for driver, event in self._waiters:
            driver.signal(event)
        self._waiters.clear()  # each holds the loop of a test

    async def wait(self, attempt: Attempt) -> None:
        """Wait until set-up is over; only inside a loop."""
        if self.is_settled:
            return
        driver = attempt.driver
        event = driver.event()
        self._waiters.append((driver, event))
        attempt.elsewhere = self._where  # the attempt itself is nowhere in the user's code
        try:
            with driver.guard():
                await event.wait()
        except driver.cancelled:
            if attempt.clock is not None and attempt.clock.expired:
                attempt.clock.where, attempt.clock.tasks = self._where()
            raise
        finally:
            attempt.elsewhere = None

    def _where(self) -> Waiting:
        if isinstance(self.error, LimitExceeded):
            return self.error.frames, self.error.tasks
        if (clock := self._tenant.clock) is not None and clock.expired:  # and by now it has been cancelled, too
            return clock.where, clock.tasks
        return self._owner.where() if self._owner is not None else ((), ())

    def take(self, attempt: Attempt) -> object:
        """The value, with its context variables set for whoever asks; raises the set-up's error if it failed."""
        if self.error is not None:
            self._is_untold = False
            raise self.error.with_traceback(self._traceback)
        self.users.add(attempt)
        self._last_user = None
        for variable, value in self._variables.items():
            variable.set(value)
        return self._value

    def lose(self, attempt: Attempt) -> None:
        """One of its users has ended; the last one's report gets what the teardown prints."""
        self.users.discard(attempt)
        self._last_user = None if self.users else attempt

    # --- an async fixture's life in its owner task ----------------------------------------------------------

    def _start_owner(self, fill: Fill, driver: Driver) -> None:
        own = driver.branch(self._context, self.use.loop)
        self._owner = own.own(self._tenant, partial(self._live, fill), self._died)

    async def _live(self, fill: Fill, driver: Driver, release: Event) -> None:
        await self._make(fill, driver, self._tenant.limit)
        del fill  # it holds the test that asked first
        driver.calm()
        if not self._teardowns:
            return
        # Cancelled here, by a task group in the fixture whose child crashed, it goes on: the teardown raises why.
        with suppress(*driver.cancelled):
            if not driver.is_stray():
                await release.wait()
        is_cancelled = not release.is_set()
        await self._tear_down(driver)
        if is_cancelled:
            raise FixtureError(f"fixture '{self.use.definition.name}' was cancelled while tests were using it")

    def _fail_owner(self, exc: BaseException, attempt: Attempt) -> None:
        """The attempt that set the fixture up was cancelled while it waited: nobody else shall wait either."""
        if self._owner is None or self.is_settled:
            return
        clock = attempt.clock
        if clock is not None and clock.expired:
            exc = LimitExceeded(clock.message, clock.where, clock.tasks)
        self.is_cut_short = bool(attempt.stopped)
        self._fail(exc)
        self._settle()
        self._owner.cancel()

    def _died(self, exc: BaseException | None) -> None:
        """The owner has ended though the fixture was still in use: its users cannot go on."""
        if exc is not None and self.error is None:
            self._fail(exc)
            self._settle()
            struck = [user.strike(exc, self.use.definition.name) for user in self.users]
            self._is_untold = not any(struck)

    # --- teardown -------------------------------------------------------------------------------------------

    def close(self, closed: Closed) -> None:
        """Tear the fixture down, and call back with what went wrong, if anything did; between steps only."""
        owner, self._owner = self._owner, None
        self._tenant.heir, self._last_user = self._last_user, None
        if owner is None:
            self._end(closed, self._close_inline())
        else:
            owner.finish(lambda exc: self._end(closed, self._failure(exc or self._untold_error())))

    def _end(self, closed: Closed, failure: Failure | None) -> None:
        if self._tell is not None and self._is_up:
            self._tell(teardown_of(self.use, failed=failure is not None or self.error is not None))
        self._value = self._tenant.heir = None
        closed(failure)

    def _untold_error(self) -> BaseException | None:
        return self.error if self._is_untold else None

    def _close_inline(self) -> Failure | None:
        try:
            with self._inline.occupancy.held_by(self._tenant):
                self._context.run(drive, self._tear_down(self._inline))
        except BaseException as exc:
            return self._failure(exc)
        return None

    async def _tear_down(self, driver: Driver) -> None:
        """Undo all that the set-up has left, latest first; raises what went wrong, several errors as a group."""
        self._tenant.phase = Phase.TEARDOWN
        what, errors = f"Fixture '{self.use.definition.name}' teardown", list[BaseException]()
        while self._teardowns and not driver.is_stray():
            try:
                with driver.limit(self._tenant, self._tenant.limit, what):
                    await tear_down(self._teardowns.pop(), driver)
            except BaseException as exc:
                errors.append(exc)
        if len(errors) > 1:
            raise BaseExceptionGroup("several parts of the teardown failed", errors)
        for error in errors:
            raise error

    def _failure(self, exc: BaseException | None) -> Failure | None:
        if exc is None:
            return None
        trouble = Trouble(Phase.TEARDOWN, exc, self.use.definition.name)
        self._examine(trouble, self._tenant)
        return trouble.failure
