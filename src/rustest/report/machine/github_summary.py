"""The summary of a step of GitHub Actions: a page in Markdown, appended to the file that GitHub names."""

import html
import re
from collections.abc import Iterator

from rustest.model.events import Event, RunFinished, TestFinished
from rustest.model.outcome import Verdict
from rustest.model.report import Folding, Report, bad_tests
from rustest.report.failure.failures import failure_text
from rustest.report.machine.excerpts import bounded
from rustest.report.machine.github import told
from rustest.report.messages import broken_reporter, count, cut_short, duration

SHOWN = 50
"""How many failures are told."""
LONGEST = 3000
"""Characters of one failure. GitHub takes a megabyte, and a character may be four bytes."""
SLOWEST = 5


class StepSummaryReporter:
    """Appends the page when the run has finished; raises OSError where the file cannot be written."""

    def __init__(self, path: str, rootdir: str) -> None:
        self._path = path
        self._rootdir = rootdir
        self._folding = Folding()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        self._folding(event)
        if isinstance(event, RunFinished):
            page = "\n".join(summary_page(self._folding.report(), self._rootdir))
            with open(self._path, "a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(f"{page}\n")


def summary_page(report: Report, rootdir: str) -> Iterator[str]:
    """The lines of the page: counts, what went wrong with its details folded, and the slowest tests."""
    yield f"### rustest: {_headline(report)}"
    yield ""
    yield from _counts(report)
    if cut := report.interrupted:
        yield from (f"**{_inline(cut_short(cut))}**", "")
    yield from (f"**{_inline(broken_reporter(broken))}**\n" for broken in report.broken_reporters)
    yield from _failures(report, rootdir)
    yield from _slowest(report)


def _headline(report: Report) -> str:
    bad = sum(ended.outcome.verdict.is_bad for ended in report.unusual)
    told = f"{bad} of {count(len(report.finished), 'test')} went wrong" if bad else count(len(report.finished), "test")
    problems = f", {count(len(report.problems), 'problem')}" if report.problems else ""
    return f"{told}{problems} in {duration(report.duration)}"


def _counts(report: Report) -> Iterator[str]:
    counts = report.counts()
    columns = {verdict.value: counts[verdict] for verdict in Verdict if verdict in counts}
    others = {"problems": len(report.problems), "files skipped": len(report.skipped_files)}
    others["deselected"] = report.deselected
    columns |= {name: number for name, number in others.items() if number}
    if columns:
        yield f"| {' | '.join(columns)} |"
        yield "|" + " --- |" * len(columns)
        yield f"| {' | '.join(map(str, columns.values()))} |"
        yield ""


def _failures(report: Report, rootdir: str) -> Iterator[str]:
    told_of = [(problem.where or "the run", failure_text(problem.failure, rootdir)) for problem in report.problems]
    bad = bad_tests(report.unusual)
    told_of += [(f"{ended.outcome.verdict.value}: {ended.id}", told(ended.outcome, rootdir)) for ended in bad]
    for title, text in told_of[:SHOWN]:
        yield from _details(bounded(title, LONGEST), bounded(text, LONGEST))
    if len(told_of) > SHOWN:
        yield from (f"... and {len(told_of) - SHOWN} more", "")


def _details(title: str, text: str) -> Iterator[str]:
    """The text behind its title, in a fence that is longer than any run of backticks in it."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield f"<details><summary><code>{_one_line(title)}</code></summary>"
    yield from ("", fence, text, fence, "", "</details>", "")


def _slowest(report: Report) -> Iterator[str]:
    slowest = sorted(report.finished.values(), key=_by_duration)[:SLOWEST]
    slow = (ended for ended in slowest if round(ended.took, 2))  # the others are as fast as each other
    lines = [f"| <code>{_cell(ended.id)}</code> | {duration(ended.took)} |" for ended in slow]
    if lines:
        yield from ("| slowest | |", "| --- | ---: |", *lines, "")


def _by_duration(ended: TestFinished) -> tuple[float, str]:
    return -ended.took, ended.id


def _one_line(text: str) -> str:
    """Text for a block of HTML, which no Markdown is read in."""
    return html.escape(" ".join(text.split()), quote=False)


def _inline(text: str) -> str:
    """Text that Markdown takes for what it is."""
    return re.sub(r"([\\`*_\[\]~|])", r"\\\1", _one_line(text))


def _cell(text: str) -> str:
    return _inline(bounded(text, 300))
