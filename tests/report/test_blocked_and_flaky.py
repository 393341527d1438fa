"""Long steps and failed attempts, where people and programs read of them."""

from rustest.model.events import RunStarted, TestFinished
from rustest.model.failure import Frame, Phase, problem
from rustest.model.outcome import Block, Note, Outcome, Verdict
from rustest.model.report import fold
from rustest.report.blocked import blocked_lines, blocked_words
from rustest.report.machine.jsonl import event_line
from rustest.report.machine.junit_document import document
from rustest.report.summary import summary_line

PLACE = Frame("/root/test_x.py", 12, "test_slow")


def finished(number: int, outcome: Outcome) -> TestFinished:
    return TestFinished(f"test_x.py::test_{number}", outcome, 0.0, 0.0)


def blocked(seconds: float, waited: int = 14) -> Outcome:
    return Outcome(Verdict.PASSED, notes=frozenset({Note.SLOW}), blocks=(Block(seconds, PLACE, waited),))


def test_a_long_step_is_told_with_place_and_number_of_tests():
    (block,) = blocked(2.1).blocks
    assert blocked_words(block, "/root") == "blocked the loop for 2.1 s at test_x.py:12; 14 tests waited"


def test_the_longest_steps_come_first_and_the_rest_is_counted():
    _, *lines = [line.text for line in blocked_lines([finished(n, blocked(n)) for n in range(1, 9)], "/root")]
    assert [line.split()[0] for line in lines[:5]] == [f"test_x.py::test_{n}" for n in (8, 7, 6, 5, 4)]
    assert lines[5:] == ["  ... and 3 more"]


def flaky() -> TestFinished:
    failed = (problem(Phase.CALL, "no luck"),)
    return finished(1, Outcome(Verdict.PASSED, notes=frozenset({Note.FLAKY}), earlier=(failed, failed)))


def test_flaky_tests_are_counted_beside_their_verdict():
    report = fold([RunStarted(1, 0, ""), flaky()])
    assert summary_line(report).startswith("1 passed, 1 flaky in")


def test_a_junit_file_has_a_property_for_each_step_and_attempt():
    report = fold([RunStarted(2, 0, ""), flaky(), finished(2, blocked(2.1))])
    text = "\n".join(document(report, 0.0, "/root"))
    assert text.count('name="rustest.retried" value="no luck"') == 2
    assert 'name="rustest.blocked" value="blocked the loop for 2.1 s at test_x.py:12; 14 tests waited"' in text


def test_json_lines_keep_every_attempt():
    assert event_line(flaky()).count("no luck") == 2
