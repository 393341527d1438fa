"""The lane of tests that live on loops: as many in flight at once as the plan and `--concurrency` allow."""

import contextvars
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain

from rustest.model.events import StopReason
from rustest.model.failure import Failure, Phase, describe
from rustest.model.outcome import PASSED, Outcome
from rustest.model.plan import LoopPlan, RunStep
from rustest.model.properties import NOTHING, Recorded
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.strictness import SHARED_CHANGE, TASK_EXCEPTION, Strictness, strictness_of
from rustest.output.routing import Routing
from rustest.run.attempt import Attempt, attempt_maker
from rustest.run.berths import Berths
from rustest.run.checks.blocking import Blocking
from rustest.run.checks.lapses import file_lapses
from rustest.run.checks.moves import file_left_folder
from rustest.run.checks.watch import FOLDER, Watch
from rustest.run.closing import Closing, close_in_turn
from rustest.run.descriptors import fitting_width
from rustest.run.driver import TaskDriver
from rustest.run.fixtures.scopes import Scopes
from rustest.run.flight import Flight
from rustest.run.hub.hub import Hub
from rustest.run.inline import InlineDriver
from rustest.run.ledger import Ledger
from rustest.run.loop_driver import LoopDriver
from rustest.run.loops import Loop
from rustest.run.reruns import Reruns
from rustest.run.retries import Retries, later
from rustest.run.scheduler import Scheduler
from rustest.run.stops.interrupts import Interrupts
from rustest.run.stops.timeouts import Timekeeper
from rustest.run.verdict import with_failures


