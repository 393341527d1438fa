"""`subtests`: what fails in one part fails the test, and not before the other parts have run."""

from pathlib import Path

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_all_parts_run_and_each_failure_is_told_with_its_name(tmp_path: Path, kind: str) -> None:
    source = f"""
        ran = []

        {kind} test_parts(subtests):
            for i in range(3):
                with subtests.test("odd", i=i):
                    ran.append(i)
                    assert i % 2 == 0
            with subtests.test(i=9):
                raise KeyError("x")
            assert ran == [0, 1, 2]

        def test_after():
            assert ran == [0, 1, 2]
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_after",)
    outcome = report.outcome("test_it.py::test_parts")
    assert outcome.verdict is Verdict.FAILED
    assert [failure.notes for failure in outcome.failures] == [("subtest [odd] (i=1)",), ("subtest (i=9)",)]


def test_a_part_may_skip_itself_and_an_xfail_covers_its_failure(tmp_path: Path) -> None:
    source = """
        from rustest import mark, skip

        def test_skips_a_part(subtests):
            with subtests.test():
                skip("not here")

        @mark.xfail
        def test_expected(subtests):
            with subtests.test():
                assert 0
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.counts() == {Verdict.PASSED: 1, Verdict.XFAILED: 1}
