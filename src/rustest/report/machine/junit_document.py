"""The JUnit document: what of a report stands where.

A strict schema in use, that of Jenkins' xUnit plugin, knows neither files and lines of tests nor properties of a
single test; nearly all readers know the latter. So files and lines are left out, and properties written where there
are some, as pytest does it.
"""

import time
from collections.abc import Iterable, Iterator
from typing import assert_never

from rustest.model.events import TestFinished, WarningIssued
from rustest.model.ids import SEPARATOR, split_id
from rustest.model.item import Problem, SkippedFile
from rustest.model.outcome import Outcome, Verdict
from rustest.model.output import Stream
from rustest.model.properties import Property
from rustest.model.report import Report
from rustest.report.blocked import blocked_words
from rustest.report.failure.failures import failure_text, headline
from rustest.report.machine.output_sections import sections, warning_line
from rustest.report.machine.xml_text import element, text_element
from rustest.report.messages import count

NOTE = "rustest.note"
"""The property that says of a test what its verdict does not: that it interfered, leaked, and the like."""
BLOCKED = "rustest.blocked"
"""The property that says where a test blocked the loop, and for how long."""
RETRIED = "rustest.retried"
"""The property that says how an attempt failed before the last one."""
NEIGHBOUR, FIRST_FAILURE = "rustest.neighbour", "rustest.first_failure"
"""The properties that say of a test that interfered who was in flight with it, and what went wrong then."""
SHARD = "rustest.shard"
"""The property that says of a suite which part of the whole one it is."""

_OUT, _ERR = "system-out", "system-err"
_STREAMS = {_OUT: (Stream.STDOUT,), _ERR: (Stream.STDERR, Stream.LOG)}
"""Logs stand with the errors: standard error is where `logging` writes them, if nobody says otherwise."""


def document(report: Report, began: float, rootdir: str, prefix: str = "") -> Iterator[str]:
    """The lines of the file; tests stand in the order in which they ended, problems of files before them."""
    warnings = _by_test(report.warnings)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<testsuites name="rustest tests">'
    yield element("testsuite", **_totals(report), **_circumstances(report, began)) + ">"
    yield from _properties(report.properties)
    for problem in report.problems:
        yield from _problem_case(problem, rootdir)
    for skipped in report.skipped_files:
        yield from _skipped_file(skipped)
    for finished in report.finished.values():
        yield from _test_case(finished, warnings.get(finished.id, ()), rootdir, prefix)
    yield from _stray(report, warnings.get(None, ()))
    yield "</testsuite>"
    yield "</testsuites>"


def _by_test(warnings: Iterable[WarningIssued]) -> dict[str | None, list[WarningIssued]]:
    found: dict[str | None, list[WarningIssued]] = {}
    for warning in warnings:
        found.setdefault(warning.id, []).append(warning)
    return found


def _totals(report: Report) -> dict[str, str]:
    tags = [_tag_of(finished.outcome.verdict) for finished in report.finished.values()]
    return {
        "name": "rustest",
        "errors": str(tags.count("error") + len(report.problems)),
        "failures": str(tags.count("failure")),
        "skipped": str(tags.count("skipped") + len(report.skipped_files)),
        "tests": str(len(tags) + len(report.problems) + len(report.skipped_files)),
    }


def _circumstances(report: Report, began: float) -> dict[str, str]:
    import platform

    return {
        "time": f"{report.duration:.3f}",
        "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(began)),
        "hostname": platform.node(),
    }


# --- cases ------------------------------------------------------------------------------------------------------


def _problem_case(problem: Problem, rootdir: str) -> Iterator[str]:
    yield element("testcase", classname="", name=_dotted(problem.where) or "rustest", time="0.000") + ">"
    yield text_element("error", failure_text(problem.failure, rootdir), message=headline(problem.failure))
    yield "</testcase>"


def _skipped_file(skipped: SkippedFile) -> Iterator[str]:
    yield element("testcase", classname="", name=_dotted(skipped.file), time="0.000") + ">"
    yield _skipped(Outcome(Verdict.SKIPPED, skipped.reason))
    yield "</testcase>"


