"""`terminalreporter`, with which hooks print at the end of a run, and the reports that it has kept."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO, cast

from rustest.compat.test_reports import TestReport

if TYPE_CHECKING:
    from rustest.compat.config import Config

_WIDTH = 80


class TerminalReporter:
    """Writes lines, and knows the reports of the run by what they count as."""

    def __init__(self, config: "Config", stream: TextIO) -> None:
        self.config = config
        self.stats: dict[str, list[Any]] = {}
        self.verbosity = config.settings.verbosity
        self.isatty = stream.isatty()
        self.hasmarkup = False
        self._tw = self
        self.stream = stream
        """Where it writes to."""

    def write(self, content: str, *, flush: bool = False, **markup: bool) -> None:
        """Write text as it is."""
        self.stream.write(content)
        if flush:
            self.flush()

    def flush(self) -> None:
        """Let it out."""
        self.stream.flush()

    def write_line(self, line: str | bytes, **markup: bool) -> None:
        """Write a line."""
        self.write(f"{line.decode(errors='replace') if isinstance(line, bytes) else line}\n")

    line = write_line

    def ensure_newline(self) -> None:
        """Do nothing: every line is ended."""

    def write_sep(self, sep: str, title: str | None = None, fullwidth: int | None = None, **markup: bool) -> None:
        """Write a line of one character, with a title in the middle."""
        width = fullwidth or _WIDTH
        self.write_line(sep * (width // len(sep)) if title is None else f" {title} ".center(width, sep[0]))

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:
        """Begin a part with a title."""
        self.write_sep(sep, title, **markup)

    sep = write_sep

    def getreports(self, name: str) -> list[Any]:
        """The reports that count as that."""
        return [report for report in self.stats.get(name, ()) if not hasattr(report, "_pdbshown")]

    def keep(self, report: TestReport, chosen: object) -> None:
        """Keep the report of a phase under what it counts as; `chosen` is what a hook says of that, None for nothing.

        As in pytest, that is a category first, then a letter and a word.
        """
        category = str(cast("tuple[object, ...]", chosen)[0]) if isinstance(chosen, tuple) else _count_as(report)
        self.stats.setdefault(category, []).append(report)


def _count_as(report: TestReport) -> str:
    """As pytest counts: what a set-up or teardown without fault adds has no name."""
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped else "xpassed" if report.passed else "failed"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    if report.skipped:
        return "skipped"
    return "passed" if report.when == "call" else ""


def lines_of(given: object) -> Iterator[str]:
    """The lines that a hook has given: a text, a list of such, or lists in lists."""
    if isinstance(given, str):
        yield from given.splitlines()
    elif isinstance(given, list | tuple):
        for part in cast("Iterable[object]", given):
            yield from lines_of(part)
