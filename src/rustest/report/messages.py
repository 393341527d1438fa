"""Wording: plurals, durations and lists, as every reporter writes them."""

import os
from collections.abc import Sequence

from rustest.model.events import Interrupted, ReporterFailed, StopReason
from rustest.model.outcome import Outcome

MINUTE, HOUR = 60, 3600
LISTED = 10
"""How many names a list shows before it only counts the rest."""

WIDTH = 160
"""How much of a message a list of many shows: enough to tell failures apart, too little to bury the next line."""


def count(number: int, noun: str) -> str:
    """The number with its noun: `1 test`, `2 tests`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def duration(seconds: float) -> str:
    """A stretch of time as people say it: `0.34 s`, `2 min 3 s`, `1 h 2 min`."""
    if round(seconds, 2) < MINUTE:
        return f"{seconds:.2f} s"
    if round(seconds) < HOUR:
        return f"{round(seconds) // MINUTE} min {round(seconds) % MINUTE} s"
    return f"{round(seconds) // HOUR} h {round(seconds) % HOUR // MINUTE} min"


def limit(seconds: float) -> str:
    """A time limit as its user wrote it: `5 s`, `0.3 s`."""
    return f"{seconds:g} s"


def listing(names: Sequence[str], most: int = LISTED) -> list[str]:
    """The names, and after `most` of them a line that counts the rest."""
    left_out = len(names) - most
    return list(names) if left_out <= 0 else [*names[:most], f"... and {left_out} more"]


def relative(file: str, rootdir: str) -> str:
    """The file as it is named below the root folder; as it is where it stands elsewhere."""
    return file.removeprefix(rootdir.rstrip(os.sep) + os.sep) if rootdir else file


def indent(text: str, by: str = "  ") -> str:
    """The text with each line that holds something moved to the right."""
    return "\n".join(by + line if line else line for line in text.split("\n"))


def first_line(text: str) -> str:
    """The first line that says something, with `...` where more follows; empty where none does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    return lines[0] if len(lines) == 1 and len(lines[0]) <= WIDTH else f"{lines[0][:WIDTH]} ..."


def verdict(outcome: Outcome) -> str:
    """The verdict as it heads a line: `FAILED`, `TIMED OUT`."""
    return outcome.verdict.value.upper()


def notes(outcome: Outcome) -> str:
    """The notes beside the verdict, `leaked, slow`; empty where there are none."""
    return ", ".join(sorted(note.value for note in outcome.notes))


def stopping(event: Interrupted) -> str:
    """What is said at once when a run is cut short."""
    line = event.reason.value
    if event.running and event.reason is not StopReason.BLOCKED:
        line += f"; cancelling {count(len(event.running), 'running test')}"
    return f"{line}; interrupt again to leave at once" if event.reason is StopReason.USER else line


def running_then(event: Interrupted) -> str:
    """What heads the list of the tests that were running."""
    return f"{event.reason.value}{'; running then' if event.reason is StopReason.BLOCKED else ' while running'}:"


def broken_reporter(event: ReporterFailed) -> str:
    """What happened to a reporter that raised."""
    return f"reporter {event.reporter!r} failed and was switched off, its output is not complete: {event.message}"


def lost_tests(number: int) -> str:
    """What is said when tests were planned and never ended: no run is green that lost one."""
    return f"{count(number, 'test')} ended without a verdict; this is a fault of rustest, please report it"


def no_tests(deselected: int, python_files: Sequence[str]) -> str:
    """Why there was nothing to run, and where rustest looked."""
    if deselected:
        return f"no test is left: -k or -m deselected {count(deselected, 'test')}, all that were found"
    files = ", ".join(python_files)
    return f"no tests were found: rustest looks for functions test* and classes Test* in files {files}"
