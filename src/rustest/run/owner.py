"""The task in which an async fixture of a wider scope lives, from its set-up to its teardown."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from functools import partial
from typing import Any

from rustest.run.awaits import where_waits
from rustest.run.hub.running import hide_task, make_task
from rustest.run.timeouts import Ladder, LimitExceeded

Ended = Callable[[BaseException | None], None]
Life = Callable[["asyncio.Future[None]"], Coroutine[Any, Any, None]]
"""A fixture's whole life as a coroutine, which waits for the future between set-up and teardown."""
CallLater = Callable[[float, Callable[[], None]], object]
"""Makes a call between steps, so many seconds from now."""


class Owner:
    """Runs a fixture's life on the loop of its users, in a task that `asyncio.all_tasks` does not list."""

    def __init__(self, name: str, life: Life, context: Context, died: Ended, call_later: CallLater) -> None:
        loop = asyncio.get_running_loop()
        self._name = name
        self._call_later = call_later
        self._died = died
        self._release = loop.create_future()
        self._task = make_task(loop, life(self._release), context, f"fixture {name}")
        self._task.add_done_callback(self._task_ended)
        self._late: LimitExceeded | None = None
        hide_task(self._task)

    def where(self) -> tuple[Any, ...]:
        """The user's frames in which it waits, outermost first."""
        return where_waits(self._task)

    def cancel(self) -> None:
        """End a set-up that nobody waits for any more."""
        self._task.cancel()

    def _task_ended(self, task: "asyncio.Task[None]") -> None:
        if not self._release.done():
            self._died(_error_of(task))

    def finish(self, limit: float | None, grace: float, ended: Ended) -> None:
        """Have the teardown run, and call back between steps; past `limit` seconds it climbs the ladder."""
        if self._task.done():
            ended(None)
            return

        def over(_: object = None) -> None:
            ladder.stop()
            self._call_later(0, partial(ended, self._late or _error_of(self._task)))

        ladder = Ladder(self._task, lambda rung: self._call_later(grace, rung), over)
        self._task.add_done_callback(over)
        if limit is not None:
            self._call_later(limit, partial(self._be_late, limit, ladder))
        self._release.set_result(None)

    def _be_late(self, limit: float, ladder: Ladder) -> None:
        if not self._task.done():
            message = f"Fixture '{self._name}' teardown timed out after {float(limit)} seconds"
            self._late = LimitExceeded(message, self.where())
            ladder.climb()


def _error_of(task: "asyncio.Task[None]") -> BaseException | None:
    return task.exception() if task.done() and not task.cancelled() else None
