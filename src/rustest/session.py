"""The whole program on one page: collect, plan, run, report.

Each stage takes what the one before it made, as plain data, and knows nothing else of it. The run tells what happens
as events; reporters print and write them, and folded together they are the `Report`.
"""

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, redirect_stdout
from time import monotonic
from typing import TextIO, assert_never

from rustest.assertion.hook import rewriting
from rustest.builtin_fixtures.catalog import builtin_definitions
from rustest.collect.collector import collect
from rustest.model.events import FileSkipped, ProblemFound, RunStarted
from rustest.model.failure import Detail, keeping
from rustest.model.plan import Plan
from rustest.model.report import Folding, Report
from rustest.model.settings import Capture, Listing, Settings, Traceback
from rustest.output.routing import Routing
from rustest.output.warning_filters import watched_warnings
from rustest.plan.forecast import forecast
from rustest.plan.planner import make_plan
from rustest.report.fanout import Fanout, NamedReporter
from rustest.run.runner import run_plan


def run_session(settings: Settings, reporters: Sequence[NamedReporter] = (), terminal: TextIO | None = None) -> Report:
    """Run the tests that the settings ask for, tell the reporters, and say how it went.

    `terminal` is where the user may type to ask what runs now; with None, nobody reads what is typed.
    """
    began, folding = monotonic(), Folding()
    emit = Fanout([NamedReporter("report", folding), *reporters])
    routing = Routing(keeps=settings.capture is not Capture.NO, descends=settings.capture is Capture.FD)
    detail = Detail(settings.showlocals, settings.full_trace, settings.tb is Traceback.NATIVE)
    with (
        keeping(detail),
        rewriting(settings),
        routing.open(),
        watched_warnings(settings.filterwarnings) as filters,
    ):
        plan = plan_session(settings)
        filters.complete()
        emit(started(plan, settings, {}))
        for problem in plan.problems:
            emit(ProblemFound(problem))
        for skipped in plan.skipped_files:
            emit(FileSkipped(skipped))
        run_plan(plan, settings, emit, began, routing, terminal)
    return folding.report()


def started(plan: Plan, settings: Settings, durations: Mapping[str, float]) -> RunStarted:
    """The first event, with what can be said beforehand; `durations` are those of earlier runs."""
    expected = forecast(plan, durations, settings.concurrency)
    return RunStarted(plan.total, plan.deselected, settings.rootdir, durations, plan.tests_per_file(), expected)


def plan_session(settings: Settings) -> Plan:
    """All that can be known of the run before it starts; this imports the test files, and runs no test."""
    with rewriting(settings):
        collection = collect(settings)
    return make_plan(collection._replace(fixtures=(*builtin_definitions(), *collection.fixtures)), settings)


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


def outside_stream(settings: Settings, stream: TextIO) -> AbstractContextManager[TextIO]:
    """What leads where the stream does, and will when the settings have its descriptor captured."""
    if settings.capture is not Capture.FD:
        return nullcontext(stream)
    from rustest.output.descriptors import copied

    return copied(stream.fileno())


def make_reporters(settings: Settings, stream: TextIO | None) -> list[NamedReporter]:
    """The reporters that the settings ask for, and behind those of files one that prints to a stream.

    Raises UsageError where a report cannot be written.
    """
    return [*_file_reporters(settings), *(_stream_reporters(settings, stream) if stream else ())]


def _file_reporters(settings: Settings) -> Iterator[NamedReporter]:
    if settings.junit_xml or settings.report_jsonl:
        from rustest.report.report_file import check_apart

        check_apart({"--junit-xml": settings.junit_xml, "--report-jsonl": settings.report_jsonl})
    if settings.junit_xml:
        from rustest.report.junit import JUnitReporter

        yield NamedReporter("JUnit", JUnitReporter(settings.junit_xml))
    if settings.report_jsonl:
        from rustest.report.jsonl import JsonLinesReporter

        yield NamedReporter("JSON lines", JsonLinesReporter(settings.report_jsonl))


def _stream_reporters(settings: Settings, stream: TextIO) -> Iterator[NamedReporter]:
    if os.environ.get("GITHUB_ACTIONS") == "true" and stream is sys.stdout:  # GitHub reads no other stream
        yield from _github_reporters(settings, stream)
    if settings.llm:
        from rustest.report.llm import LlmReporter

        yield NamedReporter("LLM", LlmReporter(stream, settings))
    else:
        from rustest.report.terminal import TerminalReporter

        yield NamedReporter("terminal", TerminalReporter(stream, settings))


def _github_reporters(settings: Settings, stream: TextIO) -> Iterator[NamedReporter]:
    from rustest.report.github import AnnotationReporter
    from rustest.report.github_summary import StepSummaryReporter

    if not settings.llm:  # whose reader wants nothing else on standard output
        workspace = os.environ.get("GITHUB_WORKSPACE", "")
        yield NamedReporter("GitHub annotations", AnnotationReporter(stream, settings.rootdir, workspace))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        yield NamedReporter("GitHub summary", StepSummaryReporter(summary, settings.rootdir))
