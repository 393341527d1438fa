"""Annotations for GitHub Actions: commands on standard output that show failures beside the lines of a change."""

from collections.abc import Iterator
from typing import TextIO

from rustest.model.events import Event, RunFinished
from rustest.model.failure import Failure
from rustest.model.ids import SEPARATOR
from rustest.model.outcome import Outcome
from rustest.model.report import Folding, Report, bad_tests
from rustest.report.failure.failures import failure_text
from rustest.report.machine.excerpts import bounded
from rustest.report.messages import count
from rustest.report.painting import PLAIN
from rustest.report.places import below, file_of, innermost

SHOWN = 10
"""How many errors of one step GitHub shows."""
LONGEST = 4000
"""Characters of one message."""


class AnnotationReporter:
    """Writes a command for each failure and problem, up to as many as are shown, when the run has finished."""

    def __init__(self, stream: TextIO, rootdir: str, workspace: str) -> None:
        self._stream = stream
        self._rootdir = rootdir
        self._workspace = workspace or rootdir
        self._folding = Folding()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        self._folding(event)
        if isinstance(event, RunFinished):
            commands = list(self._commands(self._folding.report()))
            self._stream.writelines(f"{command}\n" for command in commands[:SHOWN])
            if len(commands) > SHOWN:
                self._stream.write(f"{_left_out(len(commands) - SHOWN)}\n")
            self._stream.flush()

    def _commands(self, report: Report) -> Iterator[str]:
        for problem in report.problems:
            title = f"PROBLEM {problem.where or 'the run'}"
            yield self._error(problem.where, title, problem.failure, failure_text(problem.failure, self._rootdir))
        for ended in bad_tests(report.unusual):
            first = ended.outcome.failures[0] if ended.outcome.failures else None
            title = f"{PLAIN.verdict(ended.outcome)} {ended.id.partition(SEPARATOR)[2]}"
            yield self._error(ended.id, title, first, told(ended.outcome, self._rootdir))

    def _error(self, where: str, title: str, failure: Failure | None, message: str) -> str:
        file = file_of(where, self._rootdir)
        place = innermost(failure, file) if failure else None
        properties = {"title": title}
        if where.partition(SEPARATOR)[0]:
            properties = {"file": below(self._workspace, place.file if place else file), **properties}
        if place:
            properties["line"] = str(place.line)
        return command("error", message, **properties)


def told(outcome: Outcome, rootdir: str) -> str:
    """All that went wrong, as text."""
    return "\n\n".join(failure_text(failure, rootdir) for failure in outcome.failures) or outcome.reason


def command(kind: str, message: str, **properties: str) -> str:
    """A workflow command: one line, whatever the message holds."""
    listed = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    return f"::{kind} {listed}::{_escape(bounded(message, LONGEST))}"


def _left_out(number: int) -> str:
    return command("notice", f"{count(number, 'more failure')}: see the log or the summary of the job", title="rustest")


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")
