"""Progress: how many tests have ended, and how much longer it will take."""

from rustest.model.events import RunStarted, TestFinished, TestSetAside
from rustest.report.messages import count, time_left
from rustest.report.painting import Style

_TOLD = 1.0
"""Seconds below which nobody needs to know how long it will take."""


class Progress:
    """Counts tests as they end, and compares the time that they take with what they took before."""

    def __init__(self, event: RunStarted) -> None:
        self._total = event.total
        self._expected = event.expected
        self._durations = event.durations
        self._done = 0
        self._bad = 0
        self._aside = set[str]()
        """The tests that are to be run once more."""
        self._took = 0.0
        self._took_before = 0.0

    def set_aside(self, event: TestSetAside) -> None:
        """Count one more test that is to be run again."""
        self._aside.add(event.id)

    def end(self, event: TestFinished) -> None:
        """Count one more test."""
        self._done += 1
        self._aside.discard(event.id)
        self._bad += event.outcome.verdict.is_bad
        before = self._durations.get(event.id)
        if before is not None:
            self._took += event.duration
            self._took_before += before

    def parts(self, at: float, running: int) -> list[tuple[str, Style | None]]:
        """What there is to say, the most important first."""
        told: list[tuple[str, Style | None]] = [(f"{self._done} of {count(self._total, 'test')}", Style.STRONG)]
        if self._bad:
            told.append((f"{self._bad} failed", Style.BAD))
        if self._aside:
            told.append((f"{len(self._aside)} to run again", Style.CAUTION))
        if running:
            told.append((f"{running} running", None))
        left = self.left(at)
        if left is not None and left >= _TOLD:
            told.append((time_left(left), None))
        return told

    def left(self, at: float) -> float | None:
        """The seconds that the rest will take; None where nobody knows.

        What tests of this run took, against what they took before, says how fast this run goes.
        """
        if self._expected is None:
            return None
        pace = self._took / self._took_before if self._took_before else 1.0
        return self._expected * pace - at
