"""Hiring: whether workers are forked, spawned or asked of a cluster, and a crew of them for one run."""

import _thread
import os
import socket
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from importlib import import_module

from rustest.model.choices import WorkerStart
from rustest.model.errors import UsageError
from rustest.model.plan import Plan
from rustest.output.routing import Routing
from rustest.run.station import Perform
from rustest.workers.crew import Crew
from rustest.workers.keeper import Employer, Keeper, fork_keeper
from rustest.workers.work import Assignment, Work
from rustest.workers.worker import Worker, end_process, forget_parents_end

Prepare = Callable[[], AbstractContextManager[None]]


@contextmanager
def hired(plan: Plan, routing: Routing, assignment: Assignment, prepare: Prepare) -> Generator[Perform]:
    """A crew for that plan, for the time of the block; entered before the process has a second thread of rustest's.

    `prepare` is what each forked worker does around its part of the run. Raises UsageError where workers cannot be
    started as the settings ask.
    """
    keeper: Employer
    if assignment.settings.dask is not None:
        from rustest.workers.dask_keeper import DaskKeeper

        keeper = DaskKeeper(assignment, assignment.settings.dask)
        work = Work(plan, routing, keeper.assignment)
    else:
        work = Work(plan, routing, assignment)
        keeper = _make_keeper(work, prepare)
    try:
        yield Crew(work, keeper).run
    finally:
        keeper.dismiss()


def _make_keeper(work: Work, prepare: Prepare) -> Keeper:
    if "fork" not in vars(os):
        raise UsageError("workers need a system that can fork or spawn as Linux and macOS do: leave out -n")
    match work.assignment.settings.worker_start:
        case WorkerStart.FORK:
            is_forked = True
        case WorkerStart.SPAWN:
            is_forked = False
        case WorkerStart.AUTO:
            is_forked = _threads() == 1
    if is_forked:
        if any(step.loop for step in work.plan.runs()):
            import_module("rustest.run.loop_lane")  # once, and not in each worker
        return fork_keeper(partial(_serve, work, prepare))
    from rustest.workers.spawning import spawn_keeper

    return spawn_keeper(work.assignment)


def _threads() -> int:
    """How many threads this process has; on Linux also those of which Python knows nothing."""
    with suppress(OSError):
        return len(os.listdir("/proc/self/task"))
    return 1 + _thread._count()  # pyright: ignore[reportPrivateUsage] -- for those that threading has not started


def _serve(work: Work, prepare: Prepare, number: int, channel: socket.socket, record: int) -> None:
    forget_parents_end()
    work.routing.settle_in_fork()
    with prepare():
        Worker(work, number, channel, record).serve()
    end_process()
