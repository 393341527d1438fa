"""The driver of an attempt that lives in a run of trio.

Trio has no way to cancel a task once: it cancels a scope, and all that is awaited in it. So each async call has a
scope of its own, a guard, around it; that of a fixture that yields stays open until the fixture is torn down. As
set-ups and teardowns mirror each other, guards nest with whatever scopes the fixtures themselves leave open.
"""

from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager, nullcontext, suppress
from contextvars import Context
from functools import partial

import outcome
import trio

from rustest.model.frames import Waiting
from rustest.model.hints import Any, TypeVar
from rustest.model.plan import LoopPlan
from rustest.run.commuter import Commuter
from rustest.run.driver import Ended, Event, Life, OwnerTask
from rustest.run.guest.trio_run import RunRefusedError, TrioRun, TrioTask
from rustest.run.guest.trio_waits import whereabouts_in_trio
from rustest.run.hub.hub import Hub
from rustest.run.stops.timeouts import Clock, Ladder, Timekeeper
from rustest.run.tenant import TENANT, Tenant

_T = TypeVar("_T")


class Withdrawn(BaseException):
    """What an async call ends with that its guard has cancelled."""


class TrioDriver(Commuter):
    """Starts between trio's steps, enters its run when something async comes up, and leaves it for sync calls."""

    cancelled: tuple[type[BaseException], ...] = (trio.Cancelled, Withdrawn)

    def __init__(self, hub: Hub, run: Callable[[], TrioRun], context: Context, timekeeper: Timekeeper) -> None:
        super().__init__(hub, context, timekeeper)
        self._run = run
        self._home: TrioRun | None = None
        """The run, once there is one."""
        self._task: TrioTask | None = None
        self._guards: list[trio.CancelScope] = []
        self._is_cancelled = False
        self._strays: list[TrioTask | None] = []

    def branch(self, context: Context, loop: LoopPlan | None) -> "TrioDriver":
        """A driver for another task of the same run."""
        return TrioDriver(self._hub, self._run, context, self._timekeeper)

    # --- in and out -----------------------------------------------------------------------------------------

    def go_on(self, coroutine: Coroutine[Any, Any, None], name: str, ended: Ended) -> None:
        """Resume the coroutine in a task of trio's, and call `ended` with what it lets out, between steps."""
        holder: list[TrioTask] = []

        def over(error: BaseException | None) -> None:
            if self._task is holder[0]:
                ended(error)

        try:
            self._home = self._run()
            self._task = self.context.run(self._home.spawn, coroutine, name, self.context, over)
        except RunRefusedError as error:
            with suppress(StopIteration):
                self.context.run(coroutine.throw, error)
            self._hub.call_soon(partial(ended, None))
        else:
            holder.append(self._task)

    def own(self, tenant: Tenant, life: Life, died: Ended) -> OwnerTask:
        """Start a fixture's life in a task of its own, whose driver this is."""
        from rustest.run.guest.trio_owner import TrioOwner

        return TrioOwner(tenant, life, self, died)

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make a sync call between steps; a cancellation waits until it has been made."""
        if not self.inside:
            return self.make(call)
        event, answers = trio.Event(), list[outcome.Value[_T] | outcome.Error]()

        def answer() -> None:
            answers.append(self.context.run(outcome.capture, self.make, call))
            self._run().call_soon(event.set)

        self._hub.call_soon(answer)
        with trio.CancelScope(shield=True), self._run().held_still():
            await event.wait()
        return answers.pop().unwrap()

    def make(self, call: Callable[[], _T]) -> _T:
        """Make a sync call here and now; once the test lives in a run, the call may start tasks there."""
        tenant, run = TENANT.get(), self._home
        with (
            self._hub.occupancy.held_by(tenant) if tenant else nullcontext(),
            run.in_place() if run is not None else nullcontext(),
        ):
            return call()

    def event(self) -> Event:
        """Something to wait for in the run."""
        return trio.Event()

    def signal(self, event: Event) -> None:
        """Set it, between steps or in one."""
        self._run().call_soon(event.set)

    # --- time -----------------------------------------------------------------------------------------------

    @contextmanager
    def guard(self) -> Generator[None, None, None]:
        """A scope around what is awaited inside, by which it can be cancelled; raises Withdrawn if it was."""
        scope = trio.CancelScope()
        if self._is_cancelled:
            scope.cancel()
        self._guards.append(scope)
        try:
            with scope:
                yield
        finally:
            self._guards.remove(scope)
        if scope.cancelled_caught:
            raise Withdrawn

    def run_out(self, clock: Clock) -> None:
        """Cancel what runs, whose time is up."""
        if not clock.expired:
            clock.expire(*self.where())
        self.cancel()

    def cancel(self) -> None:
        """Cancel the innermost guard; if the task does not end within two graces, give it up."""
        if self._ladder is None and self._task is not None:
            self._is_cancelled = True
            self._ladder = Ladder(_Cancelling(self._cancel_innermost), self._after_grace, self._give_up)
            self._ladder.climb()

    def _cancel_innermost(self) -> None:
        if self._guards:
            self._run().call_soon(self._guards[-1].cancel)

    def _give_up(self) -> None:
        self._strays.append(self._task)
        self._ladder = None
        self.give_up()

    def is_stray(self) -> bool:
        """Whether the code that runs is in a task that was given up."""
        if not (self._strays and trio.lowlevel.in_trio_task()):
            return False
        current = trio.lowlevel.current_task()
        return any(stray is not None and stray.task is current for stray in self._strays)

    def lose_loop(self) -> None:
        """Do nothing: nobody can close a run of trio."""

    def calm(self) -> None:
        """Take no more rungs, and let what comes next be awaited undisturbed."""
        if not self.is_stray():
            ladder, self._ladder, self._is_cancelled = self._ladder, None, False
            if ladder is not None:
                ladder.stop()

    def where(self) -> Waiting:
        """The user's frames in which the task waits, outermost first, and where all of its tasks do."""
        return whereabouts_in_trio(self._task.task if self._task is not None else None)

    def forsake(self) -> None:
        """Do nothing: trio does not complain of tasks that have not ended."""


class _Cancelling:
    """What the ladder takes for a task."""

    def __init__(self, cancel: Callable[[], None]) -> None:
        self._cancel = cancel

    def cancel(self) -> bool:
        """Ask it to end."""
        self._cancel()
        return True
