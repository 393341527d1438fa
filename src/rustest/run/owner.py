"""The task in which an async fixture of a wider scope lives, from its set-up to its teardown."""

import asyncio
from functools import partial

from rustest.model.failure import Phase
from rustest.model.frames import Waiting
from rustest.run.awaits import whereabouts
from rustest.run.calls import LOOP_IS_GONE
from rustest.run.driver import Ended, Life
from rustest.run.hub.awaited import tasks_of
from rustest.run.hub.running import error_of, forsake_task, hide_task, make_task, show_task
from rustest.run.limbo import keep_for_good
from rustest.run.loop_driver import LoopDriver
from rustest.run.tenant import Tenant


class Owner:
    """Runs a fixture's life on the loop of its users, in a task that `asyncio.all_tasks` does not list."""

    def __init__(self, tenant: Tenant, life: Life, driver: LoopDriver, died: Ended) -> None:
        self._tenant = tenant
        self._driver = driver
        self._died = died
        self._ended: Ended | None = None
        self._is_given_up = False
        self._release = asyncio.Event()  # not a future, which a cancellation of its waiter would end
        self._task = make_task(driver.loop, life(driver, self._release), driver.context, tenant.name)
        # In its own context, not in that of the test that asked for it first, which would be kept alive.
        self._task.add_done_callback(lambda _: self._end(), context=driver.context)
        hide_task(self._task)
        driver.inside, driver.task, driver.give_up = True, self._task, self._give_up

    def where(self) -> Waiting:
        """Where it waits, and all other tasks of the fixture."""
        return whereabouts(self._task, tasks_of(self._driver.loop, self._tenant))

    def cancel(self) -> None:
        """End a set-up that nobody waits for any more."""
        self._driver.cancel()

    def finish(self, ended: Ended) -> None:
        """Have the teardown run, and call back between steps with its error."""
        if self._task.done() or self._is_given_up:
            ended(None)
        elif self._driver.loop.is_closed():
            forsake_task(self._task)
            ended(RuntimeError(LOOP_IS_GONE))
        else:
            self._ended = ended
            self._release.set()

    def _give_up(self) -> None:
        """Leave alone a task that does not end though it was cancelled."""
        if not self._task.done():
            self._is_given_up = True
            show_task(self._task)  # so that its loop is not closed under it
            forsake_task(self._task)
            keep_for_good(self._task)
            self._end()

    def _end(self) -> None:
        if not self._release.is_set():
            self._died(self._error())
        ended, self._ended = self._ended, None
        if ended is not None:
            self._driver.call_later(0, partial(ended, self._error()))

    def _error(self) -> BaseException | None:
        if not self._task.done():
            clock = self._tenant.clock if self._tenant.phase is Phase.TEARDOWN else None  # users hear of its set-up
            return clock.error() if clock is not None and clock.expired else None
        return error_of(self._task)
