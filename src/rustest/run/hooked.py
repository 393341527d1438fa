"""An attempt with hooks around its phases: those of `conftest.py` files and plugins of pytest's."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial

from rustest.model.failure import Phase, describe, said_of
from rustest.model.hooks import Bracket, PhaseEnd
from rustest.model.outcome import Outcome
from rustest.model.plan import RunStep
from rustest.run.attempt import Attempt
from rustest.run.debugger import asks_to_end
from rustest.run.driver import Driver
from rustest.run.fixtures.calls import drive
from rustest.run.fixtures.values import SharedValues
from rustest.run.tenant import real_time
from rustest.run.verdict import Trouble, is_expected


class HookedAttempt(Attempt):
    """Calls hooks before and after set-up, body and teardown; what they raise counts as if the phase had."""

    def __init__(self, step: RunStep, driver: Driver, shared: SharedValues) -> None:
        super().__init__(step, driver, shared)
        self._hooks = shared.hooks
        self._whole: Bracket | None = None
        self._teardown: Bracket | None = None
        self._teardown_began = 0.0
        self._told = 0
        """How many troubles hooks have heard of."""

    def run_inline(self) -> None:
        """All of `run` where no loop takes part."""
        drive(self.run())

    async def run(self) -> None:
        """Set up, call the body, and tear down what needs the loop."""
        whole = self._hooks.surround(self.node)
        try:
            await self.driver.outside(whole.enter)
        except BaseException as exc:
            self._take(Phase.SETUP, exc)
            return
        self._whole = whole
        await super().run()

    async def _set_up(self) -> bool:
        before = len(self._troubles)
        await self._within(Phase.SETUP, self._set_up_for_hooks)
        return len(self._troubles) == before and not (self.stopped or self._is_struck or self.driver.is_stray())

    async def _set_up_for_hooks(self) -> None:
        """Set up, and let hooks find what there is."""
        is_whole = await super()._set_up()
        self.node.funcargs.update(self._values.by_name())
        if is_whole:
            _, arguments = self._body()
            self.node.funcargs.update(arguments)

    async def _call(self) -> None:
        await self._within(Phase.CALL, super()._call)

    async def tear_down_async(self) -> None:
        """Tear down, latest first, as long as something async is left."""
        if self._teardown is None and self._whole is not None:
            self._teardown, self._teardown_began = self._hooks.bracket(Phase.TEARDOWN, self.node), real_time()
            try:
                await self.driver.outside(self._teardown.enter)
            except BaseException as exc:
                self._take(Phase.TEARDOWN, exc)
        await super().tear_down_async()

    async def _within(self, phase: Phase, go: Callable[[], Awaitable[object]]) -> None:
        bracket, began = self._hooks.bracket(phase, self.node), real_time()
        try:
            with self._limit_of_hooks(phase):
                wanted = await self.driver.outside(bracket.enter)
        except BaseException as exc:
            self._take(phase, exc)
        else:
            if wanted:
                await go()
            await self.driver.outside(partial(self._leave, bracket, phase))
        await self.driver.outside(partial(self._tell, phase, real_time() - began))

    def _limit_of_hooks(self, phase: Phase) -> AbstractContextManager[None]:
        """The clock of the body, as hooks may run it in rustest's place where no loop of the test's does."""
        is_body = phase is Phase.CALL and self.step.loop is None
        return self._limit("Test") if is_body else nullcontext()

    def _leave(self, bracket: Bracket, phase: Phase) -> None:
        """Let hooks see how the phase has ended, and have another say."""
        raised = self._raised()
        self._count(phase, raised, bracket.leave(raised))

    def _tell(self, phase: Phase, duration: float) -> None:
        """Tell hooks how the phase has ended after all, which a report of theirs may change once more."""
        raised, expected = self._raised(), self.expected_failure
        is_xfailed = raised is not None and is_expected(self._troubles[self._told], expected)
        end = PhaseEnd(phase, raised, duration, expected, is_xfailed)
        try:
            after = self._hooks.report(self.node, end)
        except BaseException as exc:
            after = exc
        self._count(phase, raised, after)
        if raised is not None and after is raised and said_of(raised) is not None:
            self._troubles[self._told].failure = describe(raised, phase)  # hooks may have said it anew
        self._told = len(self._troubles)

    def _raised(self) -> BaseException | None:
        """What has gone wrong since hooks were told last."""
        return self._troubles[self._told].exc if len(self._troubles) > self._told else None

    def _count(self, phase: Phase, before: BaseException | None, after: BaseException | None) -> None:
        if after is not before:
            del self._troubles[self._told :]
            if after is not None:
                self._troubles.append(trouble := Trouble(phase, after))
                if asks_to_end(after, self._hooks):
                    self._heed(trouble)

    def _judge(self) -> Outcome:
        if self._teardown is not None:
            self._leave(self._teardown, Phase.TEARDOWN)
            self._tell(Phase.TEARDOWN, real_time() - self._teardown_began)
        if self._whole is not None:
            self._leave(self._whole, Phase.TEARDOWN)
        return super()._judge()
