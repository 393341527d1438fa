"""The whole program on one page: collect, plan, run, report.

Each stage takes what the one before it made, as plain data, and knows nothing else of it. `planning.py` joins the first
two, for those too who want a plan and no run. The run tells what happens as events; reporters print and write them,
and folded together they are the `Report`.
"""

import os
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from time import monotonic

from rustest.collect.importer import missing_paths
from rustest.compat.door import pytest_door
from rustest.coverage import Measures, coverage, measured
from rustest.model.choices import Capture
from rustest.model.events import Emit, FileSkipped, Interrupted, ProblemFound, RunStarted
from rustest.model.garbage import GarbageHeld
from rustest.model.hints import TYPE_CHECKING, NoReturn, TextIO
from rustest.model.history import NO_HISTORY, History
from rustest.model.plan import Plan, Window
from rustest.model.report import Folding, Report
from rustest.model.settings import Settings
from rustest.output.recording import outside, recording
from rustest.output.routing import Routing
from rustest.output.warning_filters import Filters, watched_warnings
from rustest.planning import Project, opened, plan_opened
from rustest.report.fanout import Fanout, NamedReporter
from rustest.report.history import HistoryReporter, Recollection, recall
from rustest.report.reporters import make_reporters, shown_collecting
from rustest.run.checks.moves import noted_moves
from rustest.run.runner import run_plan
from rustest.run.stops.interrupts import Terminable

if TYPE_CHECKING:
    from rustest.run.station import Perform


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
    began, recalled = monotonic(), recall(settings)
    is_stdout = stream is sys.stdout  # before it is routed
    folding = Folding()
    with (
        Terminable() as sigterm,
        outside(settings, stream) as out,
        coverage(settings, out) as measures,
        recording(settings) as routing,
        noted_moves(settings.strict),
        GarbageHeld() as garbage,
        shown_collecting(settings, out) or nullcontext() as shown,
        opened(settings, watch=None if shown is None else shown.begin_file) as project,
    ):
        emit = Fanout([*_listeners(project, out, folding, measures, is_stdout=is_stdout), *reporters])
        with _watching(project.settings) as filters:
            plan = _plan_unless_interrupted(project, recalled.history, sigterm)
            settings = project.door.settle(project.settings)
            plan = _what_will_run(plan, settings).noting(*filters.complete())
            if shown is not None:
                shown.end()
            for keeper in _keepers(plan, settings, recalled, measures, emit, folding):
                emit.put_first(keeper)
            garbage.sweep()
            garbage.let_go()  # before workers are forked, which share what is there
            with _performing(plan, routing, settings, began, measures.folder) as perform:
                perform(_announce(plan, settings, recalled.history, emit), emit, terminal)
    report = folding.report().bounded(settings.max_warnings)
    return report if (chosen := project.hooks.chosen_status) is None else report._replace(chosen_status=chosen)


def _listeners(
    project: Project, out: TextIO | None, folding: Folding, measures: Measures, *, is_stdout: bool
) -> Iterator[NamedReporter]:
    """Who hears of the run from its beginning: what sums it up, what the settings ask for, and hooks."""
    settings, others = project.settings, list[NamedReporter]()
    yield NamedReporter("report", folding, Folding.ignores, looks_ahead=False, end_test=folding.end_test)
    heard = project.hooks.reporter(out, lambda: folding.report().bounded(settings.max_warnings).exit_status)
    if heard is not None:
        others.append(NamedReporter("hooks of pytest", heard))
    if measures.folder:
        others.append(NamedReporter("tables of coverage", measures.print_tables, measures.ignores, looks_ahead=False))
    yield from make_reporters(settings, out, folding.report, others, is_stdout=is_stdout)


def _keepers(
    plan: Plan, settings: Settings, recalled: Recollection, measures: Measures, emit: Emit, folding: Folding
) -> Iterator[NamedReporter]:
    """Who adds up what the run leaves beside its report, and has a say before the others hear of its end."""
    if measures.folder:
        yield NamedReporter("coverage", partial(measures.hear, tell=emit), measures.ignores)
    if settings.cache_dir and not settings.is_rehearsal:
        keeper = HistoryReporter(settings, plan.extent, recalled, emit, folding.report)
        yield NamedReporter("history", keeper, keeper.ignores, looks_ahead=False)


def _watching(settings: Settings) -> AbstractContextManager[Filters]:
    """What watches over warnings; in suites of pytest's, the settings' filters count from the first import on."""
    return watched_warnings(settings.filterwarnings, at_once=settings.pytest is not None)


