"""The listings of tests, for `--collect-only` and `--collect-json`: in the order of the files, not of the run."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from rustest.model.ids import split_id
from rustest.model.item import Problem
from rustest.model.plan import Plan, ProblemStep, RunStep, SkipStep, Step
from rustest.report.accounts import found_problem
from rustest.report.listings.plan_listing import entry_of, what_is_missing
from rustest.report.messages import count, indent


def list_tests(plan: Plan, *, quiet: bool = False, rootdir: str = "") -> Iterator[str]:
    """The tests as a tree of files and classes, then problems and totals; `quiet`, the bare node ids.

    Problems are told in either case. An item may hold several lines of text.
    """
    steps = [*plan.steps()]
    yield from (step.item.id for step in steps) if quiet else _tree(steps)
    broken = (Problem(step.item.id, step.failure) for step in steps if isinstance(step, ProblemStep))
    for problem in (*plan.problems, *broken):
        yield ""
        yield found_problem(problem, rootdir)
    if not quiet:
        yield ""
        yield _totals(plan, steps)


def _tree(steps: Sequence[Step]) -> Iterator[str]:
    for file, own in groupby(steps, key=lambda step: step.item.function.file):
        yield file
        yield from _branch(list(own), 0)


def _branch(steps: Sequence[Step], depth: int) -> Iterator[str]:
    """The tests below a file or class: each class stands where its first test does."""
    told: set[str] = set()
    for step in steps:
        inner = step.item.function.classes[depth:]
        if not inner:
            yield indent(_leaf(step))
        elif inner[0] not in told:
            told.add(inner[0])
            yield indent(inner[0])
            below = [one for one in steps if one.item.function.classes[depth : depth + 1] == inner[:1]]
            yield from map(indent, _branch(below, depth + 1))


def _leaf(step: Step) -> str:
    name = split_id(step.item.id).name
    return name if isinstance(step, RunStep) else f"{name}  [{entry_of(step).details}]"


def _totals(plan: Plan, steps: Sequence[Step]) -> str:
    files = {step.item.function.file for step in steps}
    return ", ".join((f"{count(plan.total, 'test')} in {count(len(files), 'file')}", *what_is_missing(plan)))


def list_tests_as_json(plan: Plan, rootdir: str) -> Iterator[str]:
    """The tests, skipped files and problems as lines of JSON, and last the totals."""
    from rustest.report.machine.json_form import SCHEMA, json_line

    for record in _records(plan, rootdir):
        yield json_line({"schema": SCHEMA, **record}).rstrip("\n")


def _records(plan: Plan, rootdir: str) -> Iterator[dict[str, object]]:
    yield from map(_test_record, plan.steps())
    for skipped in plan.skipped_files:
        yield {"kind": "skipped_file", "file": skipped.file, "skip": skipped.reason}
    yield from (_problem_record(problem, rootdir) for problem in plan.problems)
    totals = {"tests": plan.total, "problems": len(plan.problems), "skipped_files": len(plan.skipped_files)}
    yield {"kind": "summary", **totals, "deselected": plan.deselected, "rootdir": rootdir}


def _test_record(step: Step) -> dict[str, object]:
    item, function = step.item, step.item.function
    return {
        "kind": "test",
        "id": item.id,
        "file": function.file,
        "line": function.line,
        "name": split_id(item.id).name,
        "classes": function.classes,
        "case": item.case.id if item.case else None,
        "async": item.is_async,
        "marks": list(dict.fromkeys(mark.name for mark in item.marks)),
        "skip": step.reason if isinstance(step, SkipStep) else None,
        "problem": step.failure.headline if isinstance(step, ProblemStep) else None,
    }


def _problem_record(problem: Problem, rootdir: str) -> dict[str, object]:
    from rustest.report.failure.failures import failure_text, headline
    from rustest.report.places import below, file_of, innermost

    file = file_of(problem.where, rootdir)
    place = innermost(problem.failure, file)
    return {
        "kind": "problem",
        "where": problem.where,
        "file": below(rootdir, place.file if place else file),
        "line": place.line if place else None,
        "message": headline(problem.failure),
        "details": failure_text(problem.failure, rootdir),
    }
