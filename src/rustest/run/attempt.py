"""One attempt at one test: set-up, body, teardown, in whatever mixture of sync and async they are written."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol, cast

from rustest.model.failure import Phase
from rustest.model.fixtures import FixtureDef
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.plan import FixtureUse, RunStep
from rustest.model.scope import Scope
from rustest.run.calls import Driver, Teardown, drive, set_up, tear_down
from rustest.run.tenant import Tenant
from rustest.run.timeouts import LimitExceeded
from rustest.run.verdict import Trouble, judge


class SharedFixtures(Protocol):
    """Where the values of fixtures of wider scopes come from."""

    async def obtain(self, use: FixtureUse, arguments: Mapping[str, object], attempt: "Attempt") -> object:
        """The value of a fixture of a wider scope."""
        ...


class Attempt(Tenant):
    """The life of one test, from its first fixture to its last teardown.

    `run` does everything up to the last part that needs the loop; `finish` does the sync teardowns that are left,
    and judges.
    """

    def __init__(self, step: RunStep, driver: Driver, shared: SharedFixtures) -> None:
        super().__init__(step.item.id)
        self.step = step
        self.driver = driver
        self.phase = Phase.SETUP
        self.stopped = ""
        """Why the run ends this attempt early; empty while it does not."""
        self._shared = shared
        self._values: list[object] = []
        self._instance: object = None
        self._teardowns: list[Teardown] = []
        self._troubles: list[Trouble] = []
        self._notes: set[Note] = set()
        self._given_up = False
        self._is_over = False
        self._struck: BaseException | None = None

    async def run(self) -> None:
        """Set up, call the body, and tear down what needs the loop."""
        if await self._set_up():
            self.phase = Phase.CALL
            await self._call()
        if not self._given_up:
            self.phase = Phase.TEARDOWN
            self.driver.calm()
            await self.tear_down_async()

    async def tear_down_async(self) -> None:
        """Tear down, latest first, as long as something async is left."""
        while any(teardown.fixture.kind.is_async for teardown in self._teardowns):
            await self._tear_down(self._teardowns.pop())

    def finish(self) -> Outcome:
        """Tear down what is left, all sync by now, and say how the attempt went."""
        while self._teardowns:
            self._tear_down_inline(self._teardowns.pop())
        self._is_over = True
        if self.stopped and not any(trouble.phase is Phase.TEARDOWN for trouble in self._troubles):
            return Outcome(Verdict.NOT_RUN, self.stopped)
        return judge(self._troubles, self.step.expected_failure, frozenset(self._notes))

    def give_up(self) -> None:
        """The task that runs this attempt does not end: what it does from now on no longer counts."""
        if self.clock is not None and self.clock.expired:
            self._take(self.phase, LimitExceeded(self.clock.message, self.clock.where))
        self._given_up = True
        self._notes.add(Note.STUCK)
        self.phase = Phase.TEARDOWN

    def stop(self, reason: str) -> None:
        """End early because the run does; a teardown that has begun is left to end."""
        self.stopped = reason
        if self.phase is not Phase.TEARDOWN:
            self.driver.cancel()

    def strike(self, exc: BaseException) -> None:
        """Fail with the exception of a fixture that ended under this test."""
        if self.phase is Phase.CALL:
            self._struck = exc
            self.driver.cancel()

    # --- phases ---------------------------------------------------------------------------------------------

    async def _set_up(self) -> bool:
        for use in self.step.fixtures:
            try:
                self._values.append(await self._obtain(use))
            except BaseException as exc:
                self._take(Phase.SETUP, exc, use.definition.name)
                return False
        return not self.stopped

    async def _obtain(self, use: FixtureUse) -> object:
        arguments = {name: self._values[position] for name, position in use.arguments}
        with self._limit(f"Fixture '{use.definition.name}' set-up"):
            if use.instance.scope is not Scope.FUNCTION:
                return await self._shared.obtain(use, arguments, self)
            func = bind(use.definition, self._test_instance)
            return await set_up(use.definition, func, arguments, self.driver, self._teardowns)

    async def _call(self) -> None:
        try:
            body = self._bound_body()
            raised: BaseException | None = None  # by hand: a coroutine would turn StopIteration into something else
            with self._limit("Test"):
                if self.step.item.is_async:
                    await self.driver.enter()
                    await cast("Awaitable[object]", body())
                else:
                    raised = await self.driver.outside(partial(_exception_of, body))
        except BaseException as exc:
            raised = exc
        if raised is not None:
            self._take(Phase.CALL, self._struck or raised)

    async def _tear_down(self, teardown: Teardown) -> None:
        name = teardown.fixture.name
        try:
            with self._limit(f"Fixture '{name}' teardown"):
                await tear_down(teardown, self.driver)
        except BaseException as exc:
            self._take(Phase.TEARDOWN, exc, name)

    def _tear_down_inline(self, teardown: Teardown) -> None:
        if teardown.fixture.kind.is_async:
            lost = RuntimeError("cannot be torn down: its event loop was closed before")
            self._take(Phase.TEARDOWN, lost, teardown.fixture.name)
        else:
            drive(self._tear_down(teardown))

    def _limit(self, what: str) -> AbstractContextManager[None]:
        return self.driver.limit(self, self.step.timeout, what)

    # --- details --------------------------------------------------------------------------------------------

    def _bound_body(self) -> Callable[[], object]:
        function, case = self.step.item.function, self.step.item.case
        arguments = {name: self._values[position] for name, position in self.step.arguments}
        if case is not None:
            arguments.update(case.values)
        if function.cls is None:
            return partial(function.func, **arguments)
        return partial(function.func, self._test_instance(), **arguments)

    def _test_instance(self) -> object:
        if self._instance is None and self.step.item.function.cls is not None:
            self._instance = self.step.item.function.cls()
        return self._instance

    def _take(self, phase: Phase, exc: BaseException, subject: str | None = None) -> None:
        if not self._given_up:
            self._troubles.append(Trouble(phase, exc, subject))

    def escaped(self, exc: BaseException) -> None:
        """Fail the test for a SystemExit or KeyboardInterrupt of one of its tasks or callbacks."""
        self._take(Phase.CALL, exc)

    def lost_loop(self, what: str) -> None:
        """Fail the test for stopping or closing its loop, and end it."""
        if self._is_over:
            return
        self._take(self.phase, RuntimeError(f"the test {what} its event loop before it had ended"))
        self.driver.lose_loop(for_good=what == "closed")


def bind(fixture: FixtureDef, instance: Callable[[], object]) -> Callable[..., object]:
    """The fixture's function, on the instance that `instance()` gives if it is written as a method."""
    return fixture.func if fixture.cls is None else partial(fixture.func, instance())


def _exception_of(call: Callable[[], object]) -> BaseException | None:
    try:
        call()
    except BaseException as exc:
        return exc
    return None
