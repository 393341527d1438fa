"""Which reporters a run has: those that the settings ask for, and those that its surroundings call for."""

import os
from collections.abc import Callable, Iterable, Iterator

from rustest.model.events import TestFinished, TestStarted
from rustest.model.hints import TYPE_CHECKING, TextIO
from rustest.model.report import Report
from rustest.model.settings import Settings
from rustest.report.fanout import NamedReporter

if TYPE_CHECKING:
    from rustest.report.collecting import Collecting


def make_reporters(
    settings: Settings,
    stream: TextIO | None,
    report: Callable[[], Report],
    others: Iterable[NamedReporter] = (),
    *,
    is_stdout: bool = False,
) -> Iterator[NamedReporter]:
    """The reporters that the settings ask for, and behind those of files one that prints to a stream.

    `others` have their say after that one has told all but the verdict; `is_stdout` where the stream is the process's
    own standard output; `report` gives what the events amount to that have come so far. Raises UsageError where a
    report cannot be written.
    """
    yield from _file_reporters(settings)
    if stream and is_stdout and os.environ.get("GITHUB_ACTIONS") == "true":  # GitHub reads no other stream
        yield from _github_reporters(settings, stream)
    yield from _stream_reporters(settings, stream, report, others) if stream else others


def shown_collecting(settings: Settings, stream: TextIO | None) -> "Collecting | None":
    """What shows on a terminal how far the files are imported; None where nothing is drawn that is to vanish again."""
    if stream is None or settings.llm:
        return None
    from rustest.report.terminal import keeps_live_lines

    if not keeps_live_lines(stream, settings):
        return None
    from rustest.report.collecting import Collecting

    return Collecting(stream)


def _file_reporters(settings: Settings) -> Iterator[NamedReporter]:
    files = {
        "--junit-xml": settings.junit_xml,
        "--report-jsonl": settings.report_jsonl,
        "--durations-to": settings.durations_to,
    }
    if any(files.values()):
        from rustest.report.machine.report_file import check_apart

        check_apart(files)
    if settings.junit_xml:
        from rustest.report.machine.junit import JUnitReporter

        yield NamedReporter("JUnit", JUnitReporter(settings.junit_xml, settings.junit_prefix), looks_ahead=False)
    if settings.report_jsonl:
        from rustest.report.machine.jsonl import JsonLinesReporter

        yield NamedReporter("JSON lines", JsonLinesReporter(settings.report_jsonl))
    if settings.durations_to:
        from rustest.report.machine.durations_file import DurationsReporter

        yield NamedReporter("durations", DurationsReporter(settings.durations_to), looks_ahead=False)


def _stream_reporters(
    settings: Settings, stream: TextIO, report: Callable[[], Report], others: Iterable[NamedReporter]
) -> Iterator[NamedReporter]:
    if settings.llm:
        from rustest.report.machine.llm import LlmReporter

        yield NamedReporter("LLM", LlmReporter(stream, settings))
        yield from others
    else:
        from rustest.report.terminal import TerminalReporter

        terminal = TerminalReporter(stream, settings, report)
        ahead = terminal.looks_ahead
        yield NamedReporter("terminal", terminal, terminal.ignores, looks_ahead=ahead, end_test=terminal.end_test)
        yield from others
        yield NamedReporter("terminal", terminal.conclude, (TestStarted, TestFinished), looks_ahead=False)


def _github_reporters(settings: Settings, stream: TextIO) -> Iterator[NamedReporter]:
    from rustest.report.machine.github import AnnotationReporter
    from rustest.report.machine.github_summary import StepSummaryReporter

    if not settings.llm:  # whose reader wants nothing else on standard output
        workspace = os.environ.get("GITHUB_WORKSPACE", "")
        yield NamedReporter("GitHub annotations", AnnotationReporter(stream, settings.rootdir, workspace))
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        yield NamedReporter("GitHub summary", StepSummaryReporter(summary, settings.rootdir))
