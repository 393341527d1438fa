"""What is remembered of runs: read before a run is planned, and written when it ends."""

import os
from collections.abc import Callable, Iterator
from functools import cached_property

from rustest.model.cache_folder import HISTORY, clear_cache_folder, make_cache_folder, write_whole
from rustest.model.events import (
    Emit,
    Event,
    ProblemFound,
    RunFinished,
    RunStarted,
    TestConfirmed,
    TestFinished,
    TestStarted,
    WarningIssued,
)
from rustest.model.failure import Phase
from rustest.model.history import (
    NO_HISTORY,
    TENTHS,
    Disturbance,
    Ending,
    Entered,
    History,
    HistoryError,
    concerned,
    entry,
    parse_history,
    stamps_below,
    write_history,
)
from rustest.model.ids import SEPARATOR
from rustest.model.outcome import Verdict
from rustest.model.plan import Extent
from rustest.model.record import NamedTuple
from rustest.model.report import Report
from rustest.model.settings import Settings


class Recollection(NamedTuple):
    """What there is to remember, and why it may be less than it was."""

    history: History
    complaint: str = ""
    stamp: tuple[int, ...] = ()
    """What tells the file that was read from one that another run has put in its place since."""


def recall(settings: Settings) -> Recollection:
    """What earlier runs have left, after it was cleared if that is asked for."""
    if not settings.cache_dir:
        return Recollection(NO_HISTORY)
    folder = cache_folder(settings)
    if not settings.cache_clear:
        return _read(folder)
    try:
        clear_cache_folder(folder)
    except OSError as error:
        return Recollection(NO_HISTORY, f"the cache cannot be cleared: {error}")
    return Recollection(NO_HISTORY)


def cache_folder(settings: Settings) -> str:
    """The folder in which runs leave what the next ones need."""
    return os.path.join(settings.rootdir, settings.cache_dir)


def _read(folder: str, known: Recollection | None = None) -> Recollection:
    """What the file says, which is what is known already if nobody has written it since."""
    try:
        with open(os.path.join(folder, HISTORY), encoding="utf-8", errors="surrogatepass", newline="\n") as file:
            status = os.fstat(file.fileno())
            stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
            if known is not None and known.stamp == stamp:
                return known
            return Recollection(parse_history(file.read()), stamp=stamp)
    except (FileNotFoundError, NotADirectoryError):
        return Recollection(NO_HISTORY)
    except OSError as error:
        return Recollection(NO_HISTORY, f"what is remembered of earlier runs cannot be read: {error}")
    except (HistoryError, UnicodeDecodeError):
        complaint = "this is not what rustest has written: it is left out of account, and will be replaced"
        return Recollection(NO_HISTORY, complaint)


