"""The terminal: lines that read well when the tests of many files overlap, with or without colours.

While the run goes on, a line tells of each bad test and each problem as it happens, of each file whose tests have
ended, and at `-v` of every test. All else comes at the end, from the report. Others may write to the same stream then,
before the verdict, which is the last line.
"""

import os
import sys
from collections.abc import Callable, Iterator

from rustest.model.choices import Capture
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
    Standing,
    StrayOutput,
    TestConfirmed,
    TestFinished,
    TestSetAside,
    TestStarted,
    WarningIssued,
)
from rustest.model.hints import TYPE_CHECKING, TextIO, assert_never
from rustest.model.outcome import PASSED
from rustest.model.report import Report
from rustest.model.scope import Scope
from rustest.model.settings import Settings
from rustest.model.version import VERSION
from rustest.report.file_lines import FileLines
from rustest.report.messages import broken_reporter, count, duration, stopping
from rustest.report.painting import Painter, Style, is_colored, is_live
from rustest.report.screen import Screen
from rustest.report.summary import closing, verdict

if TYPE_CHECKING:
    from rustest.report.live_lines import LiveLines


class TerminalReporter:
    """Writes a run to a text stream; raises what the stream raises when it cannot be written to."""

    def __init__(self, stream: TextIO, settings: Settings, report: Callable[[], Report]) -> None:
        self._stream = stream
        self._settings = settings
        self._report = report
        """Gives what all events amount to that have come so far, this one included."""
        self._verbosity = settings.verbosity
        self._painter = Painter(is_colored(stream, settings.color))
        self._screen = Screen(stream)
        self._folder = os.getcwd()  # where the user will give the commands that are printed
        self._files = FileLines({}, self._painter)
        self._is_live = keeps_live_lines(stream, settings)
        self._live: LiveLines | None = None
        self.ignores = tuple(self._ignored())
        """The kinds of events of which it has nothing to say."""
        self._written = False
        self._over = False
        self._is_broken = False
        """Whether the stream takes nothing any more, as somebody has been told."""

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        try:
            if isinstance(event, TestFinished):
                self.end_test(event)
            elif isinstance(event, TestStarted):
                if self._live:
                    self._live.start(event)
            elif isinstance(event, TestSetAside):
                if self._live:
                    self._live.set_aside(event)
            elif isinstance(event, FixtureSetUp | FixtureTornDown):
                self._tell(fixture_line(event), always=True)  # it was asked for
            elif not isinstance(event, TestConfirmed | StrayOutput | WarningIssued):
                self._take(event)
        except BaseException:
            self._break()
            raise

    def _break(self) -> None:
        self._is_broken = True
        self._screen.settle()

    def _take(self, event: RunEvent) -> None:
        match event:
            case RunStarted():
                self._begin(event)
            case ProblemFound():
                from rustest.report.accounts import problem_line

                self._tell(problem_line(event.problem, self._painter))
            case FileSkipped():
                pass  # told at the end, with the other reasons
            case Standing():
                from rustest.report.standing import standing_lines

                lines = standing_lines(event, self._settings.rootdir)
                self._tell(self._painter.lines(lines), always=True)
            case Interrupted():
                self._tell(self._painter.paint(stopping(event, self._report().total), Style.CAUTION))
            case ReporterFailed():
                self._tell(self._painter.paint(broken_reporter(event), Style.BAD), always=self._over)
            case RunFinished():
                self._end()
            case _:
                assert_never(event)

    def _begin(self, event: RunStarted) -> None:
        self._settings = self._settings._replace(rootdir=event.rootdir)
        if told := event.note if self._settings.no_header else heading(event):
            self._tell(told)
        if self._verbosity == 0:
            self._files = FileLines(event.files, self._painter)
        if self._is_live:
            self._keep_live_lines(event)

    def _keep_live_lines(self, event: RunStarted) -> None:
        from rustest.report.live_lines import LiveLines

        self._live = LiveLines(event, self._stream, self._painter)
        self._screen.keep_below(self._live.draw)

    def _ignored(self) -> Iterator[type[Event]]:
        yield from (StrayOutput, WarningIssued, TestConfirmed)  # which the report tells of at the end, or its verdict
        if not self.looks_ahead:
            yield from (TestStarted, TestSetAside)
        if self._verbosity < 0:
            yield TestFinished

    @property
    def looks_ahead(self) -> bool:
        """Whether it tells while tests run how far the run is."""
        return self._is_live

    def end_test(self, event: TestFinished) -> None:
        """Take one test's end in."""
        try:
            if self._live:
                self._live.end(event)
            if self._verbosity > 0:
                self._tell(verbose_line(event, self._painter))
            elif event.outcome is not PASSED and event.outcome.verdict.is_bad:  # `is` spares most tests the rest
                from rustest.report.accounts import test_line

                self._tell(test_line(event, self._painter))
            if file_line := self._files.end(event):
                self._tell(file_line)
        except BaseException:
            self._break()
            raise

    def _end(self) -> None:
        self._over = True
        self._screen.settle()
        self._close_with(*closing(self._report(), self._settings, self._painter, self._folder))

    def conclude(self, event: Event) -> None:
        """Write the verdict when the run is over, and all others have said what they have to say."""
        if isinstance(event, RunFinished) and not self._is_broken:
            self._close_with(verdict(self._report(), self._settings, self._painter))

    def _close_with(self, *paragraphs: str) -> None:
        if paragraphs:
            self._tell("\n" * self._written + "\n\n".join(paragraphs), always=True)

    def _tell(self, line: str, *, always: bool = False) -> None:
        if self._verbosity >= 0 or always:
            self._screen.write(line + "\n")
            self._written = True


def keeps_live_lines(stream: TextIO, settings: Settings) -> bool:
    """Whether lines are rewritten on that stream: not where tests or a debugger write to it, too."""
    return settings.verbosity >= 0 and is_live(stream) and settings.capture is not Capture.NO and not settings.pdb


def heading(event: RunStarted) -> str:
    """The first lines: what runs, on what, how much and where, and why these tests or this order."""
    python = ".".join(map(str, sys.version_info[:3]))
    note = f"\n{event.note}" if event.note else ""
    return f"rustest {VERSION}, Python {python}, {count(event.total, 'test')} in {event.rootdir}{note}"


def verbose_line(event: TestFinished, painter: Painter) -> str:
    """A test's line at `-v`, in columns; a test that never started has no duration."""
    from rustest.report.accounts import explanation

    took = duration(event.took) if event.duration else ""
    blanks = " " * (9 - len(event.outcome.verdict.value))
    return f"{painter.verdict(event.outcome)}{blanks} {took:>10}  {event.id}{explanation(event)}"


def fixture_line(event: FixtureEvent) -> str:
    """A set-up or teardown in columns, those of a verbose line: what, for how long, which fixture, and where."""
    word = "SETUP" if isinstance(event, FixtureSetUp) else "TEARDOWN"
    name = event.fixture if event.param is None else f"{event.fixture}[{event.param}]"
    scope, path = event.instance
    where = path if scope is Scope.SESSION else path or "."
    parts = (f"{word:<9} {scope.label:>10}", name, where, "(failed)" if event.failed else "")
    return "  ".join(part for part in parts if part)
