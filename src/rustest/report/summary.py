"""The ending of a run's output: failures in full, lists, and the summary line, all from the report."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from rustest.model.choices import ShowCapture, Traceback
from rustest.model.events import Interrupted, TestFinished
from rustest.model.hints import TYPE_CHECKING
from rustest.model.item import Problem
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.output import Output
from rustest.model.report import Report, bad_tests
from rustest.model.settings import Settings
from rustest.report.lines import Line, shifted
from rustest.report.messages import (
    broken_reporter,
    count,
    cut_short,
    duration,
    indent,
    listing,
    lost_tests,
    no_tests,
    notes,
    running_then,
    time_saved,
)
from rustest.report.painting import PLAIN, Painter, Style

if TYPE_CHECKING:
    from rustest.report.letters import Letters

LISTED_VERDICTS = (Verdict.SKIPPED, Verdict.XFAILED, Verdict.XPASSED, Verdict.NOT_RUN)
"""What a verbose run lists with its reasons."""


def closing(report: Report, settings: Settings, painter: Painter = PLAIN, folder: str = ".") -> Iterator[str]:
    """The paragraphs that end the output; negative verbosity leaves only failures, problems and the summary line.

    `folder` is where the user will give the commands that are printed.
    """
    yield from faults(report, painter) if settings.no_summary else _paragraphs(report, settings, painter, folder)
    yield from interruption(report, settings, painter)
    if not (report.total or report.problems or report.skipped_files or report.interrupted):
        yield no_tests(report.deselected, settings.python_files)
    if report.bounded(settings.max_warnings) is not report:
        yield painter.paint(f"no more than {count(settings.max_warnings or 0, 'warning')} may be given", Style.BAD)
    yield saving(report) + summary_line(report, painter)


def _paragraphs(report: Report, settings: Settings, painter: Painter, folder: str) -> Iterator[str]:
    unusual, rootdir, verbosity = report.unusual, settings.rootdir, settings.verbosity
    bad = bad_tests(unusual)
    if bad:
        yield from _failed_tests(bad, settings, painter)
    for problem in report.problems:
        shown = problem._replace(output=_shown(problem.output, settings.show_capture))
        yield found_problem(shown, rootdir, settings.tb, painter)
    if report.stray:
        from rustest.report.failure.captured import stray_lines

        yield painter.lines(stray_lines(report.stray))
    yield from faults(report, painter)
    if report.warnings and verbosity >= 0 and not settings.disable_warnings:
        from rustest.report.warning_summary import warning_lines

        yield painter.lines(warning_lines(report.warnings, rootdir))
    letters = _letters(settings)
    if letters:
        yield from _chosen(report, letters, settings, painter)
    elif verbosity > 0:
        yield from reasons(report, painter)
    if settings.durations:
        from rustest.report.durations import slowest

        yield from slowest(report.finished, settings.durations, settings.durations_min)
    if letters:
        yield from filter(None, ["\n".join(_lines(report, bad, letters.bad, painter))])
    elif verbosity >= 0:
        yield from short_list(report, bad, unusual, painter)
    if any(finished.outcome.notes for finished in unusual):
        yield from _what_notes_mean(report, settings, painter)
    if verbosity >= 0 and bad:
        from rustest.report.rerun import rerun

        yield rerun([finished.id for finished in bad], rootdir, folder)


def _letters(settings: Settings) -> "Letters | None":
    if not settings.report_chars:
        return None
    from rustest.report.letters import read_letters

    return read_letters(settings.report_chars)


def _chosen(report: Report, letters: "Letters", settings: Settings, painter: Painter) -> Iterator[str]:
    """What `-r` asks for, but for the lines of what went wrong."""
    passed = [one for one in report.finished.values() if one.outcome.verdict is Verdict.PASSED]
    if letters.passed_output:
        told = ((one, _captured(_shown(one.output, settings.show_capture))) for one in passed if one.output)
        yield from (f"{test_line(one, painter)}\n{painter.lines(shifted(lines))}" for one, lines in told)
    if letters.passed and passed:
        yield "\n".join(test_line(one, painter) for one in passed)
    yield from reasons(report, painter, letters.listed)


def _what_notes_mean(report: Report, settings: Settings, painter: Painter) -> Iterator[str]:
    from rustest.report.blocked import blocked_lines
    from rustest.report.interference import interference_lines, left_out_lines

    paragraphs = [left_out_lines(report, settings.max_reruns)]
    if settings.verbosity >= 0:
        paragraphs[:0] = blocked_lines(report.unusual, settings.rootdir), interference_lines(report)
    yield from filter(None, map(painter.lines, paragraphs))


def _failed_tests(bad: Sequence[TestFinished], settings: Settings, painter: Painter) -> Iterator[str]:
    from rustest.report.alike import told_together

    return (failed_test(finished, settings, painter, alike) for finished, alike in told_together(bad))


def failed_test(finished: TestFinished, settings: Settings, painter: Painter = PLAIN, alike: Sequence[str] = ()) -> str:
    """One bad test in full, and the names of those of which there is the same to say."""
    from rustest.report.alike import alike_lines

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
    yield from _captured(_shown(finished.output, settings.show_capture))


def _shown(output: tuple[Output, ...], which: ShowCapture) -> tuple[Output, ...]:
    return output if which is ShowCapture.ALL else tuple(one for one in output if one.stream.value == which.value)


def _captured(output: Sequence[Output]) -> Iterable[Line]:
    from rustest.report.failure.captured import captured_lines

    return captured_lines(output)


def found_problem(problem: Problem, rootdir: str, style: Traceback = Traceback.AUTO, painter: Painter = PLAIN) -> str:
    """One problem in full."""
    from rustest.report.failure.failures import failure_lines

    told = chain(failure_lines(problem.failure, rootdir, style), _captured(problem.output))
    return f"{problem_heading(problem, painter)}\n{painter.lines(shifted(told))}"


def problem_heading(problem: Problem, painter: Painter = PLAIN) -> str:
    """What heads a problem: `PROBLEM` and its file, class or test, or the run where it belongs to none."""
    return f"{painter.paint('PROBLEM', Style.BAD)} {problem.where or 'the run'}"


def problem_line(problem: Problem, painter: Painter) -> str:
    """One problem in one line."""
    from rustest.report.failure.failures import failure_line

    return f"{problem_heading(problem, painter)}  {failure_line([problem.failure])}"


def faults(report: Report, painter: Painter) -> Iterator[str]:
    """What rustest itself did not manage."""
    for failed in report.broken_reporters:
        yield painter.paint(broken_reporter(failed), Style.BAD)
    if lost := report.total - len(report.finished):
        yield painter.paint(lost_tests(lost), Style.BAD)


def reasons(report: Report, painter: Painter, verdicts: Iterable[Verdict] = LISTED_VERDICTS) -> Iterator[str]:
    """The tests that did not simply pass or fail, by verdict and reason."""
    for listed in verdicts:
        by_reason: dict[str, list[str]] = {}
        for node_id in report.ids(listed):
            by_reason.setdefault(report.outcome(node_id).reason, []).append(node_id)
        for reason, ids in by_reason.items():
            word = painter.verdict(Outcome(listed))
            heading = f"{word} {count(len(ids), 'test')}: {reason or 'no reason given'}"
            yield "\n".join((heading, *map(indent, listing(ids))))
    if Verdict.SKIPPED in verdicts:
        skipped = painter.verdict(Outcome(Verdict.SKIPPED))
        yield from (f"{skipped} the file {file}: {why or 'no reason given'}" for file, why in report.skipped_files)


def short_list(
    report: Report, bad: Sequence[TestFinished], unusual: Iterable[TestFinished], painter: Painter
) -> Iterator[str]:
    """A line for each bad test and problem, where there are several, and for each that passed with a blemish."""
    lines = _lines(report, bad, _ALL, painter)
    if len(lines) == 1:  # it has just been told in full
        lines = []
    blemished = sorted((one for one in unusual if _is_blemished(one)), key=lambda one: one.id)
    lines += [test_line(finished, painter) for finished in blemished]
    if lines:
        yield "\n".join(lines)


def _lines(report: Report, bad: Sequence[TestFinished], which: frozenset[Verdict], painter: Painter) -> list[str]:
    """A line for each bad test of these verdicts, and for each problem, which is an error."""
    lines = [test_line(finished, painter) for finished in bad if finished.outcome.verdict in which]
    problems = report.problems if Verdict.ERROR in which else ()
    return lines + [problem_line(problem, painter) for problem in problems]


_ALL = frozenset(Verdict)


def _is_blemished(finished: TestFinished) -> bool:
    outcome = finished.outcome
    return bool(outcome.notes) and not outcome.verdict.is_bad and any(note is not Note.SLOW for note in outcome.notes)


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


def interruption(report: Report, settings: Settings, painter: Painter) -> Iterator[str]:
    """Which tests were running when the run was cut short, and where they were; a verbose run names them all."""
    if cut := report.interrupted:
        names = [*_with_places(cut, settings.rootdir)]
        told = listing(names, len(names)) if settings.verbosity > 0 else listing(names)
        heading = painter.paint(running_then(cut) if names else cut_short(cut), Style.CAUTION)
        yield "\n".join((heading, *map(indent, told)))


def _with_places(cut: Interrupted, rootdir: str) -> Iterator[str]:
    places: dict[str, str] = {}
    if cut.where:
        from rustest.report.standing import standing_place

        places.update((one.name, standing_place(one, rootdir)) for one in cut.where)
    return (name + places.get(name, "") for name in cut.running)


def summary_line(report: Report, painter: Painter = PLAIN) -> str:
    """The counts and seconds."""
    counted = painter.tally(report.counts())
    parts = [counted] if counted else []
    if flaky := sum(Note.FLAKY in one.outcome.notes for one in report.unusual):
        parts.append(painter.paint(f"{flaky} flaky", Style.CAUTION))
    if report.problems:
        parts.append(painter.paint(count(len(report.problems), "problem"), Style.BAD))
    if report.skipped_files:
        parts.append(painter.paint(f"{count(len(report.skipped_files), 'file')} skipped", Style.CAUTION))
    if report.warnings:
        parts.append(painter.paint(count(len(report.warnings), "warning"), Style.CAUTION))
    if not report.finished:
        parts.append(painter.paint("no tests ran", Style.CAUTION))
    if report.deselected:
        parts.append(f"{report.deselected} deselected")
    return f"{', '.join(parts)} in {duration(report.duration)}"


def saving(report: Report) -> str:
    """A line on what the tests took together, if overlap has made the run noticeably shorter; or else nothing."""
    if report.interrupted:  # what was cancelled tells of no gain
        return ""
    finished, run = report.finished.values(), report.duration
    if not _is_noticed(sum(one.duration for one in finished), run):  # as in most runs, and told with less work
        return ""
    took = sum(one.duration - one.waited for one in finished)
    return f"{time_saved(took, run)}\n" if _is_noticed(took, run) else ""


def _is_noticed(tests: float, run: float) -> bool:
    return tests > _NOTICEABLE * run and tests > run + _NOTICED_SECONDS


_NOTICEABLE, _NOTICED_SECONDS = 1.5, 0.5
