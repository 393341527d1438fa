"""Wording: plurals, durations and lists, as every reporter writes them. STYLE.md says how."""

import os
from collections.abc import Iterator, Mapping, Sequence

from rustest.model.events import Interrupted, ReporterFailed, Standing, StopReason
from rustest.model.outcome import Outcome, Verdict
from rustest.model.settings import Settings

MINUTE, HOUR = 60, 3600
LONG = 10.0
"""Seconds from which on it is worth saying how a run may become shorter."""
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


def age(seconds: float) -> str:
    """How long something has been going on: coarser than `duration`, for it is read while it changes."""
    return f"{seconds:.1f} s" if round(seconds, 1) < MINUTE else duration(seconds)


def time_left(seconds: float) -> str:
    """A guess at how long it will take: `about 3 s left`, `about 2 min left`."""
    if seconds < MINUTE:
        return f"about {max(1, round(seconds))} s left"
    return f"about {round(seconds / MINUTE)} min left"


def limit(seconds: float) -> str:
    """A time limit as its user wrote it: `5 s`, `0.3 s`."""
    return f"{seconds:g} s"


def listing(names: Sequence[str], most: int = LISTED) -> list[str]:
    """The names, and after `most` of them a line that counts the rest."""
    left_out = len(names) - most
    return list(names) if left_out <= 0 else [*names[:most], f"... and {left_out} more"]


def enumerated(names: Sequence[str], most: int = LISTED) -> str:
    """The names in one line, and after `most` of them how many there are yet: `a, b and 3 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def indent(text: str, by: str = "  ") -> str:
    """The text with each line that holds something moved to the right."""
    return "\n".join(by + line if line else line for line in text.split("\n"))


def place(file: str, line: int, rootdir: str) -> str:
    """File and line, `a/test_x.py:12`: the file by its path below the root folder; in full if it lies elsewhere."""
    below = file.removeprefix(rootdir.rstrip(os.sep) + os.sep) if rootdir else file
    return f"{below}:{line}"


def first_line(text: str) -> str:
    """The first line that says something, with `...` where more follows; empty where none does."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [""]
    return lines[0] if len(lines) == 1 and len(lines[0]) <= WIDTH else f"{lines[0][:WIDTH]} ..."


def tally(counts: Mapping[Verdict, int]) -> Iterator[tuple[str, Verdict]]:
    """The counts in words, bad ones first. Timed-out tests count as failed: one number says how many did not hold."""
    if failed := counts.get(Verdict.FAILED, 0) + counts.get(Verdict.TIMED_OUT, 0):
        yield f"{failed} failed", Verdict.FAILED
    if errors := counts.get(Verdict.ERROR):
        yield count(errors, "error"), Verdict.ERROR
    yield from ((f"{counts[counted]} {counted.value}", counted) for counted in _COUNTED if counted in counts)


_COUNTED = (
    Verdict.CRASHED,
    Verdict.PASSED,
    Verdict.SKIPPED,
    Verdict.XFAILED,
    Verdict.XPASSED,
    Verdict.NOT_RUN,
)


def notes(outcome: Outcome) -> str:
    """The notes beside the verdict, `leaked, slow`; empty where there are none."""
    return ", ".join(sorted(note.value for note in outcome.notes))


def cut_short(event: Interrupted) -> str:
    """Why a run ends before its plan does."""
    return f"{event.reason.value}: {event.wish}" if event.wish else event.reason.value


_ENDS_AT_ONCE = (StopReason.BLOCKED, StopReason.DEPARTED)


def stopping(event: Interrupted, planned: int) -> str:
    """What is said at once when a run of so many tests is cut short; of none where it had not come to its plan."""
    line = cut_short(event)
    if event.running and event.reason not in _ENDS_AT_ONCE:
        line += f"; cancelling {count(len(event.running), 'running test')}"
    return line if event.wish or not planned else line + _AGAIN.get(event.reason, "")


_AGAIN = {
    StopReason.USER: "; interrupt again to leave at once",
    StopReason.TERMINATED: "; another one leaves at once",
}


def running_then(event: Interrupted) -> str:
    """What heads the list of the tests that were running."""
    is_told_apart = event.wish or event.reason in _ENDS_AT_ONCE
    return f"{cut_short(event)}{'; running then' if is_told_apart else ' while running'}:"


def standing(event: Standing) -> str:
    """What heads the answer to the question what runs now."""
    number = len(event.running)
    what = f"{count(number, 'test')} {'runs' if number == 1 else 'run'}" if number else "no test runs"
    return f"{what} now, {duration(event.at)} after the start" + (":" if number else "")


def time_saved(tests: float, run: float) -> str:
    """What the tests of a run took together, and what it took itself."""
    return f"overlapping, {duration(tests)} of tests took {duration(run)}"


def work_to_share(worked: float, whole: float, processors: int) -> str:
    """What one process has worked alone, and who could share that; how long it takes then, nobody knows."""
    return (
        f"the tests held one processor for {duration(worked)} of {duration(whole)}; "
        f"-n auto would share that work among {processors} processors"
    )


def broken_reporter(event: ReporterFailed) -> str:
    """What happened to a reporter that raised."""
    return f"reporter {event.reporter!r} failed and was switched off, its output is not complete: {event.message}"


def lost_tests(number: int) -> str:
    """What is said when tests were planned and never ended: no run is green that lost one."""
    return f"{count(number, 'test')} ended without a verdict; this is a fault of rustest, please report it"


def no_tests(deselected: int, settings: Settings) -> str:
    """Why there was nothing to run, and where rustest looked."""
    if deselected:
        found = f"{count(deselected, 'test')}, all that were found"
        chosen = [flag for flag, is_given in _choosing(settings) if is_given]
        by = f"{enumerated(chosen)} deselected {found}" if chosen else f"deselected are {found}"
        return f"no test is left: {by}"
    if shard := settings.shard:
        return f"no test is in shard {shard}: take fewer shards, unless there are no tests at all"
    files = ", ".join(settings.python_files)
    return f"no tests were found: rustest looks for functions test* and classes Test* in files {files}"


def _choosing(settings: Settings) -> Iterator[tuple[str, object]]:
    """The options by which tests are deselected, each with whether it is given."""
    yield from (("-k", settings.keyword), ("-m", settings.markexpr), ("--deselect", settings.deselect))
    yield from (("--lf", settings.lf), ("--sw", settings.sw))
