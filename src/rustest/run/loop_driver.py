"""The driver of an attempt that lives on a loop: it goes in and out as sync and async parts take turns."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import Context
from functools import partial

from rustest.model.debuggers import debugger_attached
from rustest.model.frames import Waiting
from rustest.model.hints import Any, TypeVar
from rustest.model.plan import LoopPlan
from rustest.run.commuter import Commuter
from rustest.run.driver import Ended, Event, Life, OwnerTask
from rustest.run.hub.awaited import tasks_of
from rustest.run.hub.hub import Hub
from rustest.run.hub.running import current_event_loop, error_of, forsake_task, make_task, no_running_loop
from rustest.run.questions.awaits import whereabouts
from rustest.run.stops.timeouts import Clock, Ladder, Timekeeper
from rustest.run.tenant import TENANT, Tenant

_T = TypeVar("_T")
LoopOf = Callable[[LoopPlan], asyncio.AbstractEventLoop]
"""Gives the loops on which fixtures live that do not live on their test's."""
_OPEN: AbstractContextManager[None] = nullcontext()


class _Answer(asyncio.Future[_T]):
    """What a sync call will return. Once the call has begun, its task is cancelled no earlier than it ends.

    The call may drive the task's own loop; a task woken there would find its context in use by the call.
    """

    is_being_made = False

    def cancel(self, msg: object = None) -> bool:
        """Cancel the call, unless it is too late for that: the task is told then that it has to wait."""
        return not self.is_being_made and super().cancel(msg)


class LoopDriver(Commuter):
    """Starts between the hub's steps, enters the loop when something async comes up, and bounces out for sync calls.

    Sync code never sees a running loop, so that fixtures may call `asyncio.run`; `asyncio.get_event_loop()` gives it
    the test's own.
    """

    cancelled: tuple[type[BaseException], ...] = (asyncio.CancelledError,)
    task: asyncio.Task[None] | None = None
    _strays: tuple[asyncio.Task[None] | None, ...] = ()

    def __init__(
        self, hub: Hub, loop: asyncio.AbstractEventLoop, context: Context, timekeeper: Timekeeper, loop_of: LoopOf
    ) -> None:
        super().__init__(hub, context, timekeeper)
        self.loop = loop
        self._loop_of = loop_of

    def branch(self, context: Context, loop: LoopPlan | None) -> "LoopDriver":
        """A driver for another task, on that loop or else on the same one."""
        found = self.loop if loop is None else self._loop_of(loop)
        return LoopDriver(self._hub, found, context, self._timekeeper, self._loop_of)

    # --- tasks ----------------------------------------------------------------------------------------------

    def go_on(self, coroutine: Coroutine[Any, Any, None], name: str, ended: Ended) -> None:
        """Resume the coroutine in a task of the loop, and call `ended` with what it lets out, between steps."""
        if self.loop.is_closed():
            return  # a sync fixture has done that, and `come_down` is about to be called
        task = self.task = make_task(self.loop, coroutine, self.context, name)
        self._hub.when_done(task, partial(self._over, task, ended))

    def _over(self, task: asyncio.Task[None], ended: Ended) -> None:
        if task is self.task:
            ended(error_of(task))

    def own(self, tenant: Tenant, life: Life, died: Ended) -> OwnerTask:
        """Start a fixture's life in a task of its own, whose driver this is."""
        from rustest.run.fixtures.owner import Owner

        return Owner(tenant, life, self, died, self._hub)

    def where(self) -> Waiting:
        """Where the task waits."""
        return whereabouts(self.task, ())

    def forsake(self) -> None:
        """Let asyncio not complain of a task that cannot be ended."""
        if self.task is not None:
            forsake_task(self.task)

    def event(self) -> Event:
        """Something to wait for on the loop."""
        return asyncio.Event()

    def signal(self, event: Event) -> None:
        """Set it."""
        event.set()

    def guard(self) -> AbstractContextManager[None]:
        """Change nothing: a task of asyncio's can be cancelled as it is."""
        return _OPEN

    # --- in and out -----------------------------------------------------------------------------------------

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make a sync call between steps."""
        if not self.inside:
            return self.make(call)
        answer: _Answer[_T] = _Answer(loop=self.loop)
        self._hub.call_soon(partial(self._answer, answer, call))
        return await answer

    @contextmanager
    def aside(self) -> Generator[None, None, None]:
        """Make sync calls at once, with no loop running, for sync code that asks in the middle of a step."""
        with super().aside(), no_running_loop():
            yield

    def make(self, call: Callable[[], _T]) -> _T:
        """Make a sync call here and now."""
        tenant = TENANT.get()
        with (
            self._hub.foreign.ruling(self.loop),
            current_event_loop(self.loop),
            self._hub.occupancy.held_by(tenant) if tenant else nullcontext(),
        ):
            return call()

    def _answer(self, answer: "_Answer[_T]", call: Callable[[], _T]) -> None:
        if answer.done():
            return  # cancelled while it waited for its turn: the call must not be made any more
        answer.is_being_made = True
        try:
            result = self.context.run(self.make, call)
        except StopIteration as exc:  # the one exception that no future takes
            error = RuntimeError("StopIteration was raised")
            error.__cause__ = exc
            self._resume(partial(answer.set_exception, error))
        except BaseException as exc:
            self._resume(partial(answer.set_exception, exc))
        else:
            self._resume(partial(answer.set_result, result))
            del result
        finally:
            del answer, call  # an exception's traceback leads back to this frame: it would hold itself

    def _resume(self, with_answer: Callable[[], None]) -> None:
        if not self.loop.is_closed():  # the call may have done that, and the attempt ends another way
            with_answer()

    # --- time -----------------------------------------------------------------------------------------------

    def run_out(self, clock: Clock) -> None:
        """Cancel the task, whose time is up; if the watchdog was first and has raised in it, after a grace."""
        if debugger_attached():
            clock.disarm()
        elif clock.expired:
            self._after_grace(partial(self._cancel_within, clock))
        else:
            clock.expire(*whereabouts(self.task, tasks_of(self.loop, clock.tenant)))
            self.cancel()

    def _cancel_within(self, clock: Clock) -> None:
        if clock.tenant.clock is clock:
            self.cancel()

    def cancel(self) -> None:
        """Cancel the task, rung by rung, until it ends or `calm` is called."""
        if self._ladder is None and self.task is not None:
            self._ladder = Ladder(self.task, self._after_grace, self._give_up)
            self._ladder.climb()

    def _give_up(self) -> None:
        self._strays = (*self._strays, self.task)
        self._ladder = None
        self.give_up()

    def is_stray(self) -> bool:
        """Whether the code that runs is in a task that was given up, and goes on all the same."""
        return bool(self._strays) and asyncio.current_task(self.loop) in self._strays

    def lose_loop(self) -> None:
        """End the attempt without the loop, which was closed."""
        self._hub.call_soon(self.come_down)

    def calm(self) -> None:
        """Take no more rungs, and take the cancellations back, unless it is a stray task that asks."""
        if self.is_stray():
            return
        ladder, self._ladder = self._ladder, None
        if ladder is not None and self.task is not None:
            ladder.stop()
            for _ in range(ladder.cancellations):
                self.task.uncancel()
