"""The listing of a plan, for `--plan`: which tests overlap, which run alone, and why, before anything runs."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import assert_never

from rustest.model.ids import SEPARATOR
from rustest.model.outcome import Verdict
from rustest.model.plan import Lane, LoopPlan, Plan, ProblemStep, RunStep, SkipStep, Step, Window
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.report.accounts import found_problem
from rustest.report.failure.failures import headline
from rustest.report.messages import count, enumerated, indent, limit

NAMED = 3
"""Up to so many tests alike stand one by one; more become one line, unless all are asked for."""


class Entry(NamedTuple):
    """One test in a listing: its name below its file, and what was decided about it."""

    file: str
    name: str
    details: str
    """In one line, what is not as for any plain test."""
    reasons: tuple[str, ...]


def list_plan(plan: Plan, *, verbose: bool = False, rootdir: str = "") -> Iterator[str]:
    """The lines of the plan: its note, windows in order, problems, totals; tests alike are counted unless `verbose`.

    Files in tracebacks are shown relative to `rootdir`, an absolute path. An item may hold several lines of text.
    """
    if plan.note:
        yield f"{plan.note}\n"
    for number, window in enumerate(plan.windows, 1):
        yield f"{number}. {window.title}: {count(len(window.steps), 'test')}, {window.lane.value}"
        for line in _list_steps(window, verbose):
            yield indent(line, "   ")
        yield ""
    for problem in plan.problems:
        yield found_problem(problem, rootdir)
        yield ""
    yield totals(plan)


def _list_steps(window: Window, verbose: bool) -> Iterator[str]:
    for file, steps in groupby(map(entry_of, window.steps), key=lambda entry: entry.file):
        groups = [list(alike) for _, alike in groupby(steps, key=lambda entry: (entry.details, entry.reasons))]
        if len(groups) == 1 and _is_plain(groups[0]) and not verbose:
            if file != window.title:
                yield f"{file}: {count(len(groups[0]), 'test')}"
            continue
        if file != window.title:
            yield file
        for alike in groups:
            for line in _list_alike(alike, verbose):
                yield line if file == window.title else indent(line)


def _is_plain(alike: Sequence[Entry]) -> bool:
    return len(alike) > NAMED and not alike[0].details and not alike[0].reasons


def _list_alike(alike: Sequence[Entry], verbose: bool) -> Iterator[str]:
    if len(alike) > NAMED and not verbose:
        names = [f"{count(len(alike), 'test')}, {alike[0].name} to {alike[-1].name}"]
    else:
        names = [entry.name for entry in alike]
    for name in names:
        yield f"{name}  [{alike[0].details}]" if alike[0].details else name
    for reason in alike[0].reasons:
        yield "  - " + reason.replace("\n", "\n    ")


def entry_of(step: Step) -> Entry:
    """The step as an entry of the listing."""
    file, _, name = step.item.id.partition(SEPARATOR)
    match step:
        case RunStep():
            return Entry(file, name, "; ".join(_details(step, file)), step.reasons)
        case SkipStep():
            return Entry(file, name, _skipping(step), ())
        case ProblemStep():
            return Entry(file, name, "cannot run", (headline(step.failure),))
        case _:
            assert_never(step)


def _skipping(step: SkipStep) -> str:
    word = "expected to fail, not run" if step.verdict is Verdict.XFAILED else step.verdict.value
    return f"{word}: {step.reason}" if step.reason else word


def _details(step: RunStep, file: str) -> Iterator[str]:
    if step.loop:
        yield from loop_details(step.loop)
    if step.timeout is not None:
        yield f"timeout {limit(step.timeout)}"
    if step.keys:
        yield f"serial {', '.join(map(repr, step.keys))}"
    for bound in step.limits:
        yield f"at most {bound.holders} of {bound.what}"
    if step.after:
        nearby = [node_id.removeprefix(file + SEPARATOR) for node_id in step.after]
        yield f"after {enumerated(nearby, NAMED)}"
    if step.expected_failure:
        yield "expected to fail"


def loop_details(loop: LoopPlan) -> Iterator[str]:
    """What is not as with any loop that a test has for itself."""
    scope, path = loop.instance
    if scope is Scope.PACKAGE:  # the one scope whose extent a test's own id does not show
        yield f"shared loop of package {path or '.'}"
    elif scope is not Scope.FUNCTION:
        yield f"shared loop of its {scope.label}"
    if loop.factory:
        yield "loop of its own kind"
    if loop.debug:
        yield "asyncio debug mode"


def totals(plan: Plan) -> str:
    """The last line: how many tests run in which way, and what does not run."""
    lanes = dict.fromkeys(Lane, 0)
    skipped = broken = 0
    for window in plan.windows:
        for step in window.steps:
            lanes[window.lane] += isinstance(step, RunStep)
            skipped += isinstance(step, SkipStep)
            broken += isinstance(step, ProblemStep)
    parts = [f"{number} {lane.value}" for lane, number in lanes.items() if number]
    parts += [f"{skipped} skipped"] if skipped else []
    parts += [f"{broken} cannot run"] if broken else []
    parts += what_is_missing(plan)
    heading = f"{count(plan.total, 'test')} in {count(len(plan.windows), 'window')}"
    return f"{heading}: {', '.join(parts)}" if parts else heading


def what_is_missing(plan: Plan) -> Iterator[str]:
    """What could not be collected, or was left out, in numbers."""
    if plan.problems:
        yield count(len(plan.problems), "problem")
    if plan.skipped_files:
        yield f"{count(len(plan.skipped_files), 'file')} skipped"
    if plan.deselected:
        yield f"{plan.deselected} deselected"
