"""What is told of one test, or of one problem: in full, and in one line."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rustest.model.choices import ShowCapture, Traceback
from rustest.model.events import TestFinished
from rustest.model.item import Problem
from rustest.model.outcome import Outcome
from rustest.model.output import Output
from rustest.model.settings import Settings
from rustest.report.alike import alike_lines
from rustest.report.lines import Line, shifted
from rustest.report.messages import duration, notes
from rustest.report.painting import PLAIN, Painter, Style


def failed_test(finished: TestFinished, settings: Settings, painter: Painter = PLAIN, alike: Sequence[str] = ()) -> str:
    """One bad test in full, and the names of those of which there is the same to say."""
    outcome = finished.outcome
    took = duration(finished.took) if finished.duration else ""
    beside = ", ".join(part for part in (took, notes(outcome)) if part)
    name = painter.paint(finished.id, Style.STRONG)
    heading = f"{painter.verdict(outcome)} {name}" + (painter.paint(f" ({beside})", Style.FAINT) if beside else "")
    told = chain(_told_in_full(finished, settings), alike_lines(alike, settings.verbosity))
    return f"{heading}\n{painter.lines(shifted(told))}"


def _told_in_full(finished: TestFinished, settings: Settings) -> Iterator[Line]:
    from rustest.report.failure.failures import failure_lines

    outcome = finished.outcome
    if not outcome.failures:
        yield Line(outcome.reason or "no reason is known")
    for failure in outcome.failures:
        yield from failure_lines(failure, settings.rootdir, settings.tb)
    yield from captured(shown_output(finished.output, settings.show_capture))


def shown_output(output: tuple[Output, ...], which: ShowCapture) -> tuple[Output, ...]:
    """What of a test's output is to be shown."""
    return output if which is ShowCapture.ALL else tuple(one for one in output if one.stream.value == which.value)


def with_shown_output(problem: Problem, which: ShowCapture) -> Problem:
    """The problem with what of its output is to be shown."""
    return problem._replace(output=shown_output(problem.output, which))


def captured(output: Sequence[Output]) -> Iterable[Line]:
    """The output as lines."""
    from rustest.report.failure.captured import captured_lines

    return captured_lines(output)


def found_problem(problem: Problem, rootdir: str, style: Traceback = Traceback.AUTO, painter: Painter = PLAIN) -> str:
    """One problem in full."""
    from rustest.report.failure.failures import failure_lines

    told = chain(failure_lines(problem.failure, rootdir, style), captured(problem.output))
    return f"{problem_heading(problem, painter)}\n{painter.lines(shifted(told))}"


def problem_heading(problem: Problem, painter: Painter = PLAIN) -> str:
    """What heads a problem: `PROBLEM` and its file, class or test, or the run where it belongs to none."""
    return f"{painter.paint('PROBLEM', Style.BAD)} {problem.where or 'the run'}"


def problem_line(problem: Problem, painter: Painter) -> str:
    """One problem in one line."""
    from rustest.report.failure.failures import failure_line

    return f"{problem_heading(problem, painter)}  {failure_line([problem.failure])}"


def test_line(finished: TestFinished, painter: Painter) -> str:
    """A test in one line: verdict, id, and what there is to say."""
    return f"{painter.verdict(finished.outcome)} {finished.id}{explanation(finished)}"


def explanation(finished: TestFinished) -> str:
    """What follows a test's id in a list, after two blanks: notes and reason; empty where there is nothing to say."""
    outcome = finished.outcome
    told, beside = _reason(outcome), notes(outcome)
    return "".join(f"  {part}" for part in (f"({beside})" if beside else "", told) if part)


def _reason(outcome: Outcome) -> str:
    if not outcome.verdict.is_bad:
        return outcome.reason
    from rustest.report.failure.failures import failure_line

    return failure_line(outcome.failures) or outcome.reason
