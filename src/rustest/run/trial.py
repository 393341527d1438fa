"""An attempt as its judge sees it: what has gone wrong, whatever it was that went wrong, and the outcome of that."""

from rustest.model.errors import TestTimedOut
from rustest.model.events import StopReason
from rustest.model.failure import Phase
from rustest.model.node import TestNode
from rustest.model.outcome import PASSED, ExpectedFailure, Note, Outcome, Verdict
from rustest.model.plan import RunStep
from rustest.model.properties import NOTHING, Recorded
from rustest.run.debugger import asks_to_end
from rustest.run.driver import Driver
from rustest.run.fixtures.calls import Teardown
from rustest.run.fixtures.values import SharedValues
from rustest.run.stops.interrupts import TestInterrupted
from rustest.run.tenant import Tenant
from rustest.run.verdict import Trouble, is_expected, judge, with_failures

_NO_NOTES, _STUCK = frozenset[Note](), frozenset({Note.STUCK})


class Trial(Tenant):
    """Takes what goes wrong in a test, from its phases and from the loop that it lives on."""

    raised: tuple[type[BaseException], ...] = ()
    """The types of what went wrong, once it has been judged."""
    has_timed_out = False
    """Whether its own clock, or that of one of its fixtures, has run out."""
    busy_before = 0.0
    """For how many seconds of the run the thread had been held when it began."""
    is_examined = False
    """Whether the user has looked at it in a debugger, and so has seen it fail."""
    _is_over = _is_struck = False
    _failed_teardowns: frozenset[str] = frozenset()

    def __init__(self, step: RunStep, driver: Driver, shared: SharedValues) -> None:
        Tenant.__init__(self, (item := step.item).id)  # which takes half of what `super` does
        self.step, self.driver, self._shared = step, driver, shared
        self.limit, self.busy = step.timeout, 0.0
        self.stopped = ""
        """Why the run ends this attempt early; empty while it does not."""
        self._instance: object = None
        """That of the test's class, while there is no node that has it."""
        self._is_stuck = False
        self._node = shared.hooks.node(item)
        if self._node is not None:
            self._node.instance = None  # an earlier attempt, given up, may have left one
        self._troubles: list[Trouble] = []
        self._teardowns: list[Teardown] = []

    @property
    def node(self) -> TestNode:
        """The test as fixtures and hooks see it, made for the first who asks: most tests do without."""
        if self._node is None:
            self._node = TestNode(self.step.item, self._shared.config)
            self._node.instance = self._instance
        return self._node

    def recorded(self) -> Recorded:
        """What the test has recorded of itself so far."""
        return NOTHING if self._node is None else self._node.recorded()

    @property
    def expected_failure(self) -> ExpectedFailure | None:
        """What the test is expected to fail with, by its plan or by what has been added to it since."""
        planned = self.step.expected_failure
        return planned if self._node is None else self._node.expected_failure(planned)

    def _judge(self) -> Outcome:
        if not (self._troubles or self.stopped or self._is_stuck or self._node or self.step.expected_failure):
            return PASSED  # as most tests
        notes = _STUCK if self._is_stuck else _NO_NOTES
        if self.stopped and not self.is_examined:  # whatever its body has made of being cancelled
            failures = [trouble.failure for trouble in self._troubles if trouble.phase is Phase.TEARDOWN]
            return with_failures(Outcome(Verdict.NOT_RUN, self.stopped, notes=notes), failures)
        return judge(self._troubles, self.expected_failure, notes)

    # --- what goes wrong in its phases ----------------------------------------------------------------------

    def _take(self, phase: Phase, exc: BaseException, subject: str | None = None) -> None:
        if isinstance(exc, TestInterrupted):
            self.stopped = StopReason.USER.value
        elif not (self._is_over or self.driver.is_stray()):
            self._troubles.append(trouble := Trouble(phase, exc, subject))
            if isinstance(exc, TestTimedOut):
                self.has_timed_out = True
                self._advise(trouble)
            self._heed(trouble)
            if phase is Phase.TEARDOWN and subject is not None:
                self._failed_teardowns |= {subject}

    def _advise(self, trouble: Trouble) -> None:
        from rustest.run.loop_advice import advice_on_waiting

        if trouble.phase is Phase.CALL and (advice := advice_on_waiting(self.step)):
            trouble.failure = trouble.failure.noting(advice)

    def _heed(self, trouble: Trouble) -> None:
        """End the run if that is what it asks for; or show it to the user, if he wants to see it."""
        if asks_to_end(trouble.exc, self._shared.hooks):
            self._shared.examine(trouble, self)
            self.stopped = StopReason.USER.value
        elif not (self.stopped or is_expected(trouble, self.expected_failure)):
            self.is_examined |= self._shared.examine(trouble, self)

    def forget_failed_teardown(self, fixture: str) -> bool:
        """Whether part of that fixture's teardown has failed; the next fixture of the same name begins anew."""
        failed = fixture in self._failed_teardowns
        self._failed_teardowns -= {fixture}
        return failed

    def strike(self, exc: BaseException, fixture: str) -> bool:
        """Fail with the exception of a fixture that ended under this test; False if its body is over already."""
        if self.phase is Phase.TEARDOWN:
            return False
        self._take(self.phase, exc, fixture)
        self._is_struck = True  # whatever the cancellation makes of it is not the cause
        self.driver.cancel()
        return True

    # --- what goes wrong on its loop ------------------------------------------------------------------------

    def overstayed(self, exc: BaseException) -> None:
        """Fail for what a task or callback did after the body, unless the test is known to have failed already."""
        if not self._troubles:
            self._take(self.phase, exc)

    def escaped(self, exc: BaseException) -> None:
        """Fail the test for a SystemExit or KeyboardInterrupt of one of its tasks or callbacks."""
        self._take(Phase.CALL, exc)

    def stopped_loop(self) -> None:
        """Fail the test for stopping its loop, and end it."""
        if not self._is_over:
            self._take(self.phase, RuntimeError("the test stopped its event loop before it had ended"))
            self._is_struck = True
            self.driver.call_later(0, self._end_early)

    def _end_early(self) -> None:
        if self.phase is not Phase.TEARDOWN:
            self.driver.cancel()

    def lost_loop(self, closer: Tenant | None) -> None:
        """Fail the test because its loop was closed, and end it there and then."""
        if not self._is_over:
            who = "the test" if closer is self else closer.name if closer else "somebody"
            self._take(self.phase, RuntimeError(f"{who} closed its event loop before it had ended"))
            self._is_struck = True
            self.driver.lose_loop()

    def broke_loop(self, exc: Exception) -> None:
        """Fail for what its loop itself raised; end the test there and then if it was about to end already."""
        is_ending = self._is_struck or self.phase is Phase.TEARDOWN
        if not self._is_struck:
            self._take(self.phase, exc)
        self._is_struck = True
        if is_ending:
            self.driver.lose_loop()
        else:
            self.driver.cancel()
