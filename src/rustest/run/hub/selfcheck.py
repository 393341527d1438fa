"""A check, before the first loop is made, that this Python's asyncio is the one that the hub knows how to step."""

import asyncio
import selectors
from asyncio import base_events, events, selector_events

from rustest.model.errors import UsageError

_LOOP_METHODS = ("_call_soon", "_process_events", "_check_closed", "_make_self_pipe", "_close_self_pipe")
_LOOP_HOOKS = ("_asyncgen_firstiter_hook", "_asyncgen_finalizer_hook", "_write_to_self", "_process_self_data")
_LOOP_STATE = ("_ready", "_scheduled", "_stopping", "_thread_id", "_debug", "_timer_cancelled_count", "_asyncgens")
_HANDLE_NAMES = ("_run", "_cancelled", "_context")


def check_asyncio() -> None:
    """Raise UsageError if a private name that the hub relies on is missing, or selectors cannot be nested."""
    missing = [name for name in _LOOP_METHODS + _LOOP_HOOKS if not hasattr(selector_events.BaseSelectorEventLoop, name)]
    missing += [name for name in _HANDLE_NAMES if not hasattr(events.Handle, name)]
    missing += [name for name in ("_set_running_loop", "_get_running_loop") if not hasattr(events, name)]
    missing += [] if hasattr(asyncio.tasks, "_unregister_task") else ["_unregister_task"]
    missing += _missing_state() if not missing else []
    if not hasattr(selectors.DefaultSelector, "fileno"):
        missing.append("a selector with a descriptor (epoll or kqueue)")
    if missing:
        raise UsageError(
            f"async tests cannot run here: this Python's asyncio lacks {', '.join(missing)}, on which rustest relies; "
            "please report it, with the version of Python and the name of the system"
        )


def _missing_state() -> list[str]:
    loop = base_events.BaseEventLoop()
    try:
        return [name for name in _LOOP_STATE if not hasattr(loop, name)]
    finally:
        loop.close()
