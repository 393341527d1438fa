"""The lane of tests that need no loop: one at a time, here and now."""

import contextvars
from collections.abc import Callable, Iterable

from rustest.model.failure import Failure
from rustest.model.outcome import Outcome
from rustest.model.plan import Retry, RunStep
from rustest.output.routing import Routing
from rustest.run.attempt import Attempt, attempt_maker
from rustest.run.checks.moves import file_left_folder
from rustest.run.closing import Closing
from rustest.run.fixtures.scopes import Scopes
from rustest.run.inline import InlineDriver
from rustest.run.ledger import Ledger
from rustest.run.retries import Retries, pause
from rustest.run.stops.interrupts import Interrupts
from rustest.run.tenant import TENANT
from rustest.run.verdict import with_failures


class InlineLane:
    """Sees each test to its verdict before the next one begins."""

    def __init__(
        self,
        driver: InlineDriver,
        scopes: Scopes,
        ledger: Ledger,
        routing: Routing,
        interrupts: Interrupts,
        close: Callable[[Iterable[Closing]], None],
    ) -> None:
        settings = scopes.config.settings
        self._driver = driver
        self._scopes = scopes
        self._ledger = ledger
        self._routing = routing
        self._interrupts = interrupts
        self._close = close
        self._occupancy = driver.occupancy
        self._timeout = settings.timeout
        self._puts_back = settings.pytest is None  # there, later tests may count on what earlier ones have left
        self._retries = Retries(scopes, fail_flaky=settings.fail_flaky)
        self._make_attempt = attempt_maker(scopes.hooks)
        self._base = contextvars.copy_context()

    def run(self, step: RunStep) -> None:
        """Run one test, with as many attempts as it is to have."""
        name, retry = step.item.id, step.retry
        attempt, outcome = self._try(step, retry)
        while retry and self._wants_another(retry, attempt, outcome):
            self._retries.give_up(attempt, outcome)
            attempt, outcome = self._try(step, retry)
        failures: list[Failure] = []
        if closings := self._scopes.leave(step, attempt, failures):
            self._close(closings)
            outcome = with_failures(outcome, failures)
        self._routing.end()
        if retry:
            outcome = self._retries.settle(name, outcome)
        self._ledger.finish(name, outcome, attempt.recorded())

    def _try(self, step: RunStep, retry: Retry | None) -> tuple[Attempt, Outcome]:
        attempt = self._make_attempt(step, self._driver, self._scopes)
        self._routing.begin(attempt)
        self._ledger.start(attempt.name, attempt)
        if retry:
            self._retries.hand_on(attempt)
        outcome = self._base.copy().run(self._go_through, attempt)
        if attempt.returned is not None or attempt.limit is not None:
            from rustest.run.checks.lapses import file_lapses

            file_lapses(attempt, self._ledger.findings, self._timeout)
        if attempt.folder is not None:
            file_left_folder(attempt, self._ledger.findings, puts_back=self._puts_back)
        return attempt, self._ledger.judge(attempt.name, outcome) if retry else outcome

    def _go_through(self, attempt: Attempt) -> Outcome:
        TENANT.set(attempt)
        began = self._occupancy.take(attempt)
        try:
            if not self._interrupts.ending:  # one that came while nobody held the thread has interrupted nobody
                attempt.run_inline()
            if self._interrupts.ending or self._ledger.stop_reason is not None:
                attempt.stopped = self._interrupts.heed(self._ledger)
            outcome = attempt.finish()
        finally:
            self._occupancy.release(began)
        if self._interrupts.ending:  # in its last teardowns
            self._interrupts.heed(self._ledger)
        return outcome

    def _wants_another(self, retry: Retry, attempt: Attempt, outcome: Outcome) -> bool:
        """Whether the test is to be tried again, after a pause that is over then."""
        if not self._retries.wants(attempt, outcome) or self._is_stopping():
            return False
        pause(retry.delay, self._is_stopping)
        return not self._is_stopping()

    def _is_stopping(self) -> bool:
        return bool(self._interrupts.heed(self._ledger))
