"""The slowest tests."""

from pathlib import Path

from rustest.model.events import TestFinished
from rustest.model.outcome import PASSED
from rustest.report.durations import slowest

FINISHED = {
    node_id: TestFinished(node_id, PASSED, 1.0, took)
    for node_id, took in {"a": 0.5, "b": 2.0, "c": 0.5, "d": 61.0, "never started": 0.0}.items()
}


def test_the_slowest_come_first_and_the_rest_is_counted() -> None:
    assert [*slowest(FINISHED, 2)] == [
        "the 2 slowest tests:\n   1 min 1 s  d\n      2.00 s  b\n              and 2 more, which took 1.00 s together"
    ]


def test_the_example_in_the_docs_is_what_is_printed() -> None:
    took = {"till.py::test_closing": 4.2, "cart.py::test_checkout[card]": 1.31, "stock.py::test_delivery": 0.4}
    took |= {f"cart.py::test_good[{number}]": 12.75 / 142 for number in range(142)}
    ended = {f"shop/test_{name}": TestFinished(f"shop/test_{name}", PASSED, 1.0, took[name]) for name in took}
    (text,) = slowest(ended, 3)
    docs = Path(__file__).parents[2] / "docs" / "output.md"
    assert f"```text\n{text}\n```" in docs.read_text()


def test_where_all_are_listed_none_is_left_out() -> None:
    (text,) = slowest(FINISHED, 100)
    assert text.splitlines()[0] == "the 4 slowest tests:"
    assert [line.split()[-1] for line in text.splitlines()[1:]] == ["d", "b", "a", "c"]


def test_a_single_test_is_told_in_the_singular() -> None:
    assert next(slowest(FINISHED, 1)).startswith("the slowest test:\n")


def test_nothing_is_listed_where_nothing_ran() -> None:
    assert [*slowest({}, 10)] == []
