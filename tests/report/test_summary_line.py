"""The summary line is for people, and for scripts that look for counts in the last lines of the output."""

import re

import pytest

from rustest.model.events import Interrupted, RunFinished, RunStarted, StopReason, TestFinished
from rustest.model.failure import Phase, problem
from rustest.model.item import Problem
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.model.report import Report, fold
from rustest.report.summary import saving, summary_line


def line(**counts: int) -> str:
    verdicts = [Verdict[name.upper()] for name, number in counts.items() for _ in range(number)]
    ended = [TestFinished(f"a.py::test_{n}", Outcome(verdict), 0, 0) for n, verdict in enumerate(verdicts)]
    return summary_line(fold([RunStarted(len(ended), 0, ""), *ended, RunFinished(1.234)]))


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"passed": 1}, "1 passed in 1.23 s"),
        ({"failed": 3, "passed": 140, "skipped": 2}, "3 failed, 140 passed, 2 skipped in 1.23 s"),
        ({"timed_out": 2, "failed": 1}, "3 failed in 1.23 s"),
        ({"error": 1, "passed": 1}, "1 error, 1 passed in 1.23 s"),
        ({"error": 2, "crashed": 1}, "2 errors, 1 crashed in 1.23 s"),
        ({"xfailed": 1, "xpassed": 2, "not_run": 3}, "1 xfailed, 2 xpassed, 3 not run in 1.23 s"),
    ],
)
def test_the_line_counts_each_verdict(counts: dict[str, int], expected: str) -> None:
    assert line(**counts) == expected


def test_no_verdict_is_left_out() -> None:
    counted = line(**{verdict.name: 1 for verdict in Verdict}).partition(" in ")[0]
    assert sum(int(number) for number in re.findall(r"\d+", counted)) == len(Verdict)


def test_timed_out_tests_are_among_the_last_number_that_a_script_finds() -> None:
    text = line(timed_out=2, failed=1, passed=145)
    assert re.findall(r"(\d+) (?:failed|timed? ?out)", text)[-1] == "3"
    assert re.findall(r"(\d+)(?:/\d+)? passed", text)[-1] == "145"


def test_problems_and_deselected_tests_are_counted() -> None:
    report = Report({}, (Problem("a.py", problem(Phase.COLLECT, "no")),), deselected=4)
    assert summary_line(report) == "1 problem, no tests ran, 4 deselected in 0.00 s"


def test_overlap_saves_what_tests_wait_at_once_and_not_what_they_wait_for_each_other() -> None:
    def told(*waited: float) -> str:
        ended = [TestFinished(f"a.py::test_{n}", PASSED, 2, 2.0, waited=waits) for n, waits in enumerate(waited)]
        return saving(fold([RunStarted(len(ended), 0, ""), *ended, RunFinished(2.0)]))

    assert told(0.0, 0.0, 0.5) == "overlapping, 5.50 s of tests took 2.00 s\n"
    assert told(1.5, 1.5, 1.5) == ""


def test_of_a_run_that_was_cut_short_nothing_is_said_of_what_overlap_saved() -> None:
    ended = [TestFinished(f"a.py::test_{n}", Outcome(Verdict.NOT_RUN), 2, 2.0) for n in range(9)]
    cut = Interrupted(StopReason.USER, ("a.py::test_0",))
    assert saving(fold([RunStarted(len(ended), 0, ""), cut, *ended, RunFinished(2.0)])) == ""
