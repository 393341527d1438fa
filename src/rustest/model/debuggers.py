"""Debuggers: whether one is at work, so that clocks stop and nobody writes over its prompt."""

import sys
from types import FrameType

from rustest.model.frames import package_of

_DEBUGGERS = frozenset({"bdb", "pdb", "pydevd", "_pydevd_bundle", "pudb", "debugpy", "IPython"})


def held_by_debugger(frame: FrameType | None) -> bool:
    """Whether a debugger waits for its user in the middle of a test's code."""
    if _DEBUGGERS.isdisjoint(sys.modules):
        return False
    while frame is not None and package_of(frame) != "rustest":
        if package_of(frame) in _DEBUGGERS:
            return True
        frame = frame.f_back
    return False


def debugger_attached() -> bool:
    """Whether a debugger traces this thread."""
    monitoring = getattr(sys, "monitoring", None)  # from 3.12 on
    if monitoring is not None and monitoring.get_tool(monitoring.DEBUGGER_ID) is not None:
        return True
    trace = sys.gettrace()
    module = getattr(trace, "__module__", None) or type(trace).__module__
    return trace is not None and module.partition(".")[0] in _DEBUGGERS


def has_quit_debugger(exc: BaseException) -> bool:
    """Whether it comes of a debugger whose user has quit it."""
    if "bdb" not in sys.modules:  # without which nobody can raise it
        return False
    from bdb import BdbQuit

    return isinstance(exc, BdbQuit)
