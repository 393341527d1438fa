"""`rustest doctor`, from the settings to what is told and the exit status."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout

from rustest.doctor.comparison import Comparison, Lone, compare
from rustest.doctor.pytest_side import Side, ask_pytest
from rustest.doctor.waiting import Stays, measure, saved_by_overlap
from rustest.model.plan import Plan, ProblemStep
from rustest.model.report import ExitStatus
from rustest.model.settings import Settings
from rustest.planning import plan_session
from rustest.report.failure.failures import headline
from rustest.report.idle_processors import unshared_work
from rustest.report.messages import LISTED, count, duration, indent, listing
from rustest.session import start_notes

Tell = Callable[[str], object]

_NO_PYTEST = "pytest is not installed here, so nothing is compared: pip install pytest and what plugins the suite needs"


def examine(settings: Settings, words: Sequence[str], as_usual: Settings | None, tell: Tell) -> ExitStatus:
    """Collect under pytest and here, tell what differs and why, and how much the tests wait when they run `as_usual`.

    `words` are what both are told on their command lines. None stands for no run. Raises UsageError where either
    cannot collect.
    """
    there = ask_pytest(words, settings.rootdir)
    stays = None if as_usual is None else measure(as_usual)
    with redirect_stdout(sys.stderr):  # what test files print as they are imported is none of this
        plan = plan_session(settings).plan
    here = _own_side(plan)
    skips = {skipped.file: f"the file skips itself: {skipped.reason}" for skipped in plan.skipped_files}
    compared = None if there is None else compare(there, here._replace(errors={**here.errors, **skips}))
    for line in _tell_all(there, here, compared, start_notes(plan, settings)):
        tell(line)
    if as_usual is not None and stays is not None:
        with redirect_stdout(sys.stderr):
            planned = plan if as_usual.pytest is not None else plan_session(as_usual).plan
        for line in _tell_waiting(planned, stays):
            tell(line)
    is_broken = not here.errors.keys() <= (there.errors.keys() if there else set())
    return ExitStatus.FAILURES if is_broken or (compared and compared.differs) else ExitStatus.OK


def _own_side(plan: Plan) -> Side:
    steps = [*plan.steps()]
    errors = {problem.where: headline(problem.failure) for problem in plan.problems}
    errors |= {step.item.id: headline(step.failure) for step in steps if isinstance(step, ProblemStep)}
    return Side(tuple(step.item.id for step in steps), errors)


def _tell_all(there: Side | None, here: Side, compared: Comparison | None, notes: str) -> Iterator[str]:
    if there is None or compared is None:
        yield f"{count(len(here.ids), 'test')} under rustest"
        yield _NO_PYTEST
    else:
        yield f"{count(len(there.ids), 'test')} under pytest, {len(here.ids)} under rustest, {compared.same} the same"
        yield from _tell_differences(compared)
    if here.errors:
        yield "\nwhat cannot run under rustest:"
        yield from (indent(f"{where}: {text}".replace("\n", "\n  ")) for where, text in here.errors.items())
    if notes:
        yield "\nwhat rustest says of the suite's hooks, plugins and settings:"
        yield indent(notes)


def _tell_differences(compared: Comparison) -> Iterator[str]:
    yield from _tell_lone("only under pytest", compared.there)
    yield from _tell_lone("only under rustest", compared.here)
    if compared.renamed:
        yield f"\nunder other names ({len(compared.renamed)}):"
        yield from (indent(f"{pair.there}\n  here {pair.here}") for pair in compared.renamed)


def _tell_lone(title: str, tests: Sequence[Lone]) -> Iterator[str]:
    """Tests that one side lacks for the same reason are told together."""
    if not tests:
        return
    yield f"\n{title} ({len(tests)}):"
    for reason in dict.fromkeys(test.reason for test in tests):
        ids = [test.id for test in tests if test.reason == reason]
        yield indent(reason or "for a reason that is not known; the notes below may say more")
        yield from (indent(line, "    ") for line in listing(ids))


def _tell_waiting(plan: Plan, stays: Stays) -> Iterator[str]:
    whole, waited = sum(stay.duration for stay in stays.values()), sum(stay.waited for stay in stays.values())
    yield f"\none after another, {count(len(stays), 'test')} took {duration(whole)}; for {duration(waited)} they waited"
    if bad := sum(stay.is_bad for stay in stays.values()):
        yield f"{bad} of them went wrong, and might have waited longer: `rustest` says why"
    yield f"overlap can save {duration(saved_by_overlap(plan, stays))} of that"
    longest = sorted(stays.items(), key=lambda item: item[1].waited, reverse=True)[:LISTED]
    yield from (
        indent(f"{duration(stay.waited)} of {duration(stay.duration)}  {node_id}")
        for node_id, stay in longest
        if round(stay.waited, 2)
    )
    worked, took = sum(stay.worked for stay in stays.values()), {test: stay.duration for test, stay in stays.items()}
    yield from filter(None, [unshared_work(worked, whole, took)])
