"""A check, before the first loop is made, that this Python's asyncio is the one that the hub knows how to step."""

import asyncio
import selectors
from asyncio import base_events, events, selector_events, tasks
from types import FunctionType

from rustest.model.errors import UsageError
from rustest.model.hints import cast

_NEEDED: tuple[tuple[object, tuple[str, ...]], ...] = (
    (
        selector_events.BaseSelectorEventLoop,
        ("_call_soon", "_process_events", "_check_closed", "_check_running", "_make_self_pipe", "_close_self_pipe"),
    ),
    (
        selector_events.BaseSelectorEventLoop,
        ("_asyncgen_firstiter_hook", "_asyncgen_finalizer_hook", "_write_to_self", "_process_self_data"),
    ),
    (events.Handle, ("_run", "_callback", "_cancelled", "_context", "_source_traceback")),
    (events.TimerHandle, ("_when", "_scheduled")),
    (events, ("_set_running_loop", "_get_running_loop")),
    (tasks, ("_register_task", "_unregister_task", "_PyTask")),
    (asyncio.Task, ("_log_destroy_pending", "_log_traceback", "_source_traceback")),
)
_STATE = ("_ready", "_scheduled", "_stopping", "_thread_id", "_debug", "_timer_cancelled_count", "_asyncgens")
_MORE_STATE = ("_clock_resolution", "_default_executor", "_closed", "_executor_shutdown_called")
_PIPE = ("_ssock", "_csock")
"""What a loop's own wake-up pipe is kept in, once it is made."""
_OF_SELECTORS = ("_selector", "_transports")
_OF_SIGNALS = ("_signal_handlers",)
"""What constructors of loops set that cannot be made here without a loop to close."""


def check_asyncio() -> None:
    """Raise UsageError if a private name that the hub relies on is missing, or selectors cannot be nested."""
    missing = [name for holder, names in _NEEDED for name in names if not hasattr(holder, name)]
    missing += _missing_state() if not missing else []
    if not hasattr(selectors.DefaultSelector, "fileno"):
        missing.append("a selector with a descriptor (epoll or kqueue)")
    if missing:
        raise UsageError(
            f"async tests cannot run here: this Python's asyncio lacks {', '.join(missing)}, on which rustest relies; "
            "please report it, with the version of Python and the name of the system"
        )


def _missing_state() -> list[str]:
    makers: tuple[tuple[object, tuple[str, ...]], ...] = (
        (cast("object", selector_events.BaseSelectorEventLoop._make_self_pipe), _PIPE),  # type: ignore[attr-defined]
        (selector_events.BaseSelectorEventLoop.__init__, _OF_SELECTORS),
        (asyncio.SelectorEventLoop.__init__, _OF_SIGNALS),
    )
    missing = [name for maker, names in makers for name in names if name not in _names_in(maker)]
    loop = base_events.BaseEventLoop()
    try:
        return missing + [name for name in _STATE + _MORE_STATE if not hasattr(loop, name)]
    finally:
        loop.close()


def _names_in(function: object) -> tuple[str, ...]:
    return cast("FunctionType", function).__code__.co_names
