"""Stage 3 on one page: windows in order, each in its lane, until the plan or the run's patience ends."""

import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from types import FrameType

from rustest.model.errors import Skipped, XFailed
from rustest.model.events import Audience, ProblemFound, Standing, Whereabouts
from rustest.model.failure import Failure
from rustest.model.hints import TYPE_CHECKING, TextIO
from rustest.model.holding import LOOP, Holding
from rustest.model.item import Problem
from rustest.model.outcome import Verdict
from rustest.model.plan import Lane, Plan, ProblemStep, RunStep, SkipStep, Window
from rustest.model.settings import Settings
from rustest.output.routing import Routing
from rustest.run.checks.lost_exceptions import filed_exceptions
from rustest.run.closing import Closing, Done, close_in_turn
from rustest.run.debugger import Debugger, pdb_maker
from rustest.run.fixtures.scopes import Scopes
from rustest.run.inline import InlineDriver, outer_loop_aside
from rustest.run.inline_lane import InlineLane
from rustest.run.ledger import Ledger
from rustest.run.questions.inquiry import Inquiry, listening
from rustest.run.stops.emergency import EmergencyExit, told_departure
from rustest.run.stops.interrupts import Interrupts
from rustest.run.stops.stack import is_importing
from rustest.run.stops.timeouts import Timekeeper
from rustest.run.tenant import Occupancy

if TYPE_CHECKING:
    from rustest.run.loop_lane import LoopLane
    from rustest.run.station import Order, Station
    from rustest.run.stops.watchdog import Watchdog


def run_plan(
    plan: Plan, settings: Settings, emit: Audience, began: float, routing: Routing, terminal: TextIO | None = None
) -> None:
    """Run the tests of a plan and tell `emit` how each of them goes; a SIGINT ends it early, a second one at once.

    `began` is when the session did, by `time.monotonic`; `routing` takes the output, from before this call. `terminal`
    is where the user may ask what runs now.
    """
    Runner(plan, settings, emit, began, routing, terminal).run()


def serve_plan(plan: Plan, settings: Settings, station: "Station", began: float, routing: Routing) -> None:
    """Run those tests of a plan that a worker is ordered to run, and tell the station how each of them goes."""
    Runner(plan, settings, station.emit, began, routing, None).serve(station)


