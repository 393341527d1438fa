"""Which task an exception ended: noted on the exception, because a task group lets go of the task at once."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
from itertools import takewhile

from rustest.model.failure import HOME, TASK_OF, Frame, TaskOrigin, task_that_ended_by
from rustest.model.frames import is_users_file
from rustest.model.hints import Any, cast


def note_failed_task(task: asyncio.Task[Any]) -> None:
    """If a task of the test's has failed, name it to its exception."""
    if task.cancelled():
        return
    error = cast("BaseException | None", getattr(task, "_exception", None))  # asked openly, it counts as retrieved
    if error is not None and task_that_ended_by(error) is None:  # of those that it passes through, the first one
        BaseException.__setattr__(error, TASK_OF, TaskOrigin(task.get_name(), created_at(task)))


def created_at(task: asyncio.Task[Any]) -> Frame | None:
    """The user's line that created a task; known in asyncio's debug mode only, and not there for rustest's own."""
    summary = getattr(task, "_source_traceback", None) or ()
    own = takewhile(lambda frame: not frame.filename.startswith(HOME), reversed(summary))
    users = (frame for frame in own if is_users_file(frame.filename))
    return next((Frame(frame.filename, frame.lineno or 0, frame.name) for frame in users), None)
