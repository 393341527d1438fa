"""Debuggers, which hold the process while their user thinks, and talk to him."""

import sys
from types import FrameType

DEBUGGERS = frozenset({"bdb", "pdb", "pydevd", "_pydevd_bundle", "pudb", "debugpy", "IPython"})
"""The packages that they are made of."""
_OURS = "rustest"


def held_by_debugger(frame: FrameType | None) -> bool:
    """Whether a debugger is at work here, in the middle of a test's code."""
    if DEBUGGERS.isdisjoint(sys.modules):
        return False
    while frame is not None and package_of(frame) != _OURS:
        if package_of(frame) in DEBUGGERS:
            return True
        frame = frame.f_back
    return False


def speaks_for_debugger() -> bool:
    """Whether it is a debugger that has called rustest here, to write something."""
    if DEBUGGERS.isdisjoint(sys.modules):
        return False
    frame: FrameType | None = sys._getframe()  # pyright: ignore[reportPrivateUsage] # documented all the same
    while frame is not None and package_of(frame) == _OURS:
        frame = frame.f_back
    return held_by_debugger(frame)


def package_of(frame: FrameType) -> str:
    """The outermost package that the frame's code belongs to."""
    return str(frame.f_globals.get("__name__", "")).partition(".")[0]
