"""Whose the tasks of a loop are, and what a task waits for."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
from collections.abc import Iterable, Sequence
from contextvars import Context

from rustest.model.hints import Any, cast
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.watched import AnyTask
from rustest.run.tenant import TENANT, Tenant


def tasks_of(loop: asyncio.AbstractEventLoop, tenant: Tenant) -> set[AnyTask]:
    """The tasks of a tenant that have not ended, as far as can be told on a loop that others share.

    This asks nobody for the tasks of the whole process: many tests may run out of time at once.
    """
    if not isinstance(loop, HubLoop):
        return {task for task in asyncio.all_tasks(loop) if _context_of(task).get(TENANT) is tenant}
    return {task for task, owner in (loop._spawned or {}).items() if owner is tenant and not task.done()}


def _context_of(task: AnyTask) -> Context:
    """The task's context; an empty one before Python 3.12, where it does not say."""
    get_context = getattr(task, "get_context", Context)
    return cast("Context", get_context())


def awaited_by(task: AnyTask) -> "asyncio.Future[Any] | None":
    """The future, which may be a task, that a task is suspended on."""
    return cast("asyncio.Future[Any] | None", getattr(task, "_fut_waiter", None))


def gathered_by(future: "asyncio.Future[Any]") -> Sequence["asyncio.Future[Any]"]:
    """What has not ended of the parts of an `asyncio.gather`; empty for any other future."""
    parts = cast("Iterable[asyncio.Future[Any]]", getattr(future, "_children", ()))
    return [part for part in parts if not part.done()]
