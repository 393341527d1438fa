"""The screen: a stream on which lines are written and, on a terminal, a block of live lines is kept below them.

The block of a run is redrawn by a thread, for a test that hangs tells nothing. After each drawing the cursor stands
where the block begins: what a test's child process writes then overwrites the block, and not the other way round.
"""

import os
import sys
from _thread import RLock, allocate_lock, get_ident, start_new_thread
from collections.abc import Callable

from rustest.model.debuggers import held_by_debugger
from rustest.model.hints import TextIO

FIRST_DRAWING = 0.3
"""Seconds after which a run is worth a live line: a shorter one is over before anybody could read it."""
INTERVAL = 0.2
"""Seconds between two drawings: more often costs time and shows no one anything."""

_CLEAR_LINE, _CLEAR_BELOW = "\x1b[K", "\x1b[J"
MakeBlock = Callable[[], list[str]]


class Screen:
    """Writes to a stream; raises what the stream raises when it cannot be written to."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._make_block: MakeBlock | None = None
        self._height = 0
        """How many lines of the block are on the screen."""
        self._lock = RLock()
        self._bell = allocate_lock()
        self._main = get_ident()

    def write(self, text: str) -> None:
        """Write whole lines, above the block if there is one."""
        with self._lock:
            try:
                write_encodable(self._stream, self._erasure() + text + self._drawing(self._height > 0))
                self._stream.flush()
            except BaseException as error:
                self._make_block, self._height = None, 0
                if isinstance(error, BrokenPipeError):
                    discard_rest(self._stream)
                raise

    # --- the block ------------------------------------------------------------------------------------------

    def keep_below(self, make_block: MakeBlock) -> None:
        """Keep these lines below what is written, from now on until `settle`; none may be wider than the screen."""
        self._make_block = make_block
        self._bell.acquire()
        start_new_thread(self._redraw, ())

    def draw(self, line: str) -> None:
        """Show that line below what is written, until it is drawn again or settled; no thread is needed for one."""
        self._make_block = lambda: [line]
        with self._lock:
            self._draw()

    def settle(self) -> None:
        """Take the block away for good."""
        with self._lock:
            if self._bell.locked():
                self._bell.release()
            self._make_block = None
            if self._height:
                self.write("")

    def _redraw(self) -> None:
        wait = FIRST_DRAWING
        while not self._bell.acquire(timeout=wait) and self._make_block is not None:
            wait = INTERVAL
            try:
                with self._lock:
                    self._draw()
            except (OSError, ValueError):  # whoever writes next meets the same, and can tell
                return

    def _draw(self) -> None:
        if self._make_block is None:
            return
        if self._is_somebody_elses():
            text = _CLEAR_BELOW if self._height else ""  # and the cursor stays behind the prompt
            self._height = 0
        else:
            text = self._drawing(True)
        if text:
            write_encodable(self._stream, text)
            self._stream.flush()

    def _is_somebody_elses(self) -> bool:
        """Whether a debugger holds the run, or the run is in the background and a shell has the terminal."""
        if held_by_debugger(sys._current_frames().get(self._main)):  # pyright: ignore[reportPrivateUsage]
            return True
        try:
            return os.tcgetpgrp(self._stream.fileno()) != os.getpgrp()
        except (OSError, ValueError):  # it is not the terminal that this process belongs to
            return False

    def _erasure(self) -> str:
        return "\r" + _CLEAR_BELOW if self._height else ""

    def _drawing(self, wanted: bool) -> str:
        self._height = 0
        if not wanted or self._make_block is None:
            return ""
        lines = self._make_block()
        self._height = len(lines)
        up = f"\x1b[{len(lines) - 1}A" if len(lines) > 1 else ""
        return "\r" + "\n".join(line + _CLEAR_LINE for line in lines) + _CLEAR_BELOW + up + "\r"


def size_of(stream: TextIO) -> tuple[int, int]:
    """How many columns and rows the terminal has."""
    try:
        columns, rows = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        return 80, 24
    return columns or 80, rows or 24


def write_encodable(stream: TextIO, text: str) -> None:
    """Write the text, with escapes for what the stream's encoding does not have."""
    try:
        stream.write(text)
    except UnicodeEncodeError:
        encoding = stream.encoding
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def discard_rest(stream: TextIO) -> None:
    """Send to nowhere what a closed pipe did not take, or the interpreter would complain of it at its end."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # not a file
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
