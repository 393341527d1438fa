"""The ending of a run's output: failures in full, lists, and the summary line, all from the report."""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from rustest.model.events import Interrupted, TestFinished
from rustest.model.outcome import Note
from rustest.model.report import Report, bad_tests
from rustest.model.settings import Settings
from rustest.report.messages import (
    LONG,
    broken_reporter,
    count,
    cut_short,
    duration,
    indent,
    listing,
    lost_tests,
    no_tests,
    running_then,
    time_saved,
)
from rustest.report.painting import PLAIN, Painter, Style


def closing(report: Report, settings: Settings, painter: Painter = PLAIN, folder: str = ".") -> Iterator[str]:
    """The paragraphs that end the output, but for the verdict; negative verbosity leaves only failures and problems.

    `folder` is where the user will give the commands that are printed.
    """
    yield from faults(report, painter) if settings.no_summary else _paragraphs(report, settings, painter, folder)
    yield from interruption(report, settings, painter)
    if not (report.total or report.problems or report.skipped_files or report.interrupted):
        yield no_tests(report.deselected, settings)
    if report.bounded(settings.max_warnings) is not report:
        yield painter.paint(f"no more than {count(settings.max_warnings or 0, 'warning')} may be given", Style.BAD)


def verdict(report: Report, settings: Settings, painter: Painter = PLAIN) -> str:
    """The paragraph below all others, which ends with the summary line."""
    return saving(report) + _unshared(report, settings, painter) + summary_line(report, painter)


def _paragraphs(report: Report, settings: Settings, painter: Painter, folder: str) -> Iterator[str]:
    bad = bad_tests(report.unusual)
    yield from _what_went_wrong(report, bad, settings, painter)
    yield from _lists(report, bad, settings, painter)
    if any(finished.outcome.notes for finished in report.unusual):
        yield from _what_notes_mean(report, settings, painter)
    if settings.verbosity >= 0 and bad:
        from rustest.report.rerun import rerun

        yield rerun([finished.id for finished in bad], settings.rootdir, folder)


def _what_went_wrong(
    report: Report, bad: Sequence[TestFinished], settings: Settings, painter: Painter
) -> Iterator[str]:
    """Each bad test and each problem in full, and what belongs to no test."""
    if bad or report.problems:
        from rustest.report.accounts import failed_test, found_problem, with_shown_output
        from rustest.report.alike import told_together

        yield from (failed_test(finished, settings, painter, alike) for finished, alike in told_together(bad))
        shown = (with_shown_output(problem, settings.show_capture) for problem in report.problems)
        yield from (found_problem(problem, settings.rootdir, settings.tb, painter) for problem in shown)
    if report.stray:
        from rustest.report.failure.captured import stray_lines

        yield painter.lines(stray_lines(report.stray))
    yield from faults(report, painter)
    if report.warnings and settings.verbosity >= 0 and not settings.disable_warnings:
        from rustest.report.warning_summary import warning_lines

        yield painter.lines(warning_lines(report.warnings, settings.rootdir))


def _lists(report: Report, bad: Sequence[TestFinished], settings: Settings, painter: Painter) -> Iterator[str]:
    if settings.report_chars or settings.verbosity > 0:
        from rustest.report.lists import chosen_lists

        yield from chosen_lists(report, settings, painter)
    if settings.durations:
        from rustest.report.durations import slowest

        yield from slowest(report.finished, settings.durations, settings.durations_min)
    if report.unusual or report.problems:
        from rustest.report.lists import short_list

        yield from short_list(report, bad, settings, painter)


def _what_notes_mean(report: Report, settings: Settings, painter: Painter) -> Iterator[str]:
    from rustest.report.blocked import blocked_lines
    from rustest.report.interference import interference_lines, left_out_lines

    paragraphs = [left_out_lines(report, settings.max_reruns)]
    if settings.verbosity >= 0:
        paragraphs[:0] = blocked_lines(report.unusual, settings.rootdir), interference_lines(report)
    yield from filter(None, map(painter.lines, paragraphs))


def faults(report: Report, painter: Painter) -> Iterator[str]:
    """What rustest itself did not manage."""
    for failed in report.broken_reporters:
        yield painter.paint(broken_reporter(failed), Style.BAD)
    if lost := report.total - len(report.finished):
        yield painter.paint(lost_tests(lost), Style.BAD)


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
    if not _is_noticed(sum(map(attrgetter("duration"), finished)), run):  # as in most runs, and told with less work
        return ""
    took = sum(one.took for one in finished)
    return f"{time_saved(took, run)}\n" if _is_noticed(took, run) else ""


def _is_noticed(tests: float, run: float) -> bool:
    return tests > _NOTICEABLE * run and tests > run + _NOTICED_SECONDS


_NOTICEABLE, _NOTICED_SECONDS = 1.5, 0.5


def _unshared(report: Report, settings: Settings, painter: Painter) -> str:
    """A line on the processors that a long run has left idle, or else nothing."""
    if report.duration < LONG or settings.verbosity < 0 or settings.no_summary:
        return ""
    from rustest.report.idle_processors import idle_processors

    line = idle_processors(report, settings)
    return f"{painter.paint(line, Style.FAINT)}\n" if line else ""
