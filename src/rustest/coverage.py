"""Coverage: which lines of the project the tests have run, measured by coverage.py in every process of a run."""

import os
from collections.abc import Callable, Generator, Iterable
from contextlib import ExitStack, contextmanager
from io import StringIO

from rustest.model.errors import UsageError
from rustest.model.events import (
    Emit,
    Event,
    Interrupted,
    ProblemFound,
    RunFinished,
    TestFinished,
    TestStarted,
    WarningIssued,
)
from rustest.model.failure import Phase, problem, type_name
from rustest.model.hints import TYPE_CHECKING, TextIO
from rustest.model.item import Problem
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from coverage import Coverage

_MISSING = "--cov needs coverage.py: pip install 'rustest[cov]'"
_PREFIX = "measured"
_ALL = 100.0
_MEASURING: "list[Coverage]" = []
"""What measures in this process, or did in the one from which it was forked."""


class Measures:
    """What all processes measure: added up when the run has ended, before reporters hear of that."""

    ignores = (TestStarted, TestFinished)

    def __init__(self, settings: Settings, folder: str, stop: Callable[[], None], stream: TextIO | None) -> None:
        self.folder = folder
        """Where processes leave it; empty where nothing is to be measured."""
        self._tables = StringIO()
        self._stream = stream
        """Where they are printed; None for nowhere."""
        self._settings = settings
        self._stop = stop
        self._is_whole = True
        self._is_open = bool(folder)

    def hear(self, event: Event, tell: Emit) -> None:
        """Tell if too little is covered, or if nobody can know, at the end of a run that was not cut short."""
        if isinstance(event, Interrupted):
            self._is_whole = False
        elif isinstance(event, RunFinished) and self._is_whole:
            self._tell_sum(tell)

    def print_tables(self, event: Event) -> None:
        """Print the tables that the settings ask for, at the end of any run."""
        if isinstance(event, RunFinished):
            self.sum_up()
            if self._stream is not None and (tables := self._tables.getvalue()):
                self._stream.write(tables if self._settings.verbosity < 0 else f"\n{tables}")

    def _tell_sum(self, tell: Emit) -> None:
        import warnings

        with warnings.catch_warnings(record=True) as given:
            warnings.simplefilter("default")  # the filters of the settings are for the project
            problem = self.sum_up()
        for one in given:
            tell(WarningIssued(None, type_name(one.category), str(one.message), one.filename, one.lineno))
        if problem is not None:
            tell(ProblemFound(problem))

    def sum_up(self) -> Problem | None:
        """Measure no longer, and make the reports; gives what is wrong with the sum, the first time."""
        if not self._is_open:
            return None
        self._is_open = False
        self._stop()
        return _sum_up(self._settings, self.folder, None if self._settings.llm else self._tables)


@contextmanager
def coverage(settings: Settings, stream: TextIO | None) -> Generator[Measures]:
    """Measure what runs in the block, add up what all processes have measured, and report as the settings ask.

    Tables are printed to the stream when reporters hear of the run's end. Raises UsageError where coverage.py is not
    there, and where the tests run on other machines.
    """
    if not settings.cov or settings.no_cov:
        yield Measures(settings, "", ExitStack().close, None)
        return
    if settings.dask is not None:
        raise UsageError("--cov measures on this machine only: leave out --cov or --dask")
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="rustest-coverage-") as folder, ExitStack() as measuring:
        measuring.enter_context(measured(settings, folder))
        measures = Measures(settings, folder, measuring.close, stream)
        yield measures
        measures.sum_up()


@contextmanager
def measured(settings: Settings, folder: str) -> Generator[None]:
    """Measure what this process runs in the block, and leave it in that folder; nothing without a folder."""
    if not folder:
        yield
        return
    while _MEASURING:  # in a forked process, by the one before
        _MEASURING.pop().stop()
    measuring = _make(settings, f"{folder}/{_PREFIX}")
    _start(measuring)
    _MEASURING.append(measuring)
    try:
        yield
    finally:
        measuring.stop()
        measuring.save()
        _MEASURING.remove(measuring)


def _start(measuring: "Coverage") -> None:
    """Begin to measure; raises UsageError where a plugin that coverage.py's settings name cannot be had."""
    from coverage.exceptions import CoverageException

    try:
        measuring.start()
    except (CoverageException, ImportError) as error:
        raise UsageError(f"--cov: {error}; install what coverage.py's settings name, or give --no-cov") from None


def _make(settings: Settings, data_file: str | None = None) -> "Coverage":
    """What measures, or reads what was measured; with no file, it has the one that coverage.py's commands look for."""
    try:
        from coverage import Coverage
        from coverage.exceptions import CoverageException
    except ImportError:
        raise UsageError(_MISSING) from None
    config, branch = settings.cov_config or True, settings.cov_branch or None
    # a `--cov` without a path stands for what coverage.py's own settings name
    source = list(settings.cov) if all(settings.cov) else None
    try:
        if data_file is None:
            return Coverage(source=source, branch=branch, config_file=config, messages=False)
        return Coverage(data_file, True, source=source, branch=branch, config_file=config, messages=False)
    except CoverageException as error:
        raise UsageError(f"--cov: {error}") from None


def _sum_up(settings: Settings, folder: str, stream: TextIO | None) -> Problem | None:
    """Leave the sum where coverage.py looks for it, so that its own commands can tell more; say if it is too little."""
    from coverage.exceptions import CoverageException, NoDataError

    total = _make(settings)
    try:
        if settings.cov_append:
            total.load()
        total.combine([os.path.join(folder, name) for name in os.listdir(folder)])
        total.save()
        percent = _report(total, settings.cov_report, stream)
    except CoverageException as error:
        if not isinstance(error, NoDataError) or settings.cov_fail_under:
            return _lost(str(error))
        if stream is not None:
            stream.write(f"coverage: {error}\n")
        return None
    return _judge(total, percent, settings)


def _report(total: "Coverage", reports: Iterable[str], stream: TextIO | None) -> float:
    """Make all reports that are asked for, and say how much is covered, in percent."""
    for asked in reports:
        kind, _, target = asked.partition(":")
        where = target or None
        match kind:
            case "html":
                total.html_report(directory=where)
            case "xml":
                total.xml_report(outfile=where)
            case "json":
                total.json_report(outfile=where)
            case "lcov":
                total.lcov_report(outfile=where)
            case "annotate":
                total.annotate(directory=where)
            case "term" | "term-missing" if stream is not None:
                missing, skips = kind == "term-missing" or None, target == "skip-covered" or None
                total.report(file=stream, show_missing=missing, skip_covered=skips)
            case _:
                pass  # an empty text: no report
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        return total.report(file=nowhere)


def _judge(total: "Coverage", percent: float, settings: Settings) -> Problem | None:
    asked = total.get_option("report:fail_under") if settings.cov_fail_under is None else settings.cov_fail_under
    precision = total.get_option("report:precision")
    if not isinstance(asked, int | float) or not isinstance(precision, int):
        return None
    reached = round(percent, precision) if asked < _ALL else percent  # 99.99 percent are not all, however rounded
    if reached >= asked:
        return None
    return _lost(f"{reached:.4g}% of the lines are covered, and at least {asked:g}% are asked for")


def _lost(message: str) -> Problem:
    return Problem("coverage", problem(Phase.COLLECT, message))
