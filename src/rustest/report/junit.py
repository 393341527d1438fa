"""JUnit: the run as the XML file that continuous-integration servers read, in the form that pytest gives it.

The XML is put together here: the standard library's writers cost more start-up than the few lines of escaping, and
let characters through that no XML file may hold.
"""

import os
import re
import time
from collections.abc import Iterator
from typing import assert_never

from rustest.model.errors import UsageError
from rustest.model.events import Event, RunFinished, RunStarted, TestFinished
from rustest.model.ids import SEPARATOR, split_id
from rustest.model.item import Problem, SkippedFile
from rustest.model.outcome import Outcome, Verdict
from rustest.model.report import Folding, Report
from rustest.report.failures import failure_text, headline
from rustest.report.messages import count


class JUnitReporter:
    """Writes the results to a JUnit file when the run has finished, or whenever it is told to.

    The file is emptied at once, so that nobody takes an earlier run's results for those of a run that was killed.
    Raises UsageError where it cannot be written; missing folders are made.
    """

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)  # tests may change the current folder
        self._rootdir = ""
        self._began = time.time()
        self._folding = Folding()
        try:
            os.makedirs(os.path.dirname(self._path), exist_ok=True)
            self._save("")
        except OSError as error:
            raise UsageError(
                f"--junit-xml: cannot write {path}: {error.strerror}; name a file in a folder that you may write to"
            ) from None

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        self._folding(event)
        if isinstance(event, RunStarted):
            self._rootdir = event.rootdir
        elif isinstance(event, RunFinished):
            self.write(self._folding.report())

    def write(self, report: Report) -> None:
        """Write the file with what the report holds, also in the middle of a run; raises OSError where that fails."""
        self._save("\n".join(document(report, self._began, self._rootdir)) + "\n")

    def _save(self, text: str) -> None:
        with open(self._path, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)


def document(report: Report, began: float, rootdir: str) -> Iterator[str]:
    """The lines of the file; tests stand in the order in which they ended, problems of files before them."""
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield '<testsuites name="rustest tests">'
    yield _element("testsuite", **_totals(report), **_circumstances(report, began)) + ">"
    for problem in report.problems:
        yield from _problem_case(problem, rootdir)
    for skipped in report.skipped_files:
        yield from _skipped_file(skipped)
    for finished in report.finished.values():
        yield from _test_case(finished, rootdir)
    yield "</testsuite>"
    yield "</testsuites>"


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


def _problem_case(problem: Problem, rootdir: str) -> Iterator[str]:
    failure = problem.failure
    yield _element("testcase", classname="", name=_dotted(problem.where) or "rustest", time="0.000") + ">"
    yield _element("error", message=headline(failure)) + f">{escape(failure_text(failure, rootdir))}</error>"
    yield "</testcase>"


def _skipped_file(skipped: SkippedFile) -> Iterator[str]:
    case = _element("testcase", classname="", name=_dotted(skipped.file), time="0.000")
    yield f"{case}>{_skipped(Outcome(Verdict.SKIPPED, skipped.reason))}</testcase>"


def _test_case(finished: TestFinished, rootdir: str) -> Iterator[str]:
    parts = split_id(finished.id)
    classname = _dotted(SEPARATOR.join((parts.file, *parts.classes)))
    case = _element("testcase", classname=classname, name=parts.name, time=f"{finished.duration:.3f}")
    result = _result(finished.outcome, rootdir)
    yield f"{case}>{result}</testcase>" if result else f"{case} />"


def _dotted(node_id: str) -> str:
    """The node id of a file or class as a dotted name: `a.test_x.TestC`."""
    file, *classes = node_id.split(SEPARATOR)
    return ".".join((file.removesuffix(".py").replace("/", "."), *classes))


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


def _result(outcome: Outcome, rootdir: str) -> str:
    match tag := _tag_of(outcome.verdict):
        case "":
            return ""
        case "skipped":
            return _skipped(outcome)
        case _:
            text = "\n\n".join(failure_text(failure, rootdir) for failure in outcome.failures)
            return f"{_element(tag, message=_message(outcome))}>{escape(text)}</{tag}>"


def _skipped(outcome: Outcome) -> str:
    message = f"not run: {outcome.reason}" if outcome.verdict is Verdict.NOT_RUN else outcome.reason
    kind = "pytest.xfail" if outcome.verdict is Verdict.XFAILED else "pytest.skip"  # the words that readers know
    return _element("skipped", type=kind, message=message) + " />"


def _message(outcome: Outcome) -> str:
    if not outcome.failures:
        return outcome.reason or outcome.verdict.value
    first, *more = outcome.failures
    return headline(first) + (f" (and {count(len(more), 'more failure')})" if more else "")


def _element(tag: str, **attributes: str) -> str:
    return f"<{tag}" + "".join(f' {name}="{escape_attribute(value)}"' for name, value in attributes.items())


def escape(text: str) -> str:
    r"""Make text fit for XML: its special characters as entities, what XML 1.0 forbids as visible escapes (`\x1b`)."""
    return _SPECIAL.sub(_escaped, text)


def escape_attribute(text: str) -> str:
    """As `escape`, and keep quotes, line ends and tabs apart from the attribute's own."""
    return _SPECIAL_IN_ATTRIBUTE.sub(_escaped, text)


_FORBIDDEN = "\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff"
_SPECIAL = re.compile(f"[&<>\r{_FORBIDDEN}]")
_SPECIAL_IN_ATTRIBUTE = re.compile(f'[&<>"\r\n\t{_FORBIDDEN}]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    return _ENTITIES.get(character) or ascii(character)[1:-1]
