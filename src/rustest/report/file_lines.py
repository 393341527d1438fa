"""A line for each test file, when the last of its tests has ended."""

from collections.abc import Mapping

from rustest.model.events import TestFinished
from rustest.model.ids import SEPARATOR
from rustest.model.outcome import PASSED, Verdict
from rustest.model.report import counted
from rustest.report.messages import duration
from rustest.report.painting import Painter

_WIDEST = 48
"""How wide the column of the files is at most: beyond that, long names push the rest to the right."""


class _File:
    """What there will be to say of one file."""

    __slots__ = ("left", "name", "number", "took", "unusual")

    def __init__(self, name: str, number: int) -> None:
        self.name = name
        self.number = self.left = number
        self.took = 0.0
        self.unusual: list[TestFinished] = []


class FileLines:
    """Gathers the tests of each file; this is called for every test, so that it does next to nothing until the last."""

    def __init__(self, files: Mapping[str, int], painter: Painter) -> None:
        self._painter = painter
        self._files = {name: _File(name, number) for name, number in files.items()}
        self._beginning = SEPARATOR
        """Of the id that came last, as far as it names the file: the next one is mostly of the same."""
        self._file: _File | None = None
        self._width = min(max(map(len, files), default=0), _WIDEST)

    def end(self, event: TestFinished) -> str | None:
        """Count a test; the line of its file if it was the last, unless the run left some of its tests out."""
        node_id, outcome, _, lasted, _, _, _, waited = event  # at once, for less than two of them one by one
        if not node_id.startswith(self._beginning):
            name, separator, _ = node_id.partition(SEPARATOR)
            self._beginning, self._file = name + separator, self._files.get(name)
        file = self._file
        if file is None:
            return None
        file.left -= 1
        took = lasted - waited  # as `event.took` has it, for less
        if took > 0:  # for what it waited is measured by itself
            file.took += took
        if outcome is not PASSED:
            file.unusual.append(event)
        return None if file.left else self._line(file)

    def _line(self, file: _File) -> str | None:
        counts = counted(file.unusual, file.number)
        if Verdict.NOT_RUN in counts:
            return None
        return f"{file.name:<{self._width}}  {self._painter.tally(counts)}  {duration(file.took)}"
