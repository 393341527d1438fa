"""One attempt at one test: set-up, body, teardown, in whatever mixture of sync and async they are written."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from types import MethodType

from rustest.model.errors import UsageError
from rustest.model.failure import Frame, Phase
from rustest.model.frames import Waiting
from rustest.model.hints import cast
from rustest.model.hooks import Hooks
from rustest.model.outcome import Outcome
from rustest.output.routing import drain_descriptors
from rustest.run.fixtures.calls import LOOP_IS_GONE, FixtureError, Teardown, drive, tear_down
from rustest.run.fixtures.values import FixtureValues
from rustest.run.trial import Trial

_NOTHING: Mapping[str, object] = {}
_GIVEN_UP = "it was cancelled twice, did not end, and was given up: let cancellations pass"


class Attempt(Trial):
    """The life of one test, from its first fixture to its last teardown.

    `run` does everything up to the last part that needs the loop; `finish` does the sync teardowns that are left,
    and judges.
    """

    elsewhere: Callable[[], Waiting] | None = None
    """Says where the shared fixture stands that it waits for; None while it waits for none."""
    returned: type[object] | None = None
    """The type of what the test has returned; None where that is None, as it should be."""
    _filtering: AbstractContextManager[None] | None = None
    _made_values: FixtureValues | None = None

    @property
    def _values(self) -> FixtureValues:
        if self._made_values is None:
            self._made_values = FixtureValues(self, self._shared, self._teardowns)
        return self._made_values

    def run_inline(self) -> None:
        """All of `run` where no loop takes part; straight on where the test's own sync fixtures are all that it has."""
        if self.step.is_bare():
            self._run_straight()
        elif not self._set_up_at_once():
            drive(self.run())
        elif self._troubles or self.stopped:
            self._begin_teardown()
        else:
            self._run_straight()

    async def run(self) -> None:
        """Set up, call the body, and tear down what needs the loop."""
        if (not self.step.warning_filters or self._filter_warnings()) and await self._set_up():
            self._enter(Phase.CALL)
            await self._call()
        if not self.driver.is_stray():
            self._begin_teardown()
            await self.tear_down_async()

    def _run_straight(self) -> None:
        self.phase = Phase.CALL
        try:
            func, arguments = self._body()
            returned = func(**arguments) if arguments else func()
            raised = None if returned is None else self._fault_of(returned)
        except BaseException as exc:
            raised = exc
        if raised is not None or self._teardowns or self._node is not None:
            self._end_call(raised)
            del raised  # whose traceback holds this frame
            self._begin_teardown()

    def _begin_teardown(self) -> None:
        self._enter(Phase.TEARDOWN)
        self.driver.calm()
        if self._node is not None:
            self._teardowns += (Teardown("request.node", self.name, call) for call in self._node.take_finalizers())

    def _enter(self, phase: Phase) -> None:
        drain_descriptors()  # what has come there is still the earlier phase's
        self.phase = phase

    async def tear_down_async(self) -> None:
        """Tear down, latest first, as long as something async is left."""
        while self._teardowns and any(one.is_async for one in self._teardowns) and not self.driver.is_stray():
            await self._tear_down(self._teardowns.pop())

    def finish(self) -> Outcome:
        """Tear down what is left, all sync by now, and say how the attempt went."""
        while self._teardowns:
            self._tear_down_inline(self._teardowns.pop())
        if self._filtering is not None:
            self._filtering.__exit__(None, None, None)
        self._is_over = True
        outcome = self._judge()
        self._let_go()
        return outcome

    def _let_go(self) -> None:
        """Keep nothing of the test's alive, for this object may live on until the garbage collector finds it."""
        if self._troubles:
            self.raised = tuple(type(trouble.exc) for trouble in self._troubles)
            self._troubles.clear()  # with their tracebacks
        if self._made_values is not None:
            self._made_values.clear()
        if self._instance is not None:
            self._instance = None
        if self._node is not None:
            self._node.let_go()

    def give_up(self) -> None:
        """The task that runs this attempt does not end: what it does from now on no longer counts."""
        if self.clock is not None and self.clock.expired:
            self._take(self.phase, self.clock.error(_GIVEN_UP))
        self._is_stuck = True
        self.phase = Phase.TEARDOWN

    def stop(self, reason: str) -> None:
        """End early because the run does; a test whose body is over is left to end, and keeps its verdict."""
        if self.phase is not Phase.TEARDOWN:
            self.stopped = reason
            self.driver.cancel()

    def _filter_warnings(self) -> bool:
        """Put its marks' filters in force until it has ended; False where one names a class that is not there."""
        from rustest.output.warning_filters import filtered_warnings

        try:
            filtering = filtered_warnings(self.step.warning_filters)
            filtering.__enter__()
            self._filtering = filtering
        except UsageError as error:
            self._take(Phase.SETUP, FixtureError(f"mark.filterwarnings: {error}"))
            return False
        return True

    # --- phases ---------------------------------------------------------------------------------------------

    def _set_up_at_once(self) -> bool:
        """Set up fixtures until one has to be awaited or limited; whether none has, be it that one has failed."""
        if self.limit is not None or self.step.warning_filters:
            return False
        values = self._values
        for use in self.step.fixtures:
            try:
                if not values.add_at_once(use, self):
                    return False
            except BaseException as exc:
                self._take(Phase.SETUP, exc, use.definition.name)
                break
        drain_descriptors()  # as between any two phases
        return True

    async def _set_up(self) -> bool:
        done = 0 if self._made_values is None else self._made_values.number
        for use in self.step.fixtures[done:]:
            if self.driver.is_stray():
                break
            try:
                if self.limit is None and self._values.add_at_once(use, self):
                    continue
                with self._limit(f"Fixture '{use.definition.name}' set-up"):
                    await self._values.add(use)
            except BaseException as exc:
                if not self._is_struck:
                    self._take(Phase.SETUP, exc, use.definition.name)
                return False
        return not (self.stopped or self._is_struck or self.driver.is_stray())

    async def _call(self) -> None:
        raised: BaseException | None = None  # by hand: a coroutine would turn StopIteration into something else
        try:
            func, arguments = self._body()
            with self._limit("Test"):
                if self.step.item.is_async:
                    await self.driver.enter()
                    with self.driver.guard():
                        self._note_returned(await cast("Awaitable[object]", func(**arguments)))
                elif self.driver.inside:
                    raised = await self.driver.outside(partial(self._exception_of, func, arguments))
                else:
                    raised = self.driver.make(partial(self._exception_of, func, arguments))
        except BaseException as exc:
            if raised is not None and exc.__context__ is None:
                exc.__context__ = raised  # where the body was when its time was up, for the debugger
            raised = exc
        self._end_call(raised)
        del raised  # whose traceback holds this frame, and what the test has used

    def _end_call(self, raised: BaseException | None) -> None:
        if self._node is not None:
            for setback in self._node.take_setbacks():
                self._take(Phase.CALL, setback)
        if raised is not None and not self._is_struck:
            self._take(Phase.CALL, raised)

    async def _tear_down(self, teardown: Teardown) -> None:
        name = teardown.fixture
        try:
            with self._limit(f"Fixture '{name}' teardown"):
                await tear_down(teardown, self.driver)
        except BaseException as exc:
            self._take(Phase.TEARDOWN, exc, name)

    def _tear_down_inline(self, teardown: Teardown) -> None:
        if teardown.is_async:
            self._take(Phase.TEARDOWN, RuntimeError(LOOP_IS_GONE), teardown.fixture)
        else:
            drive(self._tear_down(teardown))

    def _limit(self, what: str) -> AbstractContextManager[None]:
        return self.driver.limit(self, self.limit, what)

    # --- details --------------------------------------------------------------------------------------------

    def _exception_of(self, func: Callable[..., object], arguments: Mapping[str, object]) -> BaseException | None:
        try:
            returned = func(**arguments) if arguments else func()
        except BaseException as exc:
            return exc
        return None if returned is None else self._fault_of(returned)

    def _fault_of(self, returned: object) -> BaseException | None:
        """What is wrong with what a plain function has returned, which is to be None."""
        if isinstance(returned, Awaitable):
            from rustest.run.loop_advice import never_awaited

            return never_awaited(cast("Awaitable[object]", returned))
        self._note_returned(returned)
        return None

    def _note_returned(self, returned: object) -> None:
        if returned is not None:
            self.returned = type(returned)

    def place(self) -> Frame:
        """Where the test is written."""
        return self.step.item.function.place

    def _body(self) -> tuple[Callable[..., object], Mapping[str, object]]:
        """What is to be called for the test's body, and with what arguments."""
        (_, function, case, _), planned = self.step.item, self.step.arguments
        body = function.func if self._node is None else self._node.body or function.func
        func = body if function.cls is None else MethodType(body, self.instance())
        if not planned:  # then all that it asks for is among the values of its case
            if case is None:
                return func, _NOTHING
            if len(case.names) == len(function.arguments):
                return func, case.direct()
        arguments: dict[str, object] = self._values.test_arguments() if planned else {}
        if case is not None:
            asked = function.arguments
            arguments |= {name: value for name, value in case.direct().items() if name in asked}
        return func, arguments

    def instance(self) -> object:
        """The instance of the test's class, made if it is not yet; None without a class."""
        function = self.step.item.function
        found = self._instance if self._node is None else self._node.instance
        if found is None and function.cls is not None:
            found = self._instance = (function.make_instance or function.cls)()
            if self._node is not None:
                self._node.instance = found
        return found

    def get_fixture(self, name: str) -> object:
        """The value of a sync fixture that was not planned, set up here and now."""
        return self._values.ask_now(name)

    def await_fixture(self, name: str) -> Awaitable[object]:
        """The value of any fixture that was not planned."""
        return self._values.ask(name)


def attempt_maker(hooks: Hooks) -> type[Attempt]:
    """What makes the attempts of a run, with hooks around them where there are any."""
    if not hooks.surrounds_tests:
        return Attempt
    from rustest.run.hooked import HookedAttempt

    return HookedAttempt
