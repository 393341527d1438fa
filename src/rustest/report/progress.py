"""The progress line: how far a run on a terminal is, rewritten in place."""

from typing import TextIO

INTERVAL = 0.1
"""Seconds between two drawings: more often costs time and shows no one anything."""


class Progress:
    """Counts tests, and now and then says how many have ended; it reads the run's clock off the events."""

    def __init__(self, stream: TextIO, total: int) -> None:
        self._stream = stream
        self._total = total
        self._done = 0
        self._bad = 0
        self._due = INTERVAL
        self._shown = ""

    def advance(self, at: float, bad: bool) -> None:
        """Count one more test, and draw the line if it is time."""
        self._done += 1
        self._bad += bad
        if at >= self._due:
            self._due = at + INTERVAL
            self._draw(f"{self._done} of {self._total} tests" + (f", {self._bad} bad" if self._bad else ""))

    def erase(self) -> None:
        """Leave an empty line to write on."""
        if self._shown:
            self._stream.write("\r" + " " * len(self._shown) + "\r")
            self._shown = ""

    def _draw(self, line: str) -> None:
        self._stream.write("\r" + line)  # counts only grow, so the new line covers the old one
        self._stream.flush()
        self._shown = line
