"""One test in flight: an attempt on its loop, from take-off to landing."""

from collections.abc import Callable, Coroutine
from contextvars import Context
from functools import partial
from typing import Any

from rustest.model.outcome import Outcome
from rustest.run.attempt import Attempt
from rustest.run.hub.hub import Hub
from rustest.run.hub.running import make_task
from rustest.run.loop_driver import LoopDriver
from rustest.run.tenant import TENANT

Landed = Callable[["Flight", Outcome], None]


class Flight:
    """Takes an attempt through its loop, and hears when it is over, cannot be ended, or has lost its loop."""

    def __init__(self, hub: Hub, attempt: Attempt, driver: LoopDriver, landed: Landed) -> None:
        self.attempt = attempt
        self.driver = driver
        self.is_stuck = False
        self._hub = hub
        self._landed = landed
        self._context: Context = driver.context
        self._is_over = False
        driver.give_up = self._give_up
        driver.come_down = self._land

    def take_off(self) -> None:
        """Begin, between steps: the sync fixtures that come first are set up at once."""
        self._context.run(TENANT.set, self.attempt)
        coroutine = self.attempt.run()
        try:
            self._context.run(coroutine.send, None)
        except StopIteration:
            self._land()
        else:
            self._go_on_in_task(coroutine)

    def _go_on_in_task(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = make_task(self.driver.loop, coroutine, self._context, self.attempt.name)
        self.driver.task = task
        task.add_done_callback(lambda _: self._hub.call_soon(partial(self._task_ended, task)))

    def _task_ended(self, task: object) -> None:
        if task is self.driver.task:
            self._land()

    def _give_up(self) -> None:
        self.is_stuck = True
        self.attempt.give_up()
        self._go_on_in_task(self.attempt.tear_down_async())

    def _land(self) -> None:
        if self._is_over:
            return
        self._is_over = True
        self.driver.inside = False
        self._landed(self, self._context.run(self.attempt.finish))
