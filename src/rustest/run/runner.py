"""Stage 3 on one page: windows in order, each in its lane, until the plan or the run's patience ends."""

import contextvars
import os
import sys
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

from rustest.model.events import Emit, ProblemFound, RunFinished, StopReason
from rustest.model.failure import Failure, Phase, problem
from rustest.model.item import Problem
from rustest.model.outcome import Outcome
from rustest.model.plan import Lane, Plan, RunStep, Window
from rustest.model.report import ExitStatus
from rustest.model.scope import ScopeInstance
from rustest.model.settings import Settings
from rustest.run.attempt import Attempt
from rustest.run.calls import drive
from rustest.run.closing import Closing, Done, close_in_turn
from rustest.run.inline import InlineDriver
from rustest.run.interrupts import Interrupts
from rustest.run.ledger import Ledger
from rustest.run.scopes import Scopes
from rustest.run.tenant import TENANT, Occupancy
from rustest.run.verdict import with_failures

if TYPE_CHECKING:
    from rustest.run.loop_lane import LoopLane
    from rustest.run.timeouts import Clock
    from rustest.run.watchdog import Watchdog


def run_plan(plan: Plan, settings: Settings, emit: Emit) -> None:
    """Run the tests of a plan and tell `emit` how each of them goes; a SIGINT ends it early, a second one at once."""
    Runner(plan, settings, emit).run()


class Runner:
    """One run of one plan."""

    def __init__(self, plan: Plan, settings: Settings, emit: Emit) -> None:
        self._plan = plan
        self._settings = settings
        self._emit = emit
        self._began = time.monotonic()
        self._occupancy = Occupancy()
        self._ledger = Ledger(plan, settings.maxfail, emit)
        self._scopes = Scopes(plan, settings.timeout_grace, self._close_loop)
        self._interrupts = Interrupts(self._occupancy, self._notice_interrupt, self._leave_at_once)
        self._watchdog: Watchdog | None = None
        self._lane: LoopLane | None = None
        self._base = contextvars.copy_context()

    def run(self) -> None:
        """Run window after window; whatever happens, each planned test ends up in the ledger."""
        try:
            with self._interrupts:
                self._watchdog = self._make_watchdog()
                for window in self._plan.windows:
                    self._run_window(window)
                self._close_leftovers()
        finally:
            for part in (self._watchdog, self._lane):
                if part is not None:
                    part.shut_down()
            self._ledger.finish_rest()

    def _run_window(self, window: Window) -> None:
        if window.lane is Lane.OVERLAP:
            self._run_on_loops([*self._settle(window)], self._settings.concurrency)
            return
        for step in window.steps:
            self._heed_interrupt()
            if self._ledger.stop_reason is not None:
                return
            if not isinstance(step, RunStep):
                self._ledger.settle(step)
            elif step.loop is None:
                self._run_inline(step)
            else:
                self._run_on_loops((step,), 1)

    def _settle(self, window: Window) -> Iterator[RunStep]:
        for step in window.steps:
            if isinstance(step, RunStep):
                yield step
            else:
                self._ledger.settle(step)

    # --- tests on loops -------------------------------------------------------------------------------------

    def _run_on_loops(self, steps: Sequence[RunStep], width: int) -> None:
        if steps and self._ledger.stop_reason is None:
            self._loop_lane().run(steps, width)

    def _loop_lane(self) -> "LoopLane":
        if self._lane is None:
            from rustest.run.loop_lane import LoopLane  # and with it asyncio

            grace = self._settings.timeout_grace
            self._lane = LoopLane(self._occupancy, self._scopes, self._ledger, self._watchdog, grace)
        return self._lane

    def _close_loop(self, instance: ScopeInstance, done: Done) -> None:
        self._loop_lane().loops.close_shared(instance, done)

    # --- tests without a loop -------------------------------------------------------------------------------

    def _run_inline(self, step: RunStep) -> None:
        self._ledger.start(step.item.id)
        attempt = Attempt(step, InlineDriver(self._occupancy, self._watchdog), self._scopes)
        outcome = self._base.copy().run(self._attempt_inline, attempt)
        failures: list[Failure] = []
        self._close(self._scopes.leave(step, attempt, failures))
        self._ledger.finish(step.item.id, with_failures(outcome, failures))

    def _attempt_inline(self, attempt: Attempt) -> Outcome:
        TENANT.set(attempt)
        with self._occupancy.held_by(attempt):
            drive(attempt.run())
            self._heed_interrupt()
            if self._ledger.stop_reason is not None:
                attempt.stop(self._ledger.stop_reason.value)
            return attempt.finish()

    # --- ends -----------------------------------------------------------------------------------------------

    def _close(self, closings: Sequence[Closing]) -> None:
        if self._lane is not None:
            self._lane.close(closings)
        else:
            close_in_turn(closings, lambda: None)

    def _close_leftovers(self) -> None:
        failures: list[Failure] = []
        self._close(self._scopes.close_all(failures))
        for failure in failures:
            self._emit(ProblemFound(Problem(f"fixture '{failure.subject}'", failure)))

    # --- interrupts and the last rung -----------------------------------------------------------------------

    def _make_watchdog(self) -> "Watchdog | None":
        """Only where there is a limit to watch, and signals to interrupt with."""
        limited = any(
            isinstance(step, RunStep) and step.timeout for window in self._plan.windows for step in window.steps
        )
        if not limited or not self._interrupts.in_main_thread:
            return None
        from rustest.run.watchdog import Watchdog

        return Watchdog(self._occupancy, self._settings.timeout_grace, self._take_last_rung)

    def _notice_interrupt(self) -> None:
        """Wake up the hub, which heeds the interrupt between two steps; in line, the attempt does."""
        if self._lane is not None:
            self._lane.hub.call_soon_threadsafe(self._heed_interrupt)

    def _heed_interrupt(self) -> None:
        if self._interrupts.requested and self._ledger.stop_reason is None:
            self._ledger.stop(StopReason.USER)
            if self._lane is not None:
                self._lane.stop()

    def _take_last_rung(self, clock: "Clock") -> None:
        """Give the process up from the watchdog's thread: the main thread is held, and nothing makes it let go."""
        import threading

        self._ledger.stop(StopReason.BLOCKED)
        threads = ", ".join(thread.name for thread in threading.enumerate())
        message = f"{clock.message}, and nothing ends it: the process is given up (threads: {threads})"
        failure = problem(Phase.CALL, message)._replace(frames=clock.where)
        self._ledger.finish_stuck(clock.tenant.name, failure)
        self._leave(ExitStatus.FAILURES)

    def _leave_at_once(self) -> None:
        """Take the second SIGINT at its word."""
        self._leave(ExitStatus.INTERRUPTED)

    def _leave(self, status: ExitStatus) -> NoReturn:
        try:
            self._ledger.stop(StopReason.USER)
            self._ledger.finish_rest()
            self._emit(RunFinished(time.monotonic() - self._began))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(status)
