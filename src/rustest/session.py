"""The whole program on one page: collect, plan, run, report.

Each stage takes what the one before it made, as plain data, and knows nothing else of it. The run tells what happens
as events; reporters print and write them, and folded together they are the `Report`.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from time import monotonic
from typing import TextIO, assert_never

from rustest.assertion.hook import rewriting
from rustest.builtin_fixtures.catalog import builtin_definitions
from rustest.collect.collector import collect
from rustest.model.events import FileSkipped, ProblemFound, RunStarted
from rustest.model.failure import Detail, keeping
from rustest.model.garbage import GarbageHeld
from rustest.model.history import NO_HISTORY, History
from rustest.model.item import Collection
from rustest.model.plan import Plan, Window
from rustest.model.report import Folding, Report
from rustest.model.settings import Capture, Listing, Settings, Traceback
from rustest.output.routing import Routing
from rustest.output.warning_filters import watched_warnings
from rustest.plan.forecast import forecast
from rustest.plan.planner import make_plan
from rustest.report.fanout import Fanout, NamedReporter
from rustest.report.history import HistoryReporter, recall
from rustest.report.reporters import make_reporters
from rustest.run.runner import run_plan


def run_session(
    settings: Settings,
    reporters: Sequence[NamedReporter] = (),
    *,
    stream: TextIO | None = None,
    terminal: TextIO | None = None,
) -> Report:
    """Run the tests that the settings ask for, tell the reporters, and say how it went.

    `stream` takes what is printed; `terminal` is where the user may type to ask what runs now. None stands for nobody.
    """
    began, (history, complaint) = monotonic(), recall(settings)
    is_stdout = stream is sys.stdout  # before it is routed
    routing = Routing(keeps=settings.capture is not Capture.NO, descends=settings.capture is Capture.FD)
    folding = Folding()
    with (
        _outside(settings, stream) as out,
        keeping(_detail(settings)),
        rewriting(settings),
        routing.open(),
        GarbageHeld() as garbage,
    ):
        own = make_reporters(settings, out, is_stdout=is_stdout)
        emit = Fanout([NamedReporter("report", folding), *own, *reporters])
        with watched_warnings(settings.filterwarnings) as filters:
            plan = _plan_session(settings, history)
            filters.complete()
            if settings.cache_dir:
                emit.put_first(NamedReporter("history", HistoryReporter(settings, plan.extent, complaint, emit)))
            _announce(plan, settings, history, emit)
            garbage.let_go()
            run_plan(plan, settings, emit, began, routing, terminal)
    return folding.report()


def _outside(settings: Settings, stream: TextIO | None) -> AbstractContextManager[TextIO | None]:
    """What leads where the stream does, and will when the settings have its descriptor captured."""
    if stream is None or settings.capture is not Capture.FD:
        return nullcontext(stream)
    from rustest.output.descriptors import copied

    return copied(stream.fileno())


def _detail(settings: Settings) -> Detail:
    return Detail(settings.showlocals, settings.full_trace, settings.tb is Traceback.NATIVE)


def _announce(plan: Plan, settings: Settings, history: History, emit: Fanout) -> None:
    """Tell what can be said before the first test starts."""
    durations = history.durations(plan.ids())
    expected = forecast(plan, durations, settings.concurrency)
    files = plan.tests_per_file()
    emit(RunStarted(plan.total, plan.deselected, settings.rootdir, durations, files, expected, plan.note))
    for problem in plan.problems:
        emit(ProblemFound(problem))
    for skipped in plan.skipped_files:
        emit(FileSkipped(skipped))


def run_window(plan: Plan, window: Window, settings: Settings) -> Report:
    """Run one window of a plan by itself, and tell nobody but the caller."""
    plan, folding = plan._replace(windows=(window,), problems=(), skipped_files=()), Folding()
    routing = Routing(keeps=True, descends=False)
    with keeping(_detail(settings)), routing.open(), watched_warnings(settings.filterwarnings) as filters:
        filters.complete()
        emit = Fanout([NamedReporter("report", folding)])
        _announce(plan, settings, NO_HISTORY, emit)
        run_plan(plan, settings, emit, monotonic(), routing)
    return folding.report()


def plan_session(settings: Settings) -> Plan:
    """All that can be known of the run before it starts; this imports the test files, and runs no test."""
    with rewriting(settings):
        return _plan_session(settings, recall(settings).history)


def _plan_session(settings: Settings, history: History) -> Plan:
    if settings.lf:  # the files of failures are enough, if there are any left
        plan = _plan(collect(settings, history.failed_in()), settings, history)
        if plan.total or any(problem.where in history.problems for problem in plan.problems):
            return plan
    return _plan(collect(settings), settings, history)


def _plan(collection: Collection, settings: Settings, history: History) -> Plan:
    return make_plan(collection._replace(fixtures=(*builtin_definitions(), *collection.fixtures)), settings, history)


def list_session(settings: Settings, listing: Listing) -> tuple[Plan, Iterator[str]]:
    """The plan, and the lines to print of it."""
    from rustest.report.fixture_listing import list_fixtures, list_fixtures_per_test
    from rustest.report.plan_listing import list_plan
    from rustest.report.test_listing import list_tests, list_tests_as_json

    with redirect_stdout(sys.stderr):  # what test files print as they are imported is no part of the listing
        plan = plan_session(settings)
    verbose, rootdir = settings.verbosity > 0, settings.rootdir
    match listing:
        case Listing.PLAN:
            return plan, list_plan(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES:
            return plan, list_fixtures(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES_PER_TEST:
            return plan, list_fixtures_per_test(plan, verbose=verbose, rootdir=rootdir)
        case Listing.TESTS:
            return plan, list_tests(plan, quiet=settings.verbosity < 0, rootdir=rootdir)
        case Listing.TESTS_JSON:
            return plan, list_tests_as_json(plan, rootdir)
        case _:
            assert_never(listing)


def explain_session(settings: Settings, node_id: str) -> tuple[Plan, Iterator[str]]:
    """The plan, and the lines to print of the tests of that id; raises UsageError where there are none.

    The whole run is planned, as only that says who overlaps. A test that is not in it is planned by itself.
    """
    from rustest.report.explanation import explain_steps, find_steps

    plan = plan_session(settings)
    found = find_steps(plan, node_id)
    if not found:
        settings = settings._replace(paths=(node_id,), keyword="", markexpr="")
        plan = plan_session(settings)
        found = [(window, step) for window in plan.windows for step in window.steps]
    return plan, explain_steps(plan, found, settings)
