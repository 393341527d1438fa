"""What asyncio believes to be running: set for each step, set aside around sync code."""

# pyright: reportPrivateUsage=false
# This folder is where asyncio's private names are touched; a check at start-up sees to it that they are there.

import asyncio
import sys
from asyncio import events
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from contextvars import Context

from rustest.model.hints import Any, TypeVar, cast
from rustest.run.hub.loop import HubLoop

_T = TypeVar("_T")
_DEBUG_DEPTH = 10
"""How many frames a coroutine's origin has in debug mode, as in asyncio."""


def let_run(loop: HubLoop) -> None:
    """Make this the loop that runs in this thread, in the place of the one before."""
    events._set_running_loop(loop)
    sys.set_asyncgen_hooks(loop._asyncgen_firstiter_hook, loop._asyncgen_finalizer_hook)
    sys.set_coroutine_origin_tracking_depth(_DEBUG_DEPTH if loop._debug else 0)


def let_none_run() -> None:
    """Let no loop be running."""
    events._set_running_loop(None)
    sys.set_asyncgen_hooks(None, None)
    sys.set_coroutine_origin_tracking_depth(0)


@contextmanager
def no_running_loop() -> Generator[None, None, None]:
    """Set aside the loop that runs in this thread, if rustest itself was called from a coroutine."""
    outer, hooks = events._get_running_loop(), sys.get_asyncgen_hooks()
    depth = sys.get_coroutine_origin_tracking_depth()
    let_none_run()
    try:
        yield
    finally:
        events._set_running_loop(outer)
        sys.set_asyncgen_hooks(*hooks)
        sys.set_coroutine_origin_tracking_depth(depth)


def make_task(
    loop: asyncio.AbstractEventLoop, coro: Coroutine[Any, Any, _T], context: Context, name: str
) -> asyncio.Task[_T]:
    """Make a task of rustest's own, past any task factory that the tests have set."""
    return asyncio.Task(coro, loop=loop, name=name, context=context)


@contextmanager
def current_event_loop(loop: asyncio.AbstractEventLoop) -> Generator[None, None, None]:
    """Have `asyncio.get_event_loop()` answer with this loop in sync code, and afterwards as it did before."""
    slot = _slot_of_current_loop()
    before = dict(slot or {})
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        if slot is None:
            asyncio.set_event_loop(None)
        else:
            slot.clear()
            slot.update(before)


@contextmanager
def policy_in_force(policy: object, loop: asyncio.AbstractEventLoop) -> Generator[None, None, None]:
    """Have asyncio go by the policy that has made this loop, and afterwards by the one before."""
    before, set_policy = _of_policies("get")(), _of_policies("set")
    set_policy(policy)
    try:
        with current_event_loop(loop):
            yield
    finally:
        set_policy(before)


def _of_policies(verb: str) -> Callable[..., object]:
    """What gets or sets asyncio's policy; from 3.14 on the public function warns, and a private one is there."""
    found = getattr(events, f"_{verb}_event_loop_policy", None) or getattr(events, f"{verb}_event_loop_policy")
    return cast("Callable[..., object]", found)


def _slot_of_current_loop() -> dict[str, object] | None:
    """Where asyncio's own policies keep this thread's loop; None under a policy of the user's own."""
    local = getattr(_of_policies("get")(), "_local", None)
    return cast("dict[str, object]", vars(local)) if local is not None else None


def error_of(task: "asyncio.Task[Any]") -> BaseException | None:
    """What a task that has ended let out, its cancellation included."""
    try:
        return task.exception()
    except asyncio.CancelledError as cancelled:
        return cancelled


def hide_task(task: "asyncio.Task[Any]") -> None:
    """Keep a task of rustest's own out of `asyncio.all_tasks()`, where tests would gather or cancel it."""
    asyncio.tasks._unregister_task(task)


def show_task(task: "asyncio.Task[Any]") -> None:
    """Let `asyncio.all_tasks()` list a hidden task after all."""
    asyncio.tasks._register_task(task)


def forsake_task(task: "asyncio.Task[Any]") -> None:
    """Let a task that cannot be ended be destroyed one day without asyncio's complaint: it has been reported."""
    task._log_destroy_pending = False  # type: ignore[attr-defined]
