"""Whose step is made in a run of trio that several tests share: each is charged with those of its own tasks."""

import trio

from rustest.run.tenant import TENANT, Occupancy


class TaskSteps(trio.abc.Instrument):
    """Told by trio of each step of a task, before it and after it."""

    def __init__(self, occupancy: Occupancy) -> None:
        self._occupancy = occupancy
        self._began: float | None = None

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """Let the test whose task it is have the thread."""
        tenant = task.context.get(TENANT)
        self._began = self._occupancy.take(tenant) if tenant is not None else None

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """Take the thread back, and look at what the step has changed."""
        if self._began is not None:
            self._occupancy.release(self._began)
            if self._occupancy.watch is not None:
                self._occupancy.watch.look(task.context.get(TENANT))
