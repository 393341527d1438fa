"""One live fixture of a wider scope, from its set-up to its teardown."""

import contextvars
from collections.abc import Callable, Mapping
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import TYPE_CHECKING

from rustest.model.failure import Failure, Phase
from rustest.model.plan import FixtureUse
from rustest.run.attempt import Attempt, bind
from rustest.run.calls import Driver, Teardown, drive, set_up, tear_down
from rustest.run.inline import InlineDriver
from rustest.run.tenant import TENANT, Occupancy, Tenant
from rustest.run.timeouts import LimitExceeded
from rustest.run.verdict import failure_of

if TYPE_CHECKING:
    import asyncio

    from rustest.run.owner import Owner


Closed = Callable[[Failure | None], None]


class Live:
    """The value that all users of a fixture's scope instance share.

    It is set up by the first attempt that asks, in a context of its own; the context variables that it sets there
    are then set for each of its users.
    """

    def __init__(self, use: FixtureUse, grace: float) -> None:
        self.use = use
        self.is_settled = False
        """Whether set-up is over, well or badly."""
        self.error: BaseException | None = None
        self.users: set[Attempt] = set()
        """The attempts in flight that have its value."""
        self._value: object = None
        self._grace = grace
        self._limit: float | None = None
        self._before = contextvars.copy_context()
        self._context = contextvars.copy_context()
        self._context.run(TENANT.set, Tenant(use.definition.key))
        self._variables: Mapping[ContextVar[object], object] = {}
        self._teardowns: list[Teardown] = []
        self._waiters: list[asyncio.Future[None]] = []
        self._owner: Owner | None = None

    # --- set-up ---------------------------------------------------------------------------------------------

    async def set_up(self, arguments: Mapping[str, object], attempt: Attempt) -> None:
        """Set the fixture up, for that attempt and all later ones; its error is kept, not raised."""
        self._limit = attempt.step.timeout
        if not self.use.definition.kind.is_async:
            await attempt.driver.outside(lambda: self._context.run(self._make_inline, arguments))
            return
        await attempt.driver.enter()
        self._start_owner(arguments, attempt.driver)
        try:
            await self.wait()
        except BaseException as exc:
            self._fail_owner(exc, attempt)
            raise

    def _make_inline(self, arguments: Mapping[str, object]) -> None:
        drive(self._make(arguments, _INLINE))

    async def _make(self, arguments: Mapping[str, object], driver: Driver) -> None:
        try:
            func = bind(self.use.definition, self._new_instance)
            self._value = await set_up(self.use.definition, func, arguments, driver, self._teardowns)
        except BaseException as exc:
            self.error = self.error or exc
        now = contextvars.copy_context()
        self._variables = {var: now[var] for var in now if var is not TENANT and self._before.get(var) is not now[var]}
        self._settle()

    def _new_instance(self) -> object:
        return self.use.definition.cls() if self.use.definition.cls is not None else None

    def _settle(self) -> None:
        self.is_settled = True
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def wait(self) -> None:
        """Wait until set-up is over; only inside a loop."""
        import asyncio

        while not self.is_settled:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter

    def take(self, attempt: Attempt) -> object:
        """The value, with its context variables set for whoever asks; raises the set-up's error if it failed."""
        if self.error is not None:
            raise self.error
        self.users.add(attempt)
        for variable, value in self._variables.items():
            variable.set(value)
        return self._value

    # --- an async fixture's life in its owner task ----------------------------------------------------------

    def _start_owner(self, arguments: Mapping[str, object], driver: Driver) -> None:
        from rustest.run.owner import Owner

        life = partial(self._live, arguments)
        self._owner = Owner(self.use.definition.name, life, self._context, self._died, driver.call_later)

    async def _live(self, arguments: Mapping[str, object], release: "asyncio.Future[None]") -> None:
        import asyncio

        await self._make(arguments, _IN_TASK)
        if self._teardowns:
            # Cancelled here, by a task group in the fixture whose child crashed, it goes on: the teardown raises why.
            with suppress(asyncio.CancelledError):
                await release
            await tear_down(self._teardowns.pop(), _IN_TASK)

    def _fail_owner(self, exc: BaseException, attempt: Attempt) -> None:
        """The attempt that set the fixture up was cancelled while it waited: nobody else shall wait either."""
        if self._owner is None or self.is_settled:
            return
        clock = attempt.clock
        if clock is not None and clock.expired:
            clock.where = self._owner.where()
            exc = LimitExceeded(clock.message, clock.where)
        self.error = exc
        self._settle()
        self._owner.cancel()

    def _died(self, exc: BaseException | None) -> None:
        """The owner has ended though the fixture was still in use: its users cannot go on."""
        if exc is not None and self.error is None:
            self.error = exc
            for user in self.users:
                user.strike(exc)

    # --- teardown -------------------------------------------------------------------------------------------

    def close(self, closed: Closed) -> None:
        """Tear the fixture down, and call back with what went wrong, if anything did; between steps only."""
        if self._owner is None:
            closed(self._close_inline())
        else:
            self._owner.finish(self._limit, self._grace, lambda exc: closed(self._failure(exc)))

    def _close_inline(self) -> Failure | None:
        try:
            while self._teardowns:
                self._context.run(drive, tear_down(self._teardowns.pop(), _INLINE))
        except BaseException as exc:
            return self._failure(exc)
        return None

    def _failure(self, exc: BaseException | None) -> Failure | None:
        return None if exc is None else failure_of(exc, Phase.TEARDOWN, self.use.definition.name)


class _InTask(InlineDriver):
    """The driver inside an owner task, which is in its loop already."""

    async def enter(self) -> None:
        """Stay."""


_INLINE = InlineDriver(Occupancy(), None)
_IN_TASK = _InTask(Occupancy(), None)