def _plan_unless_interrupted(project: Project, history: History, sigterm: Terminable) -> Plan:
    try:
        plan = plan_opened(project, history)
        sigterm.heed()
    except KeyboardInterrupt as interrupt:
        from rustest.plan.interrupted import interrupted_plan

        return interrupted_plan(interrupt, project.settings.rootdir, project.hooks)
    return plan


def _what_will_run(plan: Plan, settings: Settings) -> Plan:
    """The plan, without tests where it is stopped, and with their fixtures alone where that is asked for."""
    if plan.stopped:
        return plan._replace(windows=())
    if not settings.is_rehearsal:
        return plan
    from rustest.plan.rehearsal import rehearsed

    return rehearsed(plan, settings)


@contextmanager
def _performing(plan: Plan, routing: Routing, settings: Settings, began: float, measures: str) -> "Generator[Perform]":
    """What runs the plan: this process, or workers, which are forked now, before reporters start threads."""
    if not (settings.workers or settings.dask) or settings.pdb or not plan.total:
        yield lambda durations, emit, terminal: run_plan(plan, settings, emit, began, routing, terminal)
        return
    from rustest.builtin_fixtures.base_folder import made_base
    from rustest.workers.hiring import hired
    from rustest.workers.work import Assignment

    run_began = monotonic()
    with made_base(settings.basetemp, settings.tmp_path_retention_count) as base:
        assignment = Assignment(settings._replace(basetemp=base), began, run_began, measures)
        with hired(plan, routing, assignment, partial(measured, settings, measures)) as perform:
            yield perform


def serve_session(channel: int, record: int, number: int) -> NoReturn:
    """Be a worker, in a process of its own that has to collect and plan the tests for itself."""
    from rustest.workers.spawning import Post

    post = Post(channel, record, number)
    assignment = post.assignment
    post.seat.tell()  # before plugins and conftest files are imported
    os.chdir(assignment.folder or os.curdir)
    settings = assignment.settings._replace(cache_clear=False)  # that has been done
    with (
        measured(settings, assignment.measures),
        recording(settings) as routing,
        noted_moves(settings.strict),
        opened(settings, post.seat) as project,
        _watching(project.settings) as filters,
    ):
        plan = plan_opened(project, recall(settings).history)
        filters.complete()
        post.serve(plan, routing)
    post.leave()


def _announce(plan: Plan, settings: Settings, history: History, emit: Fanout) -> Mapping[str, float]:
    """Tell what can be said before the first test starts, and give how long tests took if anybody wants to know."""
    durations: Mapping[str, float] = {}
    if emit.looks_ahead or settings.workers or settings.dask:
        durations = {**_durations_elsewhere(plan, settings), **history.durations(plan.ids())}
    expected = _expected(plan, durations, settings) if durations else None
    files = plan.tests_per_file()
    note = start_notes(plan, settings)
    emit(RunStarted(plan.total, plan.deselected, settings.rootdir, durations, files, expected, note, settings.shard))
    for problem in plan.problems:
        emit(ProblemFound(problem))
    for skipped in plan.skipped_files:
        emit(FileSkipped(skipped))
    if plan.stopped:
        emit(Interrupted(plan.stopped, ()))
    return durations


def _durations_elsewhere(plan: Plan, settings: Settings) -> Mapping[str, float]:
    if settings.durations_from is None:
        return {}
    from rustest.model.durations import read_durations

    known = read_durations(settings.rootdir, settings.durations_from)
    return {node_id: known[node_id] for node_id in plan.ids() if node_id in known}


def _expected(plan: Plan, durations: Mapping[str, float], settings: Settings) -> float | None:
    from rustest.plan.forecast import forecast

    return forecast(plan, durations, settings.concurrency, settings.workers or 1)


def run_window(plan: Plan, window: Window, settings: Settings) -> Report:
    """Run one window of a plan by itself, and tell nobody but the caller."""
    plan, folding = plan._replace(windows=(window,), problems=(), skipped_files=()), Folding()
    settings = settings._replace(capture=Capture.SYS)
    with recording(settings) as routing, pytest_door(settings), _watching(settings) as filters:
        filters.complete()
        emit = Fanout([NamedReporter("report", folding, Folding.ignores)])
        _announce(plan, settings, NO_HISTORY, emit)
        run_plan(plan, settings, emit, monotonic(), routing)
    return folding.report()


def start_notes(plan: Plan, settings: Settings) -> str:
    """What is to be said before the first test, a line each."""
    of_pytest = settings.pytest.tell(verbose=settings.verbosity > 0) if settings.pytest is not None else ()
    return "\n".join((*of_pytest, *missing_paths(settings), *plan.hooks.tell(), *filter(None, (plan.note,))))
