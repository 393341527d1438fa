"""The slowest tests."""

from rustest.model.events import TestFinished
from rustest.model.outcome import PASSED
from rustest.report.durations import slowest

FINISHED = {
    node_id: TestFinished(node_id, PASSED, 1.0, took)
    for node_id, took in {"a": 0.5, "b": 2.0, "c": 0.5, "d": 61.0, "never started": 0.0}.items()
}


def test_the_slowest_come_first_and_the_rest_is_counted() -> None:
    assert [*slowest(FINISHED, 2)] == [
        "the 2 slowest tests:\n"
        "   1 min 1 s  d\n"
        "      2.00 s  b\n"
        "              and 2 more, which took 1.00 s together"
    ]


def test_where_all_are_listed_none_is_left_out() -> None:
    (text,) = slowest(FINISHED, 100)
    assert text.splitlines()[0] == "the 4 slowest tests:"
    assert [line.split()[-1] for line in text.splitlines()[1:]] == ["d", "b", "a", "c"]


def test_one_is_one() -> None:
    assert next(slowest(FINISHED, 1)).startswith("the slowest test:\n")


def test_nothing_is_listed_where_nothing_ran() -> None:
    assert [*slowest({}, 10)] == []
