"""Berths: what a test in flight lives on, a loop or a run of trio: had for it as it starts, and closed at its end."""

from collections.abc import Mapping
from contextvars import Context
from functools import partial

from rustest.model.hints import TYPE_CHECKING
from rustest.model.plan import LoopPlan
from rustest.model.scope import ScopeInstance
from rustest.run.attempt import Attempt
from rustest.run.checks.leaks import look_for_leaks
from rustest.run.closing import Closing, Done
from rustest.run.driver import TaskDriver
from rustest.run.flight import CloseOwn, Flight, Landed
from rustest.run.hub.hub import Hub
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.stepped import UnknownLoopError
from rustest.run.loop_driver import LoopDriver
from rustest.run.loops import Loop, Loops
from rustest.run.stops.timeouts import Timekeeper

if TYPE_CHECKING:
    from rustest.run.guest.trio_runs import TrioRuns


class Berths:
    """Has loops and runs of trio, and gives tests their places on them."""

    def __init__(self, hub: Hub, timekeeper: Timekeeper) -> None:
        self.loops = Loops(hub, timekeeper.grace)
        self._hub = hub
        self._timekeeper = timekeeper
        self._runs: TrioRuns | None = None

    def driver_for(self, plan: LoopPlan, context: Context, *, has_company: bool) -> TaskDriver:
        """What drives a test that lives there; raises what a `loop_factory` raises, which is the user's own code."""
        if plan.trio is not None:
            return self._driver_in_trio(plan, plan.trio, context)
        loop = self.loops.loop_for(plan)
        if has_company and plan.factory is not None and plan.is_private():
            try:
                self._hub.foreign.step(loop)
            except UnknownLoopError:
                loop.close()
                raise
        return LoopDriver(self._hub, loop, context, self._timekeeper, self.loops.shared_loop)

    def _driver_in_trio(self, plan: LoopPlan, options: Mapping[str, object], context: Context) -> TaskDriver:
        from rustest.run.guest.trio_driver import TrioDriver  # and with it trio
        from rustest.run.guest.trio_runs import TrioRuns

        runs = self._runs = self._runs or TrioRuns(self._hub, self._timekeeper.grace)
        return TrioDriver(self._hub, partial(runs.run_for, plan.instance, options, context), context, self._timekeeper)

    def flight(self, attempt: Attempt, driver: TaskDriver, plan: LoopPlan, landed: Landed) -> Flight:
        """The flight of an attempt that begins to live there; at its end is closed what it has for itself."""
        is_private = plan.is_private()
        if not isinstance(driver, LoopDriver):
            close: CloseOwn = partial(self._close_run, plan.instance)
            return Flight(attempt, driver, landed, close if is_private else None)
        loop = driver.loop
        if isinstance(loop, HubLoop):
            loop.residents.add(attempt)
            if is_private:
                loop.tenant = attempt
        elif is_private:
            self._hub.foreign.settle(loop, attempt)
        self._hub.foreign.hand_waiting_to(loop, attempt if is_private else None)
        return Flight(attempt, driver, landed, partial(self._close_private, loop) if is_private else None)

    def closings(self, flight: Flight) -> list[Closing]:
        """What is to be closed of what the test has lived on; most loops can be closed at once, and are."""
        loop = flight.driver.loop if isinstance(flight.driver, LoopDriver) else None
        closings: list[Closing] = []
        if isinstance(loop, HubLoop):
            loop.residents.discard(flight.attempt)
            if loop.may_have_left() and not flight.is_stuck:
                closings.append(partial(look_for_leaks, self._hub, loop, flight.attempt))
            elif flight.close is not None and loop.is_clean():
                loop.close()
                return closings
        if flight.close is not None:
            closings.append(partial(flight.close, flight.is_stuck))
        return closings

    def _close_private(self, loop: Loop, is_stuck: bool, done: Done) -> None:
        if is_stuck:
            self.loops.abandon(loop)
            done()
        else:
            self.loops.close(loop, done)

    def _close_run(self, instance: ScopeInstance, is_stuck: bool, done: Done) -> None:
        if self._runs is not None and is_stuck:
            self._runs.give_up(instance)
        self.close_run(instance, done)

    def close_run(self, instance: ScopeInstance, done: Done) -> None:
        """End the run of trio of a test or scope, if there is one."""
        if self._runs is not None:
            self._runs.release(instance, done)
        else:
            done()
