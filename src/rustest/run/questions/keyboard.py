"""The keyboard: on a terminal, typing `t` asks what runs now.

A terminal hands over whole lines only, and shows what is typed. Both are switched off for the run, and back on
whenever it ends or stands still. Where the run is killed, or stopped with Ctrl-Z, the shell that started it does that,
as all shells do with jobs that end so; when the run goes on in the foreground, they are switched off again.
"""

import os
import signal
import sys
import time
from _thread import allocate_lock, get_ident, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from rustest.model.debuggers import held_by_debugger
from rustest.model.hints import TextIO
from rustest.run.questions.inquiry import Answer

KEY = b"t"
_A_WHILE = 0.2
"""Seconds before looking again at what somebody else is to read."""

_Select = Callable[[list[int], list[int], list[int]], tuple[list[int], list[int], list[int]]]


class Keyboard:
    """A context in which a thread listens to a terminal, unless it is somebody else's; made in the main thread."""

    def __init__(self, terminal: TextIO, ask: Answer) -> None:
        self._ask = ask
        self._descriptor = terminal.fileno()
        self._mode: list[object] = []
        """How the terminal was; empty while nothing is switched off."""
        self._main = get_ident()
        self._process = os.getpid()
        self._bell = (-1, -1)
        self._thread_ended = allocate_lock()
        self._earlier: object = signal.SIG_DFL

    def __enter__(self) -> "Keyboard":
        if self._is_ours():
            self._listen()
        return self

    def _listen(self) -> None:
        from select import select  # here, and not in the thread: a test may be tampering with imports by then

        self._bell = os.pipe()
        self._earlier = signal.signal(signal.SIGCONT, self._come_back) or signal.SIG_DFL
        self._take()
        self._thread_ended.acquire()
        start_new_thread(self._watch, (select,))

    def __exit__(self, *_: object) -> None:
        if self._bell == (-1, -1):
            return
        self.give_back()
        signal.signal(signal.SIGCONT, self._earlier)  # type: ignore[arg-type]
        os.write(self._bell[1], b"\0")
        self._thread_ended.acquire()
        for end in self._bell:
            os.close(end)

    # --- the terminal's mode --------------------------------------------------------------------------------

    def _take(self) -> None:
        import termios

        with suppress(termios.error):  # the terminal is gone
            mode = termios.tcgetattr(self._descriptor)
            self._mode = list(mode)
            mode[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, mode)

    def give_back(self) -> None:
        """Leave the terminal as it was; any thread may call this, and more than once."""
        import termios

        mode, self._mode = self._mode, []
        if mode and self._is_ours():
            with suppress(termios.error):
                termios.tcsetattr(self._descriptor, termios.TCSADRAIN, mode)  # type: ignore[arg-type]

    def _come_back(self, signum: int, frame: FrameType | None) -> None:
        """Go on after Ctrl-Z: the shell may have changed the mode, and in the background the terminal is not ours."""
        if os.getpid() == self._process and self._is_ours():
            self._take()
        if callable(self._earlier):
            self._earlier(signum, frame)

    def _is_ours(self) -> bool:
        """Whether this process is in the foreground: in the background, touching the terminal would stop it."""
        try:
            return os.tcgetpgrp(self._descriptor) == os.getpgrp()
        except OSError:
            return False

    # --- in the thread --------------------------------------------------------------------------------------

    def _watch(self, select: _Select) -> None:
        try:
            while self._bell[0] not in (ready := select([self._descriptor, self._bell[0]], [], [])[0]):
                if ready and not self._hear():
                    return
        except (OSError, ValueError):  # the terminal is gone
            pass
        finally:
            self._thread_ended.release()

    def _hear(self) -> bool:
        """Take what was typed, unless it is somebody else's; False where the terminal is gone."""
        frame = sys._current_frames().get(self._main)  # pyright: ignore[reportPrivateUsage] # documented all the same
        if not self._mode or not self._is_ours() or held_by_debugger(frame):
            time.sleep(_A_WHILE)
            return True
        typed = os.read(self._descriptor, 1024)
        if KEY in typed:
            self._ask(frame)
        return bool(typed)