class HistoryReporter:
    """Writes down how the tests of a run ended, beside what is known of all others.

    That it has from the report, when the run is over: no test waits for it.
    """

    ignores = (TestStarted, TestFinished)

    def __init__(
        self, settings: Settings, extent: Extent, recalled: Recollection, tell: Emit, report: Callable[[], Report]
    ) -> None:
        self._settings = settings
        self._folder = cache_folder(settings)
        self._extent = extent
        self._recalled = recalled
        self._tell = tell
        self._report = report
        self._entries: dict[str, str] = {}
        self._problems: set[str] = set()
        self._disturbed: list[str] = []
        self._confirmed: set[str] = set()
        self._expected: set[str] = set()
        """The tests that have failed as they were expected to."""
        self._good = Entered(Ending.STEPPED if settings.sw else Ending.GOOD)
        self._stamp_of = stamps_below(settings.rootdir)
        self._is_through = True
        """Whether every test has run, and none ended badly."""

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, ProblemFound):
            self._is_through = False
            if event.problem.failure.phase is Phase.COLLECT and event.problem.where:
                self._problems.add(event.problem.where)
        elif isinstance(event, TestConfirmed):
            self._confirmed.add(event.id)
        elif isinstance(event, RunStarted) and self._recalled.complaint:
            self._complain(self._recalled.complaint)
        elif isinstance(event, RunFinished):
            self._note_all(self._report())
            if self._entries or self._problems:
                self._write()

    def _note_all(self, report: Report) -> None:
        good = self._good
        self._entries = {test: good[int(ended.duration * TENTHS + 0.5)] for test, ended in report.finished.items()}
        for finished in report.unusual:
            self._note(finished)

    def _note(self, event: TestFinished) -> None:
        verdict = event.outcome.verdict
        if event.outcome.interference is not None:
            self._disturbed.append(event.id)
        if verdict is Verdict.XFAILED:
            self._expected.add(event.id)
        if verdict is Verdict.NOT_RUN:  # what is known of it from earlier runs still holds
            self._is_through = False
            del self._entries[event.id]
        elif verdict.is_bad:
            self._is_through = False
            self._entries[event.id] = entry(Ending.BAD, event.duration)

    def _write(self) -> None:
        """Merge with what is there by now, which another run may have written meanwhile."""
        lines = self._merge(_read(self._folder, self._recalled).history)
        try:
            make_cache_folder(self._folder)
            write_whole(os.path.join(self._folder, HISTORY), lines)
        except OSError as error:
            self._complain(f"the run cannot be remembered: {error}; name another folder with --cache-dir")

    def _complain(self, message: str) -> None:
        self._tell(WarningIssued(None, "CacheWarning", message, os.path.join(self._folder, HISTORY), 1))

    def _merge(self, earlier: History) -> Iterator[str]:
        """What is known after the run: of the tests that did not run, what was known before, if they still exist."""
        files: dict[str, bool] = {}
        own = self._entries
        found = earlier.entries(without=own)
        others = {test: known for test, known in found.items() if self._exists(test, files)}
        entries = {**others, **own} if others else own
        if self._is_through or not self._settings.sw:
            good, stepped = Ending.GOOD.value, Ending.STEPPED.value
            begun = (others, own) if self._settings.sw else (others,)  # only such runs have steps of their own
            for test, known in ((test, known) for part in begun for test, known in part.items()):
                if known[:1] == stepped:
                    entries[test] = good + known[1:]
        problems = (problem for problem in earlier.problems if self._holds(problem))
        return write_history(entries, {*problems, *self._problems}, self._known_disturbed(earlier, files))

    def _known_disturbed(self, earlier: History, files: dict[str, bool]) -> dict[str, Disturbance]:
        """The tests that were disturbed: until their file changes, which may have mended them."""
        known = {
            test: one.after_run() if self._has_passed(test) else one
            for test, one in earlier.disturbed.items()
            if self._exists(test, files) and self._stamp(test) == one.stamp and not self._is_over(test, one)
        }
        again = {test: known[test].again() for test in self._disturbed if test in known}
        known |= {test: Disturbance(self._stamp(test)) for test in self._disturbed}
        known |= {test: Disturbance(self._stamp(test), 0, 0) for test in self._confirmed & self._expected}
        return known | again

    def _is_over(self, test: str, one: Disturbance) -> bool:
        """Whether a failure that was expected has not come about this time."""
        return one.is_none and test in self._entries and test not in self._expected

    def _has_passed(self, test: str) -> bool:
        """Whether it has shown again that it passes alone; with `strict_overlap` it had company."""
        ended = self._entries.get(test)
        return ended is not None and ended[:1] != Ending.BAD.value and not self._settings.strict_overlap

    def _stamp(self, test: str) -> str:
        return self._stamp_of(test.partition(SEPARATOR)[0])

    def _exists(self, test: str, files: dict[str, bool]) -> bool:
        file = test.partition(SEPARATOR)[0]
        if file in self._extent.files:
            return test in self._tests
        if file not in files:
            files[file] = os.path.exists(os.path.join(self._settings.rootdir, file))
        return files[file]

    @cached_property
    def _tests(self) -> frozenset[str]:
        """The tests of all files that were read; made where a test of one of them did not run."""
        return frozenset(item.id for item in self._extent.items)

    def _holds(self, problem: str) -> bool:
        """Whether the file of the problem is there still, and nothing that it concerns could be read in this run."""
        path = os.path.join(self._settings.rootdir, problem.partition(SEPARATOR)[0])
        return os.path.exists(path) and not any(_is_solved(problem, file) for file in self._extent.files)


def _is_solved(problem: str, file: str) -> bool:
    return problem.partition(SEPARATOR)[0] == file or concerned((problem,), file)
