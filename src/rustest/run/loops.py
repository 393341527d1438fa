"""Event loops by scope instance, and how a loop ends: pending tasks cancelled and awaited, then closed."""

import asyncio
import contextvars
import time
from collections.abc import Callable
from functools import partial

from rustest.model.hints import Any
from rustest.model.loop_policy import PolicyFactory
from rustest.model.plan import LoopPlan
from rustest.model.scope import ScopeInstance
from rustest.run.closing import Done
from rustest.run.hub.debug import LoadedSources
from rustest.run.hub.hub import Hub
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.running import forsake_task, make_task
from rustest.run.stops.limbo import keep_for_good

Loop = asyncio.AbstractEventLoop
_LAST_TURNS = 4
"""How many more turns a loop takes before it is closed, for transports to close: as many as under `asyncio.run`."""


class Loops:
    """Makes loops as tests need them, and closes them as their scopes end."""

    def __init__(self, hub: Hub, grace: float) -> None:
        self._hub = hub
        self._grace = grace
        self._shared: dict[ScopeInstance, Loop] = {}
        self._sources = LoadedSources()
        self._abandoned: list[Loop] = []
        """Kept, so that no finalizer wakes up what still runs on them while tests are in flight."""

    def shut_down(self) -> None:
        """Close what had to be abandoned: no test is in flight any more that could be disturbed."""
        while self._abandoned:
            self._abandoned.pop().close()
        self._sources.let_go()

    def loop_for(self, plan: LoopPlan) -> Loop:
        """The loop of that plan: a new one if it is private, or the one of its scope instance.

        Raises what a user's factory raises, and TypeError if what it makes is no event loop.
        """
        return self._make(plan, for_one=True) if plan.is_private() else self.shared_loop(plan)

    def shared_loop(self, plan: LoopPlan) -> Loop:
        """The loop of a scope instance, or of the fixtures of one test that do not live on its own."""
        loop = self._shared.get(plan.instance)
        if loop is None or loop.is_closed():
            loop = self._shared[plan.instance] = self._make(plan)
        return loop

    def _make(self, plan: LoopPlan, *, for_one: bool = False) -> Loop:
        factory = plan.factory
        loop = self._hub.new_loop(plan.debug) if factory is None else self._make_foreign(plan, factory, for_one)
        if loop.get_debug():
            self._sources.hold()
        return loop

    def _make_foreign(self, plan: LoopPlan, factory: Callable[[], object], for_one: bool) -> Loop:
        loop = self._hub.foreign.make_for_one(factory) if for_one else factory()
        if not isinstance(loop, Loop):
            raise TypeError(f"loop_factory must make an event loop, and it made {loop!r}")
        if isinstance(factory, PolicyFactory):
            self._hub.foreign.policies[loop] = factory.policy
        if plan.debug is not None:
            loop.set_debug(plan.debug)
        return loop

    def close_shared(self, instance: ScopeInstance, done: Done) -> None:
        """Close the loop of a scope instance whose last user has ended."""
        loop = self._shared.pop(instance, None)
        if loop is None:
            done()
        else:
            self.close(loop, done)

    def close(self, loop: Loop, done: Done) -> None:
        """End what still runs on a loop, close it, and call back; what does not end within a grace is abandoned."""
        if loop.is_closed():
            self._hub.foreign.let_rest(loop)
            done()
        elif isinstance(loop, HubLoop) and loop.is_clean():
            loop.close()
            done()
        else:
            self._hub.foreign.hand_waiting_to(loop)
            self._wind_up(loop, done)

    def abandon(self, loop: Loop) -> None:
        """Leave a loop alone for good."""
        tasks = pending_tasks(loop)
        for task in tasks:
            forsake_task(task)
        if isinstance(loop, HubLoop):
            loop.abandon()
        else:
            self._hub.foreign.let_rest(loop)
        keep_for_good(*tasks)
        self._abandoned.append(loop)

    def _wind_up(self, loop: Loop, done: Done) -> None:
        task = make_task(loop, _end_everything(loop, self._grace), contextvars.Context(), "rustest: closing the loop")
        forsake_task(task)  # should it not end either, the loop is abandoned
        ended = partial(self._wound_up, loop, done)
        timer = self._hub.call_at(time.monotonic() + 2 * self._grace, partial(ended, False))

        def task_ended(task: "asyncio.Task[None]") -> None:
            timer.cancel()
            self._hub.call_soon(partial(ended, _went_well(task)))

        task.add_done_callback(task_ended)

    def _wound_up(self, loop: Loop, done: Done, ended: bool) -> None:
        if ended and not pending_tasks(loop):
            self._hub.foreign.close(loop)
        else:
            self.abandon(loop)
        done()


def pending_tasks(loop: Loop) -> set["asyncio.Task[Any]"]:
    """The tasks of a loop that have not ended, the running one left out."""
    if isinstance(loop, HubLoop):
        return loop.pending_tasks()
    running = asyncio.current_task(loop)
    return asyncio.all_tasks(loop) - ({running} if running else set())


async def _end_everything(loop: Loop, grace: float) -> None:
    tasks = pending_tasks(loop)
    for task in tasks:
        task.cancel()
    if tasks:
        _, lingering = await asyncio.wait(tasks, timeout=grace)
        _report_exceptions(loop, tasks)
        if lingering:
            return  # the loop will be abandoned, and its generators may be running
    await loop.shutdown_asyncgens()
    await loop.shutdown_default_executor()
    for _ in range(_LAST_TURNS):
        await asyncio.sleep(0)


def _report_exceptions(loop: Loop, tasks: set["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        if task.done() and not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {
                    "message": "unhandled exception while the loop of a test was closed",
                    "exception": task.exception(),
                    "task": task,
                }
            )


def _went_well(task: "asyncio.Task[None]") -> bool:
    return not task.cancelled() and task.exception() is None
