"""The report: a run's events, folded."""

import enum
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from rustest.model.events import (
    Event,
    FileSkipped,
    FixtureSetUp,
    FixtureTornDown,
    Interrupted,
    ProblemFound,
    ReporterFailed,
    RunFinished,
    RunStarted,
    Standing,
    StopReason,
    StrayOutput,
    TestConfirmed,
    TestFinished,
    TestSetAside,
    TestStarted,
    WarningIssued,
)
from rustest.model.hints import assert_never
from rustest.model.item import Problem, SkippedFile
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.model.properties import Property
from rustest.model.record import NamedTuple


class ExitStatus(enum.IntEnum):
    """What the process says of the run: pytest's own numbers, and a shell's for what SIGTERM has ended."""

    OK = 0
    FAILURES = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE_ERROR = 4
    NO_TESTS = 5
    TOO_MANY_WARNINGS = 6
    TERMINATED = 143


STOPPED: Mapping[StopReason, ExitStatus] = {
    StopReason.USER: ExitStatus.INTERRUPTED,
    StopReason.TERMINATED: ExitStatus.TERMINATED,
    StopReason.INCOMPLETE: ExitStatus.INTERRUPTED,
    StopReason.UNPREPARED: ExitStatus.USAGE_ERROR,
}
"""What the status is for some reasons to stop, whatever else there is to say."""


class Report(NamedTuple):
    """How a run went, test by test."""

    finished: Mapping[str, TestFinished]
    """By node id, in the order in which the tests ended."""
    problems: tuple[Problem, ...] = ()
    skipped_files: tuple[SkippedFile, ...] = ()
    interrupted: Interrupted | None = None
    broken_reporters: tuple[ReporterFailed, ...] = ()
    warnings: tuple[WarningIssued, ...] = ()
    """In the order in which they were given, also those alike."""
    stray: tuple[StrayOutput, ...] = ()
    """What was printed and logged by no test."""
    deselected: int = 0
    total: int = 0
    duration: float = 0.0
    properties: tuple[Property, ...] = ()
    """What was recorded of the run as a whole."""
    chosen_status: int | None = None
    """What the process says of the run where a test or a hook has decided that."""
    worked: float = 0.0
    """For how many seconds this process held a processor for the tests."""
    unusual: tuple[TestFinished, ...] = ()
    """Those of the finished tests of which there may be more to say than that they passed; few, in most runs."""

    def outcome(self, node_id: str) -> Outcome:
        """The outcome of that test; raises KeyError where no such test was planned."""
        return self.finished[node_id].outcome

    def ids(self, verdict: Verdict) -> tuple[str, ...]:
        """The tests with that verdict, in the order in which they ended."""
        return tuple(node_id for node_id, finished in self.finished.items() if finished.outcome.verdict is verdict)

    def counts(self) -> dict[Verdict, int]:
        """How many tests have each verdict; verdicts that no test has are left out."""
        return counted(self.unusual, len(self.finished))

    def __repr__(self) -> str:
        """How the run went, in a line: programs and notebooks print what `run` gives them, and all of it is long."""
        parts = [f"{number} {verdict.value}" for verdict, number in self.counts().items()]
        if problems := len(self.problems):
            parts.append(f"{problems} problem{'s' if problems > 1 else ''}")
        return f"<Report: {', '.join(parts) or 'no tests ran'}; status {int(self.exit_status)}>"

    @property
    def status(self) -> ExitStatus:
        """Green means that at least one test ran and that nothing was lost."""
        counts = self.counts()
        if self.interrupted and (status := STOPPED.get(self.interrupted.reason)):
            return status
        if self.broken_reporters or len(self.finished) < self.total:
            return ExitStatus.INTERNAL_ERROR
        if self.problems or any(verdict.is_bad for verdict in counts):
            return ExitStatus.FAILURES
        return ExitStatus.OK if self.finished else ExitStatus.NO_TESTS

    def bounded(self, max_warnings: int | None) -> "Report":
        """The report, whose status says so if the run would be green and has more warnings than that."""
        if max_warnings is None or len(self.warnings) <= max_warnings or self.exit_status != ExitStatus.OK:
            return self
        return self._replace(chosen_status=ExitStatus.TOO_MANY_WARNINGS)

    @property
    def exit_status(self) -> int:
        """What the process says of the run; nobody can choose that where a reporter broke."""
        return self.status if self.chosen_status is None or self.broken_reporters else self.chosen_status


