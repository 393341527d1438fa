"""`os._exit` in the middle of a run: it would end the process with nothing told, and look green where it says 0."""

import os
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def told_departure(tell: Callable[[int, FrameType], object]) -> Generator[None]:
    """Have `tell` hear first, once, of the status and of who calls it in this process; its forks leave as ever."""
    leave, process = os._exit, os.getpid()
    untold = [tell]

    def leave_and_tell(status: int) -> None:
        if untold and os.getpid() == process:
            untold.pop()(status, sys._getframe(1))  # pyright: ignore[reportPrivateUsage] -- documented all the same
        leave(status)

    os._exit = leave_and_tell  # type: ignore[assignment]
    try:
        yield
    finally:
        if os._exit is leave_and_tell:
            os._exit = leave
