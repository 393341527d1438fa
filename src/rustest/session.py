"""The whole program on one page: collect, plan, run, report.

Each stage takes what the one before it made, as plain data, and knows nothing else of it. The run tells what happens
as events; reporters print and write them, and folded together they are the `Report`.
"""

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TextIO, assert_never

from rustest.builtin_fixtures.catalog import builtin_definitions
from rustest.collect.collector import collect
from rustest.model.events import FileSkipped, ProblemFound, RunStarted
from rustest.model.plan import Plan
from rustest.model.report import Folding, Report
from rustest.model.settings import Listing, Settings
from rustest.plan.planner import make_plan
from rustest.report.fanout import Fanout, NamedReporter
from rustest.run.runner import run_plan


def run_session(settings: Settings, reporters: Sequence[NamedReporter] = ()) -> Report:
    """Run the tests that the settings ask for, tell the reporters, and say how it went."""
    began = monotonic()
    plan = plan_session(settings)
    folding = Folding()
    emit = Fanout([NamedReporter("report", folding), *reporters])
    emit(RunStarted(plan.total, plan.deselected, settings.rootdir))
    for problem in plan.problems:
        emit(ProblemFound(problem))
    for skipped in plan.skipped_files:
        emit(FileSkipped(skipped))
    run_plan(plan, settings, emit, began)
    return folding.report()


def plan_session(settings: Settings) -> Plan:
    """All that can be known of the run before it starts; this imports the test files, and runs no test."""
    collection = collect(settings)
    return make_plan(collection._replace(fixtures=(*builtin_definitions(), *collection.fixtures)), settings)


def list_session(settings: Settings, listing: Listing) -> tuple[Plan, Iterator[str]]:
    """The plan, and the lines to print of it."""
    from rustest.report.fixture_listing import list_fixtures, list_fixtures_per_test
    from rustest.report.plan_listing import list_plan
    from rustest.report.test_listing import list_tests

    plan, verbose, rootdir = plan_session(settings), settings.verbosity > 0, settings.rootdir
    match listing:
        case Listing.PLAN:
            return plan, list_plan(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES:
            return plan, list_fixtures(plan, verbose=verbose, rootdir=rootdir)
        case Listing.FIXTURES_PER_TEST:
            return plan, list_fixtures_per_test(plan, verbose=verbose, rootdir=rootdir)
        case Listing.TESTS | Listing.TESTS_JSON:
            return plan, list_tests(plan)
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


def make_reporters(settings: Settings, stream: TextIO | None) -> list[NamedReporter]:
    """The reporters that the settings ask for, and last, to tell if those fail, one that prints to a stream."""
    reporters: list[NamedReporter] = []
    if settings.junit_xml:
        from rustest.report.junit import JUnitReporter

        reporters.append(NamedReporter("JUnit", JUnitReporter(settings.junit_xml)))
    if stream:
        from rustest.report.terminal import TerminalReporter

        reporters.append(NamedReporter("terminal", TerminalReporter(stream, settings)))
    return reporters
