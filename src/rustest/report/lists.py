"""The lists that end a run's output: tests by verdict and reason, and a line for each of those to come back to."""

from collections.abc import Iterable, Iterator, Sequence

from rustest.model.events import TestFinished
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.report import Report
from rustest.model.settings import Settings
from rustest.report.accounts import captured, problem_line, shown_output, test_line
from rustest.report.letters import Letters, read_letters
from rustest.report.lines import shifted
from rustest.report.messages import count, indent, listing
from rustest.report.painting import Painter

_WITH_REASONS = (Verdict.SKIPPED, Verdict.XFAILED, Verdict.XPASSED, Verdict.NOT_RUN)
"""What a verbose run lists with its reasons."""


def chosen_lists(report: Report, settings: Settings, painter: Painter) -> Iterator[str]:
    """What `-r` asks for, but for the lines of what went wrong; without it, what did not simply pass or fail."""
    if not settings.report_chars:
        yield from _reasons(report, painter, _WITH_REASONS)
        return
    letters = read_letters(settings.report_chars)
    yield from _passed(report, letters, settings, painter)
    yield from _reasons(report, painter, letters.listed)


def _passed(report: Report, letters: Letters, settings: Settings, painter: Painter) -> Iterator[str]:
    passed = [one for one in report.finished.values() if one.outcome.verdict is Verdict.PASSED]
    if letters.passed_output:
        told = ((one, captured(shown_output(one.output, settings.show_capture))) for one in passed if one.output)
        yield from (f"{test_line(one, painter)}\n{painter.lines(shifted(lines))}" for one, lines in told)
    if letters.passed and passed:
        yield "\n".join(test_line(one, painter) for one in passed)


def _reasons(report: Report, painter: Painter, verdicts: Iterable[Verdict]) -> Iterator[str]:
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


def short_list(report: Report, bad: Sequence[TestFinished], settings: Settings, painter: Painter) -> Iterator[str]:
    """A line for each bad test and problem, where there are several, and for each that passed with a blemish.

    Where `-r` says which verdicts count, for each of those, and for no other.
    """
    if settings.report_chars:
        lines = _lines(report, bad, read_letters(settings.report_chars).bad, painter)
    elif settings.verbosity >= 0:
        lines = _lines(report, bad, frozenset(Verdict), painter)
        if len(lines) == 1:  # it has just been told in full
            lines = []
        blemished = sorted((one for one in report.unusual if _is_blemished(one)), key=lambda one: one.id)
        lines += [test_line(finished, painter) for finished in blemished]
    else:
        return
    if lines:
        yield "\n".join(lines)


def _lines(report: Report, bad: Sequence[TestFinished], which: frozenset[Verdict], painter: Painter) -> list[str]:
    """A line for each bad test of these verdicts, and for each problem, which is an error."""
    lines = [test_line(finished, painter) for finished in bad if finished.outcome.verdict in which]
    problems = report.problems if Verdict.ERROR in which else ()
    return lines + [problem_line(problem, painter) for problem in problems]


def _is_blemished(finished: TestFinished) -> bool:
    outcome = finished.outcome
    return bool(outcome.notes) and not outcome.verdict.is_bad and any(note is not Note.SLOW for note in outcome.notes)