def _test_case(finished: TestFinished, warnings: Iterable[WarningIssued], rootdir: str, prefix: str) -> Iterator[str]:
    case = element("testcase", **_attributes(finished, prefix))
    outcome = finished.outcome
    notes = [Property(NOTE, note.value) for note in sorted(outcome.notes, key=lambda note: note.value)]
    notes += (Property(BLOCKED, blocked_words(block, rootdir)) for block in outcome.blocks)
    notes += (Property(RETRIED, "; ".join(map(headline, failures))) for failures in outcome.earlier)
    if interference := outcome.interference:
        notes += (Property(NEIGHBOUR, name) for name in interference.neighbours)
        notes += (Property(FIRST_FAILURE, failure_text(failure, rootdir)) for failure in interference.failures)
    inside = [*_properties((*finished.properties, *notes)), *_result(outcome, rootdir)]
    inside += _output(finished, warnings)
    yield from (f"{case}>", *inside, "</testcase>") if inside else (f"{case} />",)


def _attributes(finished: TestFinished, prefix: str) -> dict[str, str]:
    parts = split_id(finished.id)
    names = _dotted(SEPARATOR.join((parts.file, *parts.classes)))
    classname = f"{prefix}.{names}" if prefix else names
    own = {"classname": classname, "name": parts.name, "time": f"{finished.took:.3f}"}
    return {**own, **dict(finished.xml_attributes)}


def _dotted(node_id: str) -> str:
    """The node id of a file or class as a dotted name: `a.test_x.TestC`."""
    file, *classes = node_id.split(SEPARATOR)
    return ".".join((file.removesuffix(".py").replace("/", "."), *classes))


def _properties(properties: Iterable[Property]) -> Iterator[str]:
    lines = [element("property", name=name, value=value) + " />" for name, value in properties]
    if lines:
        yield from ("<properties>", *lines, "</properties>")


# --- results ----------------------------------------------------------------------------------------------------


def _tag_of(verdict: Verdict) -> str:
    match verdict:
        case Verdict.PASSED | Verdict.XPASSED:
            return ""
        case Verdict.FAILED | Verdict.TIMED_OUT:
            return "failure"
        case Verdict.ERROR | Verdict.CRASHED:
            return "error"
        case Verdict.SKIPPED | Verdict.XFAILED | Verdict.NOT_RUN:
            return "skipped"
        case _:
            assert_never(verdict)


def _result(outcome: Outcome, rootdir: str) -> Iterator[str]:
    match tag := _tag_of(outcome.verdict):
        case "":
            pass
        case "skipped":
            yield _skipped(outcome)
        case _:
            text = "\n\n".join(failure_text(failure, rootdir) for failure in outcome.failures)
            yield text_element(tag, text, message=_message(outcome))


def _skipped(outcome: Outcome) -> str:
    message = f"not run: {outcome.reason}" if outcome.verdict is Verdict.NOT_RUN else outcome.reason
    kind = "pytest.xfail" if outcome.verdict is Verdict.XFAILED else "pytest.skip"  # the words that readers know
    return element("skipped", type=kind, message=message) + " />"


def _message(outcome: Outcome) -> str:
    if not outcome.failures:
        return outcome.reason or outcome.verdict.value
    first, *more = outcome.failures
    return headline(first) + (f" (and {count(len(more), 'more failure')})" if more else "")


# --- output -----------------------------------------------------------------------------------------------------


def _output(finished: TestFinished, warnings: Iterable[WarningIssued]) -> Iterator[str]:
    yield from _text(_OUT, sections(finished.output, _STREAMS[_OUT]))
    yield from _text(_ERR, (*sections(finished.output, _STREAMS[_ERR]), *map(warning_line, warnings)))


def _stray(report: Report, warnings: Iterable[WarningIssued]) -> Iterator[str]:
    """What no test wrote stands with the suite."""
    for tag, streams in _STREAMS.items():
        told = "".join(piece.text for piece in report.stray if piece.stream in streams)
        yield from _text(tag, (told, *(map(warning_line, warnings) if tag == _ERR else ())))


def _text(tag: str, parts: Iterable[str]) -> Iterator[str]:
    if text := "\n".join(part for part in parts if part):
        yield text_element(tag, text)