class LoopLane:
    """Starts the tests of a window as the scheduler lets it, and sees each to its verdict."""

    def __init__(
        self, timekeeper: Timekeeper, scopes: Scopes, ledger: Ledger, routing: Routing, interrupts: Interrupts
    ) -> None:
        settings = scopes.config.settings
        self.hub = Hub(timekeeper.occupancy)
        self.hub.file = ledger.findings.file
        self.hub.foreign.blame = self._blame
        if ledger.findings.fails(TASK_EXCEPTION):
            self.hub.foreign.file = ledger.findings.file
        self.berths = Berths(self.hub, timekeeper)
        self._timekeeper = timekeeper
        self._scopes = scopes
        self._ledger = ledger
        self._routing = routing
        self._interrupts = interrupts
        self._retries = Retries(scopes, fail_flaky=settings.fail_flaky)
        self._make_attempt = attempt_maker(scopes.hooks)
        self._scheduler = Scheduler((), 1)
        self._width = 1
        self._reruns = Reruns(ledger, scopes)
        self._flights: dict[Flight, None] = {}
        self._blocking = Blocking(timekeeper.occupancy, settings, self._flights)
        self._watch = Watch(timekeeper.occupancy, ledger.findings, self._flights)
        self._settings = settings
        self._base = contextvars.copy_context()
        self._ashore = InlineDriver(timekeeper)
        """What drives those who have landed, should they still ask for something."""

    def run(self, steps: Sequence[RunStep], width: int) -> None:
        """Run these steps, at most `width` at once, until the last has ended or the run is to stop."""
        width = fitting_width(steps, width)
        self._scheduler = Scheduler(steps, width)
        self._width = width
        self._reruns.begin(self._scheduler)
        self.hub.call_soon(self._start_more)
        self._blocking.begin()
        if min(width, len(steps)) > 1 and strictness_of(SHARED_CHANGE, self._settings.strict) is not Strictness.IGNORE:
            self._watch.begin()
        try:
            self.hub.run_until(self._is_over)
        finally:
            self._watch.end()
            self._blocking.end()

    def stop(self) -> None:
        """End the tests in flight early; between steps only."""
        reason = self._ledger.stop_reason
        self._stop_flights(reason.value if reason else "")

    def _stop_flights(self, reason: str) -> None:
        for flight in tuple(self._flights):
            flight.attempt.stop(reason)

    def _blame(self, loop: Loop, exc: BaseException) -> bool:
        drivers = {flight: flight.driver for flight in self._flights}
        living = [flight for flight, each in drivers.items() if isinstance(each, LoopDriver) and each.loop is loop]
        blamed = living or [*drivers]  # who waits for a fixture that lives there
        for flight in blamed:
            if isinstance(exc, Exception):
                flight.attempt.broke_loop(exc)
            else:
                flight.attempt.escaped(exc)
        return bool(blamed)

    def in_flight(self) -> dict[str, Flight]:
        """The tests that are neither yet to start nor landed, by node id; any thread may ask."""
        return {flight.attempt.name: flight for flight in tuple(self._flights)}

    def close(self, closings: Iterable[Closing]) -> None:
        """Close these things, with the loops running where that is needed."""
        left = [True]
        close_in_turn(closings, left.clear)
        self.hub.run_until(lambda: not left)

    def shut_down(self) -> None:
        """Close what is left of the loops, and give back what their waiting needed."""
        self._blocking.shut_down()
        self.berths.loops.shut_down()
        self.hub.close()

    def _is_over(self) -> bool:
        return self._scheduler.is_done or (self._ledger.stop_reason is not None and self._scheduler.is_idle)

    def _start_more(self) -> None:
        while self._ledger.stop_reason is None and (step := self._scheduler.take()):
            self._start(step)

    def _start(self, step: RunStep) -> None:
        self._ledger.start(step.item.id)
        if (first := self._reruns.forgo(step.item.id)) is not None:
            self._end_on_the_ground(step, first.outcome, [], first.recorded)
        else:
            self._launch(step)

    def _launch(self, step: RunStep) -> None:
        plan = step.loop or LoopPlan(ScopeInstance(Scope.FUNCTION, step.item.id))
        try:
            has_company = self._width > 1 and not self._scheduler.is_alone
            driver = self.berths.driver_for(plan, self._base.copy(), has_company=has_company)
        except Exception as exc:  # of a loop_factory, which is the user's own code, or of trio's import
            subject = "loop_factory" if plan.factory is not None else None
            self._end_on_the_ground(step, PASSED, [describe(exc, Phase.SETUP, subject)], NOTHING)
        else:
            flight = self.berths.flight(self._board(step, driver), driver, plan, self._landed)
            self._flights[flight] = None
            flight.take_off()

    def _board(self, step: RunStep, driver: TaskDriver) -> Attempt:
        attempt = self._make_attempt(step, driver, self._scopes)
        attempt.busy_before = self._timekeeper.occupancy.busy
        if step.retry:
            self._retries.hand_on(attempt)
        self._ledger.start(attempt.name, attempt)
        self._reruns.take_off(attempt)
        if self._width == 1 or self._scheduler.is_alone:
            self._routing.begin(attempt)
        return attempt

    def _landed(self, flight: Flight) -> None:
        attempt = flight.attempt
        if attempt.stopped:  # while it counts as running, if it is what was interrupted
            attempt.stopped = self._interrupts.heed(self._ledger) or attempt.stopped
        outcome = self._blocking.add_to(flight.judge(), attempt.name)
        del self._flights[flight]
        file_lapses(attempt, self._ledger.findings, self._settings.timeout)
        if attempt.folder is not None:
            is_told = self._watch.has_told(attempt, FOLDER)
            file_left_folder(attempt, self._ledger.findings, puts_back=self._settings.pytest is None, is_told=is_told)
        own = self.berths.closings(flight)
        if not flight.is_stuck:
            attempt.driver = self._ashore  # and so no garbage in a ring: each would hold the other
        if own or self._scopes.has_cut_short():
            close_in_turn(chain(own, self._scopes.end_cut_short()), partial(self._conclude, attempt, outcome))
        else:
            self._conclude(attempt, outcome)

    def _conclude(self, attempt: Attempt, outcome: Outcome) -> None:
        """The attempt has ended, and its own loop with it: begin the next one, or leave what it shared."""
        self._ledger.note_wait(attempt.name, self._timekeeper.occupancy.busy - attempt.busy_before - attempt.busy)
        outcome, retry = self._ledger.judge(attempt.name, outcome), attempt.step.retry
        if retry and not self._is_stopping() and self._retries.wants(attempt, outcome):
            self._reruns.touch_down(attempt)
            later(retry.delay, self.hub.call_at, self._is_stopping, partial(self._try_next, attempt, outcome))
            return
        landing = self._reruns.land(attempt, outcome)
        if landing.once_more is not None:
            self._put_off(attempt.step, landing.once_more)
        else:
            self._leave(attempt, landing.outcome)

    def _try_next(self, attempt: Attempt, outcome: Outcome) -> None:
        if self._is_stopping():
            self._leave(attempt, outcome)
        else:
            self._retries.give_up(attempt, outcome)
            self._launch(attempt.step)

    def _leave(self, attempt: Attempt, outcome: Outcome) -> None:
        failures: list[Failure] = []
        if closings := self._scopes.leave(attempt.step, attempt, failures):
            close_in_turn(closings, partial(self._end, attempt.step, outcome, failures, attempt.recorded()))
        else:
            self._end(attempt.step, outcome, failures, attempt.recorded())

    def _is_stopping(self) -> bool:
        return self._ledger.stop_reason is not None

    def _put_off(self, step: RunStep, again: Callable[[RunStep], None]) -> None:
        self._routing.end()
        again(step)
        self._hold_back()
        self.hub.call_soon(self._start_more)

    def _hold_back(self) -> None:
        """Start nothing new while the failures to be confirmed are enough to end the run, and cancel what runs."""
        if self._ledger.stop_reason is not None:
            return  # it ends as it is, and has told all that run why
        pending = self._scheduler.pending()
        self._scheduler.is_held = pending > 0 and self._ledger.is_enough(pending)
        if self._scheduler.is_held and not self._scheduler.is_alone:
            self._stop_flights(StopReason.MAXFAIL.value)

    def _end_on_the_ground(self, step: RunStep, outcome: Outcome, failures: list[Failure], recorded: Recorded) -> None:
        """A test ends without having been launched."""
        closings = self._scopes.leave(step, None, failures)
        close_in_turn(closings, partial(self._end, step, outcome, failures, recorded))

    def _end(self, step: RunStep, outcome: Outcome, failures: list[Failure], recorded: Recorded) -> None:
        stopping = self._ledger.stop_reason
        self._routing.end()
        if failures:
            outcome = with_failures(outcome, failures)
        if step.retry:
            outcome = self._retries.settle(step.item.id, outcome)
        self._ledger.finish(step.item.id, outcome, recorded)
        self._scheduler.end(step)
        if self._ledger.stop_reason is not stopping:
            self.stop()
        else:
            self._hold_back()
        self.hub.call_soon(self._start_more)
