"""A line for each file, whatever the order in which tests end."""

from rustest.model.events import TestFinished
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.report.file_lines import FileLines
from rustest.report.painting import PLAIN


def end(lines: FileLines, node_id: str, verdict: Verdict = Verdict.PASSED) -> str | None:
    return lines.end(TestFinished(node_id, Outcome(verdict), 1.0, 0.25))


def test_a_file_is_told_with_its_last_test() -> None:
    lines = FileLines({"a.py": 2, "tests/b.py": 2}, PLAIN)
    assert end(lines, "a.py::test_1") is None
    assert end(lines, "tests/b.py::TestC::test_1[a::b]", Verdict.FAILED) is None
    assert end(lines, "tests/b.py::test_2") == "tests/b.py  1 failed, 1 passed  0.50 s"
    assert end(lines, "a.py::test_2") == "a.py        2 passed  0.50 s"


def test_a_file_that_the_run_left_unfinished_has_no_line() -> None:
    lines = FileLines({"a.py": 2}, PLAIN)
    assert end(lines, "a.py::test_1") is None
    assert end(lines, "a.py::test_2", Verdict.NOT_RUN) is None


def test_long_names_do_not_push_all_others_to_the_right() -> None:
    lines = FileLines({"a.py": 1, "x" * 100: 1}, PLAIN)
    assert len(end(lines, "a.py::test_1") or "") < 80


def test_a_file_that_nobody_announced_has_no_line() -> None:
    assert FileLines({}, PLAIN).end(TestFinished("a.py::test_1", PASSED, 1.0, 0.1)) is None


def test_a_test_that_seems_to_have_waited_longer_than_it_took_takes_nothing_from_the_others() -> None:
    lines = FileLines({"a.py": 2}, PLAIN)
    lines.end(TestFinished("a.py::test_1", PASSED, 1.0, 0.1, waited=0.4))
    assert lines.end(TestFinished("a.py::test_2", PASSED, 1.0, 0.25)) == "a.py  2 passed  0.25 s"
