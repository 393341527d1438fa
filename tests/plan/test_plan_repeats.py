"""Copies of tests: their ids, and which of them may overlap."""

from rustest.model.plan import Lane
from rustest.testing import plan_project

FILE = {"test_x.py": "import pytest\nasync def test_a(): pass\ndef test_b(): pass\n"}
HANDED_OVER = {
    "test_x.py": """
        seen = []

        async def test_a():
            seen.append(1)

        async def test_b():
            assert seen
    """
}


def test_each_copy_has_an_id_of_its_own(tmp_path):
    ids = set(plan_project(tmp_path, FILE, repeat=2).ids())
    assert ids == {f"test_x.py::test_{name}[{number}]" for name in "ab" for number in (1, 2)}


def test_the_number_follows_the_case(tmp_path):
    source = "from rustest import mark\n@mark.parametrize('v', ['x'])\ndef test_a(v): assert v == 'x'\n"
    assert list(plan_project(tmp_path, {"test_x.py": source}, repeat=2).ids()) == [
        "test_x.py::test_a[x-1]",
        "test_x.py::test_a[x-2]",
    ]


def test_expressions_select_before_tests_are_copied(tmp_path):
    plan = plan_project(tmp_path, FILE, repeat=3, keyword="test_a")
    assert (plan.total, plan.deselected) == (3, 1)


def test_under_stress_tests_overlap_that_would_keep_their_order(tmp_path):
    usual = plan_project(tmp_path / "usual", HANDED_OVER, repeat=2)
    assert any(step.after for window in usual.windows for step in window.steps)
    stress = plan_project(tmp_path / "stress", HANDED_OVER, stress=2)
    (window,) = stress.windows
    assert window.lane is Lane.OVERLAP
    assert [step.after for step in window.steps] == [()] * 4
