"""The ending of a run's output: failures in full, lists, and the summary line, all from the report."""

from collections.abc import Iterable, Iterator, Sequence

from rustest.model.events import TestFinished
from rustest.model.item import Problem
from rustest.model.outcome import Note, Verdict
from rustest.model.output import Output
from rustest.model.report import Report
from rustest.model.settings import Settings, Traceback
from rustest.report.captured import captured_lines, stray_lines
from rustest.report.failures import failure_line, failure_text
from rustest.report.lines import Line
from rustest.report.messages import (
    broken_reporter,
    count,
    duration,
    indent,
    listing,
    lost_tests,
    no_tests,
    notes,
    running_then,
    verdict,
)
from rustest.report.warning_summary import warning_count, warning_lines

LISTED_VERDICTS = (Verdict.SKIPPED, Verdict.XFAILED, Verdict.XPASSED, Verdict.NOT_RUN)
"""What a verbose run lists with its reasons."""


def closing(report: Report, settings: Settings) -> Iterator[str]:
    """The paragraphs that end the output; negative verbosity leaves only failures, problems and the summary line."""
    bad, rootdir, verbosity = bad_tests(report), settings.rootdir, settings.verbosity
    yield from (failed_test(finished, rootdir, settings.tb) for finished in bad)
    yield from (found_problem(problem, rootdir, settings.tb) for problem in report.problems)
    yield from _paragraph(stray_lines(report.stray))
    yield from faults(report)
    if verbosity >= 0:
        yield from _paragraph(warning_lines(report.warnings, rootdir))
    if verbosity > 0:
        yield from reasons(report)
    if verbosity >= 0:
        yield from short_list(report, bad)
    yield from interruption(report, verbosity)
    if not (report.total or report.problems or report.skipped_files or report.interrupted):
        yield no_tests(report.deselected, settings.python_files)
    yield summary_line(report)


def bad_tests(report: Report) -> list[TestFinished]:
    """The tests that make the run red, by id: overlapping tests end in any order, and two runs should read alike."""
    bad = (finished for finished in report.finished.values() if finished.outcome.verdict.is_bad)
    return sorted(bad, key=lambda finished: finished.id)


def failed_test(finished: TestFinished, rootdir: str, style: Traceback = Traceback.AUTO) -> str:
    """One bad test in full."""
    failures = finished.outcome.failures
    told = [failure_text(failure, rootdir, style) for failure in failures] or [
        finished.outcome.reason or "no reason is known"
    ]
    took = duration(finished.duration) if finished.duration else ""
    beside = ", ".join(part for part in (took, notes(finished.outcome)) if part)
    heading = f"{verdict(finished.outcome)} {finished.id}" + (f" ({beside})" if beside else "")
    return "\n".join((heading, *map(indent, told), *_beneath(finished.output)))


def _beneath(output: Sequence[Output]) -> Iterator[str]:
    return (indent(line.text) for line in captured_lines(output))


def _paragraph(lines: Iterable[Line]) -> Iterator[str]:
    if text := "\n".join(line.text for line in lines):
        yield text


def found_problem(problem: Problem, rootdir: str, style: Traceback = Traceback.AUTO) -> str:
    """One problem in full."""
    told = indent(failure_text(problem.failure, rootdir, style))
    return "\n".join((problem_heading(problem), told, *_beneath(problem.output)))


def problem_heading(problem: Problem) -> str:
    """What heads a problem: `PROBLEM` and its file, class or test, or the run where it belongs to none."""
    return f"PROBLEM {problem.where or 'the run'}"


def faults(report: Report) -> Iterator[str]:
    """What rustest itself did not manage."""
    for failed in report.broken_reporters:
        yield broken_reporter(failed)
    if lost := report.total - len(report.finished):
        yield lost_tests(lost)


def reasons(report: Report) -> Iterator[str]:
    """The tests that did not simply pass or fail, by verdict and reason."""
    for listed in LISTED_VERDICTS:
        by_reason: dict[str, list[str]] = {}
        for node_id in report.ids(listed):
            by_reason.setdefault(report.outcome(node_id).reason, []).append(node_id)
        for reason, ids in by_reason.items():
            heading = f"{listed.value.upper()} {count(len(ids), 'test')}: {reason or 'no reason given'}"
            yield "\n".join((heading, *map(indent, listing(ids))))
    yield from (f"SKIPPED the file {file}: {reason or 'no reason given'}" for file, reason in report.skipped_files)


def short_list(report: Report, bad: Sequence[TestFinished]) -> Iterator[str]:
    """A line for each bad test and problem, where there are several, and for each that passed with a blemish."""
    lines = [test_line(finished) for finished in bad]
    lines += [f"{problem_heading(problem)}  {failure_line([problem.failure])}" for problem in report.problems]
    if len(lines) == 1:  # it has just been told in full
        lines = []
    lines += [test_line(finished) for finished in report.finished.values() if _is_blemished(finished)]
    if lines:
        yield "\n".join(lines)


def _is_blemished(finished: TestFinished) -> bool:
    outcome = finished.outcome
    return bool(outcome.notes) and not outcome.verdict.is_bad and any(note is not Note.SLOW for note in outcome.notes)


def test_line(finished: TestFinished) -> str:
    """A test in one line: verdict, id, and what there is to say."""
    return f"{verdict(finished.outcome)} {finished.id}{explanation(finished)}"


def explanation(finished: TestFinished) -> str:
    """What follows a test's id in a list, after two blanks: notes and reason; empty where there is nothing to say."""
    outcome = finished.outcome
    told = (failure_line(outcome.failures) if outcome.verdict.is_bad else "") or outcome.reason
    beside = notes(outcome)
    return "".join(f"  {part}" for part in (f"({beside})" if beside else "", told) if part)


def interruption(report: Report, verbosity: int) -> Iterator[str]:
    """Which tests were running when the run was cut short; a verbose run names them all."""
    if cut := report.interrupted:
        names = listing(cut.running, len(cut.running)) if verbosity > 0 else listing(cut.running)
        yield "\n".join((running_then(cut), *map(indent, names))) if names else cut.reason.value


def summary_line(report: Report) -> str:
    """The counts and seconds. Timed-out tests count as failed: one number says how many tests did not hold."""
    counts = report.counts()
    failed = counts.get(Verdict.FAILED, 0) + counts.get(Verdict.TIMED_OUT, 0)
    parts = [f"{failed} failed"] if failed else []
    if errors := counts.get(Verdict.ERROR):
        parts.append(count(errors, "error"))
    parts += [f"{counts[counted]} {counted.value}" for counted in _COUNTED if counted in counts]
    if report.problems:
        parts.append(count(len(report.problems), "problem"))
    if report.skipped_files:
        parts.append(f"{count(len(report.skipped_files), 'file')} skipped")
    if report.warnings:
        parts.append(warning_count(report.warnings))
    if not report.finished:
        parts.append("no tests ran")
    if report.deselected:
        parts.append(f"{report.deselected} deselected")
    return f"{', '.join(parts)} in {duration(report.duration)}"


_COUNTED = (
    Verdict.CRASHED,
    Verdict.PASSED,
    Verdict.SKIPPED,
    Verdict.XFAILED,
    Verdict.XPASSED,
    Verdict.NOT_RUN,
)
