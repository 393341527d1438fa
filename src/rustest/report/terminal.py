"""The terminal: plain lines that read well when the tests of many files overlap.

While the run goes on, a line tells of each bad test and each problem as it happens, and at `-v` of every test. All
else comes at the end, from the report.
"""

import os
import sys
from typing import TextIO, assert_never

from rustest.model.events import (
    Event,
    FileSkipped,
    FixtureEvent,
    FixtureSetUp,
    FixtureTornDown,
    Interrupted,
    ProblemFound,
    ReporterFailed,
    RunEvent,
    RunFinished,
    RunStarted,
    StrayOutput,
    TestFinished,
    TestStarted,
    WarningIssued,
)
from rustest.model.item import Problem
from rustest.model.outcome import PASSED
from rustest.model.report import Folding
from rustest.model.scope import Scope
from rustest.model.settings import Settings
from rustest.model.version import VERSION
from rustest.report.failures import failure_line
from rustest.report.messages import broken_reporter, count, duration, stopping, verdict
from rustest.report.progress import Progress
from rustest.report.summary import closing, explanation, problem_heading, test_line


class TerminalReporter:
    """Writes a run to a text stream; raises what the stream raises when it cannot be written to."""

    def __init__(self, stream: TextIO, settings: Settings) -> None:
        self._stream = stream
        self._verbosity = settings.verbosity
        self._settings = settings
        self._folding = Folding()
        self._ended: list[TestFinished] = []
        self._progress: Progress | None = None
        self._written = False
        self._over = False

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, TestFinished):  # the two events of every test come first: they are nearly all there are
            self._ended.append(event)
            self._end_test(event)
        elif isinstance(event, FixtureSetUp | FixtureTornDown):
            self._tell(fixture_line(event), always=True)  # it was asked for
        elif isinstance(event, StrayOutput | WarningIssued):
            self._folding(event)
        elif not isinstance(event, TestStarted):
            self._folding(event)
            self._take(event)

    def _take(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                self._begin(event)
            case ProblemFound():
                self._tell_problem(event.problem)
            case FileSkipped():
                pass  # told at the end, with the other reasons
            case Interrupted():
                self._tell(stopping(event))
            case ReporterFailed():
                self._tell(broken_reporter(event), always=self._over)
            case RunFinished():
                self._end()
            case _:
                assert_never(event)

    def _begin(self, event: RunStarted) -> None:
        self._settings = self._settings._replace(rootdir=event.rootdir)
        self._tell(heading(event))
        if self._verbosity == 0 and self._stream.isatty():
            self._progress = Progress(self._stream, event.total)

    def _end_test(self, event: TestFinished) -> None:
        if self._verbosity > 0:
            self._tell(verbose_line(event))
        elif event.outcome is not PASSED and event.outcome.verdict.is_bad:  # `is` spares most tests the rest
            self._tell(test_line(event))
        if self._progress:
            self._progress.advance(event.at, event.outcome.verdict.is_bad)

    def _tell_problem(self, problem: Problem) -> None:
        self._tell(f"{problem_heading(problem)}  {failure_line([problem.failure])}")

    def _end(self) -> None:
        self._over = True
        report = self._folding.report()._replace(finished={ended.id: ended for ended in self._ended})
        paragraphs = tuple(closing(report, self._settings))
        self._tell("\n" * self._written + "\n\n".join(paragraphs), always=True)

    def _tell(self, line: str, *, always: bool = False) -> None:
        if self._verbosity < 0 and not always:
            return
        if self._progress:
            self._progress.erase()
        self._write(line + "\n")
        self._written = True

    def _write(self, text: str) -> None:
        try:
            write_encodable(self._stream, text)
            self._stream.flush()
        except BrokenPipeError:
            discard_rest(self._stream)
            raise


def heading(event: RunStarted) -> str:
    """The first lines: what runs, on what, how much and where, and why these tests or this order."""
    python = ".".join(map(str, sys.version_info[:3]))
    note = f"\n{event.note}" if event.note else ""
    return f"rustest {VERSION}, Python {python}, {count(event.total, 'test')} in {event.rootdir}{note}"


def verbose_line(event: TestFinished) -> str:
    """A test's line at `-v`, in columns; a test that never started has no duration."""
    took = duration(event.duration) if event.duration else ""
    return f"{verdict(event.outcome):<9} {took:>10}  {event.id}{explanation(event)}"


def fixture_line(event: FixtureEvent) -> str:
    """A set-up or teardown in columns, those of a verbose line: what, for how long, which fixture, and where."""
    word = "SETUP" if isinstance(event, FixtureSetUp) else "TEARDOWN"
    name = event.fixture if event.param is None else f"{event.fixture}[{event.param}]"
    scope, path = event.instance
    where = (path or ".") if scope is not Scope.SESSION else ""
    parts = (f"{word:<9} {scope.label:>10}", name, where, "(failed)" if event.failed else "")
    return "  ".join(part for part in parts if part)


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
