"""How long a run will take, judged by earlier ones."""

import pytest

from rustest.plan.forecast import forecast
from rustest.testing import plan_project

MIXED = """
    from rustest import mark, parametrize

    @parametrize("number", range(10))
    async def test_waits(number): pass

    def test_one(): pass
    def test_two(): pass

    @mark.skip
    def test_skipped(): pass
"""
SERIAL = """
    from rustest import mark, parametrize

    @mark.serial("db")
    @parametrize("number", range(4))
    async def test_db(number): pass

    @parametrize("number", range(4))
    async def test_waits(number): pass
"""


def expected(folder, source: str, seconds: float, concurrency: int = 100, known=lambda node_id: True):
    plan = plan_project(folder, {"test_it.py": source})
    steps = [step.item.id for window in plan.windows for step in window.steps]
    return forecast(plan, {node_id: seconds for node_id in steps if known(node_id)}, concurrency)


def test_tests_that_overlap_count_once_and_those_in_line_each(tmp_path):
    assert expected(tmp_path, MIXED, 1.0) == pytest.approx(3.0)


def test_the_width_of_the_overlap_counts(tmp_path):
    assert expected(tmp_path, MIXED, 1.0, concurrency=5) == pytest.approx(4.0)


def test_holders_of_one_key_take_turns(tmp_path):
    assert expected(tmp_path, SERIAL, 1.0) == pytest.approx(4.0)


def test_new_tests_are_taken_for_average_ones(tmp_path):
    assert expected(tmp_path, MIXED, 1.0, known=lambda node_id: "two" not in node_id) == pytest.approx(3.0)


def test_too_little_known_is_nothing_known(tmp_path):
    assert expected(tmp_path, MIXED, 1.0, known=lambda node_id: "one" in node_id) is None
    assert expected(tmp_path, MIXED, 1.0, known=lambda node_id: False) is None
