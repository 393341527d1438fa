"""The live lines of a terminal: how far the run is, and below that the tests that have been running longest."""

from collections.abc import Callable, Iterator
from itertools import islice
from time import monotonic
from typing import TextIO

from rustest.model.events import RunStarted, TestFinished, TestSetAside, TestStarted
from rustest.report.messages import age
from rustest.report.painting import Painter, Style
from rustest.report.progress import Progress
from rustest.report.screen import FIRST_DRAWING, size_of

SHOWN = 5
"""How many of the running tests are named."""
SLOW = 0.5
"""Seconds after which a running test is named: names that come and go at once cannot be read."""


class LiveLines:
    """Knows what runs; its lines are as wide as the terminal allows, and read by the screen's thread."""

    def __init__(self, event: RunStarted, stream: TextIO, painter: Painter) -> None:
        self._progress = Progress(event)
        self._stream = stream
        self._painter = painter
        self._began = monotonic()
        self._running: dict[str, float] = {}
        self._ellipsis = "…" if _has(stream, "…") else "..."
        self._width_of: Callable[[str], int] = len
        """How many columns a text takes; rich knows it better, and is there once the run is worth a live line."""

    def start(self, event: TestStarted) -> None:
        """A test runs."""
        self._running[event.id] = event.at
        if event.at >= FIRST_DRAWING:
            self._load_widths()

    def set_aside(self, event: TestSetAside) -> None:
        """A test does not run for now; it has nobody beside it when it is run again."""
        self._running.pop(event.id, None)
        self._progress.set_aside(event)

    def end(self, event: TestFinished) -> None:
        """A test has ended."""
        self._running.pop(event.id, None)
        self._progress.end(event)
        if event.at >= FIRST_DRAWING:
            self._load_widths()

    def _load_widths(self) -> None:
        """In the main thread, between tests: the screen's thread would import while a test tampers with imports."""
        if self._width_of is len:
            from rich.cells import cell_len

            self._width_of = cell_len

    def draw(self) -> list[str]:
        """The lines as they are to look now, and an empty one in front, which sets them apart."""
        columns, rows = size_of(self._stream)
        return ["", *islice(self.lines(monotonic() - self._began, columns - 1), max(1, rows - 3))]

    def lines(self, at: float, width: int) -> Iterator[str]:
        """The lines at that time of the run, no wider than so many columns."""
        running = tuple(self._running.items())  # at once, for the main thread goes on
        yield self._head(at, len(running), width)
        slow = [(node_id, at - started) for node_id, started in running if at - started >= SLOW]
        for node_id, seconds in slow[:SHOWN]:
            taken = f"{age(seconds):>10}  "
            yield self._painter.paint(taken, Style.FAINT) + self._shorten(node_id, width - len(taken))
        if len(slow) > SHOWN:
            yield self._painter.paint(f"{'':>10}  and {len(slow) - SHOWN} more"[:width], Style.FAINT)

    def _head(self, at: float, running: int, width: int) -> str:
        told, used = list[str](), 0
        for text, style in self._progress.parts(at, running):
            used += len(text) + 2 * bool(told)
            if used > width:
                break
            told.append(text if style is None else self._painter.paint(text, style))
        return ", ".join(told)

    def _shorten(self, text: str, width: int) -> str:
        """The text without its beginning where it is too wide: the end of a node id tells tests apart."""
        text = "".join(char if char.isprintable() else "?" for char in text)
        if self._width_of(text) <= width:
            return text
        room = max(0, width - len(self._ellipsis))
        text = text[-room:] if room else ""
        while self._width_of(text) > room:
            text = text[1:]
        return (self._ellipsis + text)[: max(0, width)]


def _has(stream: TextIO, char: str) -> bool:
    try:
        char.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
