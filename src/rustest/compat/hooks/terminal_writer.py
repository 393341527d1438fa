"""`TerminalWriter`: writes lines and rules to a file, as plugins of pytest's do by themselves; without colours."""

import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rustest.compat.config import Config

_WIDTH = 80


class TerminalWriter:
    """Writes to a file, standard output where none is given."""

    hasmarkup = False
    fullwidth = _WIDTH

    def __init__(self, file: TextIO | None = None) -> None:
        self.stream = sys.stdout if file is None else file
        """Where it writes to."""

    @property
    def isatty(self) -> bool:
        """Whether that is a terminal."""
        return self.stream.isatty()

    def markup(self, text: str, **markup: bool) -> str:
        """The text as it is."""
        return text

    def write(self, msg: str, *, flush: bool = False, **markup: bool) -> None:
        """Write text as it is."""
        self.stream.write(msg)
        if flush:
            self.flush()

    def flush(self) -> None:
        """Let it out."""
        self.stream.flush()

    def line(self, s: str = "", **markup: bool) -> None:
        """Write a line."""
        self.write(f"{s}\n")

    def sep(self, sepchar: str, title: str | None = None, fullwidth: int | None = None, **markup: bool) -> None:
        """Write a line of one character, with a title in the middle."""
        width = fullwidth or self.fullwidth
        self.line(sepchar * (width // len(sepchar)) if title is None else f" {title} ".center(width, sepchar[0]))


def create_terminal_writer(config: "Config", file: TextIO | None = None) -> TerminalWriter:
    """A writer to that file, whatever the run's options say of colours."""
    return TerminalWriter(file)
