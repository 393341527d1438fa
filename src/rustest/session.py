"""The whole program on one page: collect, plan, run, report.

Each stage takes what the one before it made, as plain data, and knows nothing else of it. The run tells what happens
as events; reporters print and write them, and folded together they are the `Report`.
"""

from collections.abc import Iterator, Sequence
from time import perf_counter
from typing import TextIO

from rustest.collect.collector import collect
from rustest.model.events import FileSkipped, ProblemFound, RunFinished, RunStarted
from rustest.model.plan import Plan
from rustest.model.report import Folding, Report
from rustest.model.settings import Settings
from rustest.plan.planner import make_plan
from rustest.report.fanout import Fanout, NamedReporter
from rustest.run.runner import run_plan


def run_session(settings: Settings, reporters: Sequence[NamedReporter] = ()) -> Report:
    """Run the tests that the settings ask for, tell the reporters, and say how it went."""
    started = perf_counter()
    plan = plan_session(settings)
    folding = Folding()
    emit = Fanout([NamedReporter("report", folding), *reporters])
    emit(RunStarted(plan.total, plan.deselected, settings.rootdir))
    for problem in plan.problems:
        emit(ProblemFound(problem))
    for skipped in plan.skipped_files:
        emit(FileSkipped(skipped))
    try:
        run_plan(plan, settings, emit)
    finally:  # whatever happens, reporters get to write what they have
        emit(RunFinished(perf_counter() - started))
    return folding.report()


def plan_session(settings: Settings) -> Plan:
    """All that can be known of the run before it starts; this imports the test files, and runs no test."""
    return make_plan(collect(settings), settings)


def list_session(settings: Settings) -> tuple[Plan, Iterator[str]]:
    """The plan, and the lines that `--plan` prints of it."""
    from rustest.report.plan_listing import list_plan

    plan = plan_session(settings)
    return plan, list_plan(plan, verbose=settings.verbosity > 0, rootdir=settings.rootdir)


def make_reporters(settings: Settings, stream: TextIO | None) -> list[NamedReporter]:
    """The reporters that the settings ask for, and one that prints where there is a stream."""
    reporters: list[NamedReporter] = []
    if stream:
        from rustest.report.terminal import TerminalReporter

        reporters.append(NamedReporter("terminal", TerminalReporter(stream, settings)))
    if settings.junit_xml:
        from rustest.report.junit import JUnitReporter

        reporters.append(NamedReporter("JUnit", JUnitReporter(settings.junit_xml)))
    return reporters
