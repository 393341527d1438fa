"""The end of the process, which neither a closed pipe nor a forgotten thread may spoil, and no crash leave untold."""

import atexit
import gc
import os
import sys
import time
from contextlib import suppress
from importlib.machinery import EXTENSION_SUFFIXES

from rustest.model.hints import TYPE_CHECKING, NoReturn, TextIO
from rustest.model.report import ExitStatus

if TYPE_CHECKING:
    from threading import Thread
    from types import FrameType

GRACE = 2.0
"""Seconds that threads have left once the results are out."""
_DESCRIPTORS = "/dev/fd"
_OWN_EXTENSIONS = os.path.join(os.path.dirname(os.__file__), "lib-dynload") + os.sep
_COMPILED = tuple(EXTENSION_SUFFIXES)


def leave(status: int, inherited: frozenset[str]) -> NoReturn:
    """End the process with that status, though threads may still be running that Python would wait for.

    If no more descriptors are open than it began with, no file can be waiting to be found in a ring and written out.
    """
    status = _flush(status)
    if _holding_threads():
        _start_countdown(status)
    if open_descriptors() <= inherited:
        gc.freeze()  # or Python's own end would look three times through all that there is for garbage in rings
        if _is_outermost(sys._getframe(1)) and not _has_foreign_code():  # pyright: ignore[reportPrivateUsage] -- documented
            atexit.register(_leave_as_it_is, status)  # the last to be registered is the first to be called
    sys.exit(status)


def tell_of_crashes() -> None:
    """Have Python say on standard error, as it is now, where it was if the interpreter crashes."""
    import faulthandler

    if not faulthandler.is_enabled():
        with suppress(OSError):  # standard error is closed
            faulthandler.enable(os.dup(2))


def _is_outermost(command: "FrameType") -> bool:
    """Whether the script that gave the command is all that there is around it: no profiler that has yet to write."""
    script = command.f_back
    return script is not None and script.f_back is None


def _has_foreign_code() -> bool:
    """Whether compiled code is loaded, not Python's own, which may have something to do when a process ends."""
    files = [vars(module).get("__file__") for module in tuple(sys.modules.values()) if isinstance(module, type(sys))]
    return "ctypes" in sys.modules or any(map(_is_foreign, files))


def _is_foreign(file: object) -> bool:
    return isinstance(file, str) and file.endswith(_COMPILED) and not file.startswith(_OWN_EXTENSIONS)


def _leave_as_it_is(status: int) -> None:
    """Have all that was to be done at exit done, and end the process without taking apart what is in its memory."""
    atexit.unregister(_leave_as_it_is)
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage] -- the only name that it has
    try:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    except (OSError, ValueError, AttributeError):
        return  # Python's own end has words for it
    os._exit(status)


def open_descriptors() -> frozenset[str]:
    """The process's open files, by number; where the system does not tell, something that is never the same twice."""
    try:
        return frozenset(name for name in os.listdir(_DESCRIPTORS) if _is_open(int(name)))
    except OSError:
        return frozenset({str(time.monotonic_ns())})


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:  # it was that of the listing itself
        return False
    return True


def _flush(status: int) -> int:
    """Write out what standard output still holds; where nobody can read it, the status says so."""
    stdout = sys.__stdout__
    if stdout is None:
        return status
    try:
        stdout.flush()
    except OSError as error:
        return give_up(stdout, error)
    return status


def give_up(stdout: TextIO, error: OSError) -> ExitStatus:
    """Say that what was printed did not get through, and let what is left of it go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())  # or Python would try again at its end, and complain
    print(f"rustest: error: the report could not be written: {error}", file=sys.stderr)
    return ExitStatus.INTERNAL_ERROR


def _holding_threads() -> "list[Thread]":
    """The threads that Python waits for at its end."""
    if "threading" not in sys.modules:
        return []
    from threading import enumerate as all_threads
    from threading import main_thread

    return [thread for thread in all_threads() if not thread.daemon and thread is not main_thread()]


def _start_countdown(status: int) -> None:
    """Let the exit go its way, which ends the idle threads of executors, and cut it short if it takes too long."""
    from threading import Thread

    Thread(target=_cut_short, args=(status,), daemon=True).start()


def _cut_short(status: int) -> None:
    time.sleep(GRACE)
    held = _holding_threads()
    if not held:  # the exit is under way, and only slow
        return
    frames = sys._current_frames()  # pyright: ignore[reportPrivateUsage] -- documented, whatever its name says
    for thread in held:
        frame = frames.get(thread.ident or 0)
        where = f", at {frame.f_code.co_filename}:{frame.f_lineno} in {frame.f_code.co_qualname}" if frame else ""
        print(f"rustest: thread {thread.name!r} still runs and holds the exit{where}", file=sys.stderr)
    print("rustest: leaving without waiting for it; join it in a teardown, or make it a daemon.", file=sys.stderr)
    sys.stderr.flush()
    os._exit(status)