def counted(unusual: Sequence[TestFinished], total: int) -> dict[Verdict, int]:
    """How many of so many tests have each verdict, from those that did not simply pass."""
    counts = {Verdict.PASSED: total - len(unusual)} if len(unusual) < total else {}
    for finished in unusual:
        verdict = finished.outcome.verdict
        counts[verdict] = counts.get(verdict, 0) + 1
    return counts


def bad_tests(finished: Iterable[TestFinished]) -> list[TestFinished]:
    """Those that make the run red, by id: overlapping tests end in any order, and two runs should read alike."""
    bad = (one for one in finished if one.outcome.verdict.is_bad)
    return sorted(bad, key=lambda one: as_read(one.id))


def as_read(node_id: str) -> str:
    """What sorts ids as people read them: `test_x[9]` before `test_x[10]`."""
    runs = groupby(node_id, str.isdecimal)
    return "".join("".join(run).zfill(_DIGITS) if is_number else "".join(run) for is_number, run in runs)


_DIGITS = 20
"""How many digits the numbers in ids may have and be sorted by what they are worth."""


def fold(events: Iterable[Event]) -> Report:
    """What the events amount to."""
    folding = Folding()
    for event in events:
        folding(event)
    return folding.report()


class Folding:
    """A reporter that folds events as they come."""

    ignores = (TestStarted,)

    def __init__(self) -> None:
        self._finished: dict[str, TestFinished] = {}
        self._is_given = False
        """Whether a report has them, and they must not change any more."""
        self._unusual: dict[str, TestFinished] = {}
        self._problems: list[Problem] = []
        self._skipped: list[SkippedFile] = []
        self._broken: list[ReporterFailed] = []
        self._warnings: list[WarningIssued] = []
        self._stray: list[StrayOutput] = []
        self._interrupted: Interrupted | None = None
        self._started = RunStarted(0, 0, "")
        self._ended = RunFinished(0.0)

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case TestFinished():
                self.end_test(event)
            case TestStarted() | TestSetAside() | TestConfirmed() | FixtureSetUp() | FixtureTornDown() | Standing():
                pass
            case RunStarted():
                self._started = event
            case ProblemFound():
                self._problems.append(event.problem)
            case FileSkipped():
                self._skipped.append(event.skipped)
            case Interrupted():
                self._interrupted = event
            case WarningIssued():
                self._warnings.append(event)
            case StrayOutput():
                self._stray.append(event)
            case ReporterFailed():
                self._broken.append(event)
            case RunFinished():
                self._ended = event
            case _:
                assert_never(event)

    def end_test(self, event: TestFinished) -> None:
        """Take one test's end in."""
        if self._is_given:
            self._finished, self._is_given = dict(self._finished), False
        self._finished[event.id] = event
        if event.outcome is not PASSED:
            self._unusual[event.id] = event
        elif self._unusual:  # of shards, two may have run one test
            self._unusual.pop(event.id, None)

    def report(self) -> Report:
        """The report of what came so far."""
        self._is_given = True
        return Report(
            self._finished,
            tuple(self._problems),
            tuple(self._skipped),
            self._interrupted,
            tuple(self._broken),
            tuple(self._warnings),
            tuple(self._stray),
            self._started.deselected,
            self._started.total,
            self._ended.duration,
            self._ended.properties,
            self._interrupted.status if self._interrupted else None,
            self._ended.worked,
            tuple(self._unusual.values()),
        )
