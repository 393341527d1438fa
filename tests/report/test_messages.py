"""Wording."""

import pytest

from rustest.model.choices import Shard
from rustest.model.events import Interrupted, StopReason
from rustest.model.settings import Settings
from rustest.report.messages import count, duration, first_line, listing, no_tests, running_then, stopping


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "0.00 s"),
        (0.344, "0.34 s"),
        (59.99, "59.99 s"),
        (59.996, "1 min 0 s"),
        (123.4, "2 min 3 s"),
        (3599.6, "1 h 0 min"),
        (3725.0, "1 h 2 min"),
    ],
)
def test_durations_read_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_counts_have_plurals() -> None:
    assert [count(number, "test") for number in (0, 1, 2)] == ["0 tests", "1 test", "2 tests"]


def test_a_listing_counts_what_it_leaves_out() -> None:
    assert listing(["a", "b"], 2) == ["a", "b"]
    assert listing(["a", "b", "c"], 2) == ["a", "b", "... and 1 more"]


def test_first_lines_are_short_and_say_when_more_follows() -> None:
    assert first_line("\n  only one \n") == "only one"
    assert first_line("one\ntwo") == "one ..."
    assert first_line("") == ""
    assert len(first_line("x" * 1000)) < 200
    assert first_line("x" * 1000).endswith("x ...")


@pytest.mark.parametrize("reason", StopReason)
def test_every_way_to_stop_has_words(reason: StopReason) -> None:
    event = Interrupted(reason, ("a.py::test_a",))
    assert stopping(event, 1).startswith(reason.value)
    assert running_then(event).startswith(reason.value)


def test_only_the_user_is_told_how_to_leave_at_once() -> None:
    assert "again" in stopping(Interrupted(StopReason.USER, ()), 1)
    assert "again" not in stopping(Interrupted(StopReason.MAXFAIL, ()), 1)


def test_where_nothing_was_planned_there_is_nothing_to_leave_at_once() -> None:
    assert stopping(Interrupted(StopReason.USER, ()), 0) == "interrupted"
    assert stopping(Interrupted(StopReason.TERMINATED, ()), 0) == "stopped by SIGTERM"


def test_where_no_test_is_left_the_options_that_chose_are_named() -> None:
    left = "no test is left: {} deselected 2 tests, all that were found"
    assert no_tests(2, Settings(keyword="x")) == left.format("-k")
    assert no_tests(2, Settings(markexpr="slow", deselect=("a",))) == left.format("-m, --deselect")
    assert no_tests(2, Settings(lf=True, lf_or_nothing=True)) == left.format("--lf")
    assert no_tests(2, Settings()) == "no test is left: deselected are 2 tests, all that were found"
    assert no_tests(0, Settings(shard=Shard(2, 9))).startswith("no test is in shard 2/9: take fewer shards")
    assert no_tests(0, Settings()).endswith("in files test_*.py, *_test.py")
