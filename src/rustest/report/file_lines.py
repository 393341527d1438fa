"""A line for each test file, when the last of its tests has ended."""

from collections.abc import Mapping

from rustest.model.events import TestFinished
from rustest.model.ids import SEPARATOR
from rustest.model.outcome import Verdict
from rustest.report.messages import duration
from rustest.report.painting import Painter

_WIDEST = 48
"""How wide the column of the files is at most: beyond that, long names push the rest to the right."""


class FileLines:
    """Gathers the tests of each file; this is called for every test, so that it does next to nothing until the last."""

    def __init__(self, files: Mapping[str, int], painter: Painter) -> None:
        self._numbers = files
        self._painter = painter
        self._ended: dict[str, list[TestFinished]] = {file: [] for file in files}
        self._width = min(max(map(len, files), default=0), _WIDEST)

    def end(self, event: TestFinished) -> str | None:
        """Count a test; the line of its file if it was the last, unless the run left some of its tests out."""
        file = event.id.partition(SEPARATOR)[0]
        ended = self._ended.get(file)
        if ended is None:
            return None
        ended.append(event)
        return self._line(file) if len(ended) == self._numbers[file] else None

    def _line(self, file: str) -> str | None:
        counts: dict[Verdict, int] = {}
        ended = self._ended.pop(file)
        for event in ended:
            counts[event.outcome.verdict] = counts.get(event.outcome.verdict, 0) + 1
        if Verdict.NOT_RUN in counts:
            return None
        took = duration(sum(event.duration for event in ended))
        return f"{file:<{self._width}}  {self._painter.tally(counts)}  {took}"