class Runner:
    """One run of one plan."""

    def __init__(
        self, plan: Plan, settings: Settings, emit: Audience, began: float, routing: Routing, terminal: TextIO | None
    ) -> None:
        self._plan = plan
        self._settings = settings
        self._routing = routing
        self._occupancy = Occupancy()
        self._ledger = Ledger(plan, settings, emit, began, routing)
        self._timekeeper = Timekeeper(self._occupancy, settings.timeout_grace)
        self._inquiry = Inquiry(self._answer_signal)
        self._keyboard = listening(terminal, self._answer) if terminal is not None else None
        self._exit = EmergencyExit(self._ledger, self._occupancy, self._keyboard)
        self._exit.look = self._look_around
        self._interrupts = Interrupts(self._occupancy, self._notice_interrupt, self._exit, settings.sigterm_grace)
        self._debugger = Debugger(self._occupancy, self._interrupts.request, plan.hooks, pdb_maker(settings))
        driver = InlineDriver(self._timekeeper)
        self._scopes = Scopes(plan, settings, driver, self._close_loop, self._ledger.tell)
        self._scopes.examine, self._scopes.has_ended = self._debugger.examine, self._ledger.is_finished
        self._ledger.suite_properties = self._scopes.config.suite_properties
        self._watchdog: Watchdog | None = None
        self._inline = InlineLane(driver, self._scopes, self._ledger, routing, self._interrupts, self._close)
        self._lane: LoopLane | None = None

    def run(self) -> None:
        """Run window after window; whatever happens, each planned test ends up in the ledger."""
        with told_departure(self._exit.depart):
            self._run(self._plan.windows)

    def serve(self, station: "Station") -> None:
        """Run what a worker is ordered to, until there are no more orders."""
        from rustest.run.station import NoWayOut

        self._ledger.is_partial = True
        self._ledger.count_from(station.run_began)
        self._occupancy.mark = station.mark
        self._interrupts.way_out = NoWayOut()
        self._run(self._ordered(station.orders))

    def _ordered(self, orders: "Iterable[Order]") -> Iterator[Window]:
        for order in orders:
            for step in order.forgone:
                self._scopes.forgo(step)
            for window in order.windows:
                failures: list[Failure] = []
                self._close(self._scopes.make_way(window.steps, failures))
                self._tell_of_teardowns(failures)
                self._heed_interrupt()
                yield window
            if self._ledger.stop_reason is not None:
                return

    def _run(self, windows: Iterable[Window]) -> None:
        keyboard = self._keyboard or nullcontext()
        lost = filed_exceptions(self._ledger.findings, self._routing)
        with self._interrupts, self._inquiry, keyboard, outer_loop_aside(), lost:
            try:
                self._watchdog = self._timekeeper.watcher = self._make_watchdog()
                for window in windows:
                    self._run_window(window)
                self._close_leftovers()
            finally:
                for part in (self._watchdog, self._lane):
                    if part is not None:
                        part.shut_down()
                self._debugger.forget()
                self._ledger.end()  # here, where no Ctrl-C comes between the results and those who write them

    def _run_window(self, window: Window) -> None:
        self._routing.cover()
        self._interrupts.take_back()
        if window.lane is Lane.OVERLAP:
            self._run_on_loops([*self._settle(window)], self._settings.concurrency)
            return
        interrupts, ledger = self._interrupts, self._ledger
        for step in window.steps:
            if interrupts.ending:
                self._heed_interrupt()
            if ledger.stop_reason is not None:
                return
            if not isinstance(step, RunStep):
                self._settle_one(step)
            elif step.loop is None:
                self._inline.run(step)
            else:
                self._run_on_loops((step,), 1)

    def _settle(self, window: Window) -> Iterator[RunStep]:
        for step in window.steps:
            if self._ledger.stop_reason is not None:
                return
            if isinstance(step, RunStep):
                yield step
            else:
                self._settle_one(step)

    def _settle_one(self, step: SkipStep | ProblemStep) -> None:
        if isinstance(step, SkipStep) and self._plan.hooks.surrounds_tests:
            is_skip = step.verdict is Verdict.SKIPPED
            self._plan.hooks.skipped(step.item, Skipped(step.reason) if is_skip else XFailed(step.reason))
        self._ledger.settle(step)

    # --- tests on loops -------------------------------------------------------------------------------------

    def _run_on_loops(self, steps: Sequence[RunStep], width: int) -> None:
        if steps and self._ledger.stop_reason is None:
            lane = self._loop_lane()
            self._heed_interrupt()  # one that came while there was no lane yet
            lane.run(steps, width)

    def _loop_lane(self) -> "LoopLane":
        if self._lane is None:
            from rustest.run.loop_lane import LoopLane  # and with it asyncio

            self._lane = LoopLane(self._timekeeper, self._scopes, self._ledger, self._routing, self._interrupts)
            self._routing.cover()
        return self._lane

    def _close_loop(self, holding: Holding, done: Done) -> None:
        berths = self._loop_lane().berths
        close = berths.loops.close_shared if holding.key == LOOP else berths.close_run
        close(holding.instance, done)

    # --- ends -----------------------------------------------------------------------------------------------

    def _close(self, closings: Iterable[Closing]) -> None:
        if self._lane is not None:
            self._lane.close(closings)
        else:
            close_in_turn(closings, lambda: None)

    def _close_leftovers(self) -> None:
        failures: list[Failure] = []
        self._close(self._scopes.close_all(failures))
        self._tell_of_teardowns(failures)
        self._heed_interrupt()

    def _tell_of_teardowns(self, failures: list[Failure]) -> None:
        for failure in failures:
            self._ledger.tell(ProblemFound(Problem(f"fixture '{failure.subject}'", failure)))

    # --- questions ------------------------------------------------------------------------------------------

    def _answer(self, frame: FrameType | None) -> None:
        """Tell what runs now; any thread may ask."""
        self._ledger.answer(self._look_around(frame))

    def _answer_signal(self, frame: FrameType | None) -> None:
        """The same in a signal's handler, which may have come in the middle of telling something else."""
        self._ledger.when_told(partial(self._ledger.answer, self._look_around(frame)))

    def _look_around(self, frame: FrameType | None) -> Standing:
        from rustest.run.questions.standing import look_around

        in_flight = self._lane.in_flight() if self._lane is not None else {}
        return look_around(self._ledger, self._occupancy, frame, in_flight)

    # --- interrupts and the last rung -----------------------------------------------------------------------

    def _make_watchdog(self) -> "Watchdog | None":
        """Only where there are signals to interrupt with."""
        if not self._interrupts.in_main_thread or "pthread_kill" not in vars(signal):
            return None
        from rustest.run.stops.watchdog import Watchdog

        return Watchdog(self._occupancy, self._settings.timeout_grace, self._exit.give_up)

    def _notice_interrupt(self, frame: FrameType | None, is_held: bool) -> tuple[Whereabouts, ...]:
        """Wake up the hub, which heeds the interrupt between two steps; in line, the attempt does."""
        if self._lane is not None:
            self._lane.hub.call_soon_threadsafe(self._heed_interrupt)
        if is_held and self._watchdog is not None:
            self._watchdog.press()
        return () if frame is None or is_importing(frame) else self._look_around(frame).running

    def _heed_interrupt(self) -> None:
        if self._interrupts.ending:
            self._interrupts.heed(self._ledger)
            if self._lane is not None:
                self._lane.stop()
