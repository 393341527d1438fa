"""Where tasks of trio wait."""

from collections.abc import Iterator

import trio

from rustest.model.failure import TaskWait, detail_kept
from rustest.model.frames import Waiting, frames_at, is_users, stands

_INSIDE = ("trio.", "outcome.")


def whereabouts_in_trio(own: trio.lowlevel.Task | None) -> Waiting:
    """The user's frames in which a suspended task waits, outermost first, and where it and its children do."""
    waits = tuple(_wait_of(task, is_main=task is own) for task in _family(own))
    return (waits[0].frames[::-1] if waits else ()), waits


def _family(task: trio.lowlevel.Task | None) -> Iterator[trio.lowlevel.Task]:
    if task is not None:
        yield task
        for nursery in task.child_nurseries:
            for child in sorted(nursery.child_tasks, key=lambda child: child.name):
                yield from _family(child)


def _wait_of(task: trio.lowlevel.Task, *, is_main: bool) -> TaskWait:
    chain = [frame for frame, _ in task.iter_await_frames()]
    users = [frame for frame in chain if is_users(frame.f_code) and not _is_trios(frame.f_globals.get("__name__"))]
    frames = frames_at([stands(frame) for frame in users], detail_kept(), with_values=is_main)
    beyond = chain[chain.index(users[-1]) + 1 :] if users else []
    return TaskWait(task.name, frames[::-1], f"trio.{beyond[0].f_code.co_name}" if beyond else "")


def _is_trios(module: object) -> bool:
    return isinstance(module, str) and f"{module}.".startswith(_INSIDE)
