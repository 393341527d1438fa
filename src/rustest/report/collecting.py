"""The live line of a run that still imports its files: how far it is.

No thread draws it, because what is imported may fork, and so may the run once it knows its tests. It is drawn between
files, and as often as these import something: mostly it is the first of them that has much to import.
"""

import os
import sys
from _thread import get_ident
from collections.abc import Sequence
from contextlib import suppress
from math import inf
from time import monotonic
from types import ModuleType

from rustest.model.hints import TextIO
from rustest.report.messages import count
from rustest.report.screen import FIRST_DRAWING, INTERVAL, Screen, size_of

_NOT_TOLD_HERE = suppress(OSError, ValueError)
"""The terminal is gone: the reporter that writes to it next meets the same, and can tell."""


class Collecting:
    """A context that shows on a terminal which of the files are being imported, if that takes a while.

    On `sys.meta_path` it finds no module, and hears of each that is looked for.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._screen = Screen(stream)
        self._due = monotonic() + FIRST_DRAWING
        self._told = "collecting ..."
        self._home = (os.getpid(), get_ident())

    def __enter__(self) -> "Collecting":
        sys.meta_path.insert(0, self)
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin_file(self, number: int, total: int) -> None:
        """So many of the files have been imported, and the next one is about to be."""
        self._told = f"collecting ... {number} of {count(total, 'file')}"
        self._draw_in_time()

    def end(self) -> None:
        """Take the line away for good."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)
        self._erase()

    def _erase(self) -> None:
        with _NOT_TOLD_HERE:
            self._screen.settle()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> None:
        """Find nothing: leave it to the next."""
        if name == "pdb":  # which will have the terminal
            self._due = inf
            self._erase()
        self._draw_in_time()

    def _draw_in_time(self) -> None:
        if monotonic() < self._due or (os.getpid(), get_ident()) != self._home:
            return
        self._due = monotonic() + INTERVAL
        columns, _ = size_of(self._stream)
        with _NOT_TOLD_HERE:
            self._screen.draw(self._told[: columns - 1])
