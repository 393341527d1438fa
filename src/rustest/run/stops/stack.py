"""What the main thread is in the middle of: where it stands, and whether an exception may be raised there.

An exception that a signal's handler raises can come up between any two instructions. In a test's code, or a library's
that it calls, that is as good as if the code had raised it by itself. In the middle of asyncio, of trio, of rustest or
of an import it would leave behind state that is half changed and that others rely on. So the innermost frame decides.
The rest of the standard library says nothing by itself, for `weakref` may be at work for asyncio and `queue` for the
test: there, the frame decides that called it.
"""

import sys
from types import FrameType

from rustest.model.frames import STDLIB, Waiting, module_of, package_of, user_stack
from rustest.model.hints import TYPE_CHECKING

if TYPE_CHECKING:
    from dis import Instruction

_IMPORTS = ("importlib", "_frozen_importlib", "_frozen_importlib_external")
_FRAGILE = frozenset({"asyncio", "trio", "outcome", "rustest", *_IMPORTS})
_HUB = "rustest.run.hub.hub"
_LOOPS = ("asyncio.", "rustest.run.hub.loop", "rustest.run.hub.selector", "rustest.model.given")
_WAITING = (*_LOOPS, _HUB)
_RUN_FOREIGN_LOOPS = frozenset({"rustest.run.hub.foreign_loop", "rustest.run.hub.stepped"})
_SENDERS = frozenset({"interrupt_main", "kill", "killpg", "pthread_kill", "raise_signal"})


def may_interrupt(frame: FrameType | None) -> bool:
    """Whether an exception may be raised here: the innermost code is the user's, or a library's that he called."""
    if (runner := who_runs_loop(frame)) is not None:
        return package_of(runner) not in _FRAGILE  # but for users it may be unittest, in an IsolatedAsyncioTestCase
    while frame is not None:
        if package_of(frame) in _FRAGILE:
            return False
        if not _is_of_stdlib(frame):
            return True
        frame = frame.f_back
    return False


def waits_in_foreign_loop(frame: FrameType | None) -> bool:
    """Whether a loop of the user's own kind is at work here, and nobody's code: its tests wait, or stand in C."""
    return frame is not None and module_of(frame) in _RUN_FOREIGN_LOOPS


def is_importing(frame: FrameType | None) -> bool:
    """Whether Python's own import is at work here: one that began in the middle of it would spoil its locks."""
    return frame is not None and package_of(frame) in _IMPORTS


def has_sent_signal(frame: FrameType | None) -> bool:
    """Whether the code that runs here is in the middle of a call that sends signals: then it was no user who did."""
    if frame is None or _SENDERS.isdisjoint(frame.f_code.co_names):
        return False
    from dis import get_instructions

    *before, call = (one for one in get_instructions(frame.f_code) if one.offset <= frame.f_lasti)
    return any(one.argval in _SENDERS and _begin_together(one, call) for one in before)


def _begin_together(name: "Instruction", call: "Instruction") -> bool:
    """Whether they stand at one place in the source: what is called is written where the call begins."""
    places = [one.positions and (one.positions.lineno, one.positions.col_offset) for one in (name, call)]
    return places[0] == places[1]


def who_runs_loop(frame: FrameType | None) -> FrameType | None:
    """Who runs the loop that waits for its selector here; None where none does.

    The hub runs the loops of tests; in a sync test, the user's code may call `asyncio.run`, or rustest itself. While a
    loop waits it is in the middle of nothing.
    """
    if frame is None or frame.f_code.co_name != "select":
        return None
    while frame is not None and module_of(frame) == "selectors":
        frame = frame.f_back
    if frame is None or not module_of(frame).startswith(_WAITING):
        return None
    # Where a hub waits though a test holds the thread, it is that of another run, which the test has begun.
    is_part = _is_of_run if module_of(frame) == _HUB else _is_of_loop
    while frame is not None and is_part(frame):
        frame = frame.f_back
    return frame


def where_stands(frame: FrameType | None) -> Waiting:
    """The user's frames of running code, outermost first; where a loop waits, who runs it, and where its tasks wait."""
    runner = who_runs_loop(frame)
    if runner is None:
        return user_stack(frame), ()
    from rustest.run.questions.awaits import whereabouts_of_loop

    return whereabouts_of_loop(frame, runner, user_stack(runner))


def _is_of_loop(frame: FrameType) -> bool:
    return module_of(frame).startswith(_LOOPS)


def _is_of_run(frame: FrameType) -> bool:
    return package_of(frame) == "rustest" or _is_of_stdlib(frame)


def _is_of_stdlib(frame: FrameType) -> bool:
    """By name and place: a user's module may be called `code`, and site-packages may lie in the standard library."""
    package = package_of(frame)
    if package.startswith("namedtuple_"):  # `__new__` of a named tuple, of whatever origin
        return True
    return package in sys.stdlib_module_names and str(frame.f_globals.get("__file__", STDLIB)).startswith(STDLIB)
