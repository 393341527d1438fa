"""`terminalreporter`, with which hooks print at the end of a run, and the reports that it has kept."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO, cast

from rustest.compat.hooks.terminal_writer import TerminalWriter
from rustest.compat.hooks.test_reports import TestReport

if TYPE_CHECKING:
    from rustest.compat.config import Config


class TerminalReporter(TerminalWriter):
    """Writes lines, and knows the reports of the run by what they count as."""

    def __init__(self, config: "Config", stream: TextIO) -> None:
        super().__init__(stream)
        self.config = config
        self.stats: dict[str, list[Any]] = {}
        self.verbosity = config.settings.verbosity
        self._tw = self

    def write_line(self, line: str | bytes, **markup: bool) -> None:
        """Write a line."""
        self.line(line.decode(errors="replace") if isinstance(line, bytes) else line)

    def ensure_newline(self) -> None:
        """Do nothing: every line is ended."""

    def write_sep(self, sep: str, title: str | None = None, fullwidth: int | None = None, **markup: bool) -> None:
        """Write a line of one character, with a title in the middle."""
        self.sep(sep, title, fullwidth)

    def section(self, title: str, sep: str = "=", **markup: bool) -> None:
        """Begin a part with a title."""
        self.sep(sep, title)

    def getreports(self, name: str) -> list[Any]:
        """The reports that count as that."""
        return [report for report in self.stats.get(name, ()) if not hasattr(report, "_pdbshown")]

    def keep(self, report: TestReport, status: object) -> None:
        """Keep the report of a phase under what hooks say that it counts as: a category, a letter and a word."""
        category = cast("tuple[object, ...]", status)[0] if isinstance(status, tuple) else status_of(report)[0]
        self.stats.setdefault(str(category), []).append(report)


def status_of(report: TestReport) -> tuple[str, str, str]:
    """What a report counts as, with a letter and a word for it, all empty for a set-up or teardown without fault."""
    category = _count_as(report)
    return category, _LETTERS.get(category, ""), category.upper()


_LETTERS = {"passed": ".", "failed": "F", "error": "E", "skipped": "s", "xfailed": "x", "xpassed": "X"}


def _count_as(report: TestReport) -> str:
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
