"""Further attempts: fresh fixtures, wider ones kept, every failure remembered."""

import pytest

from rustest.model.outcome import Note, Verdict
from rustest.report.summary import summary_line
from rustest.testing import run_project


def flaky(decorator: str, body: str = "assert len(tries) == 3", kind: str = "async def") -> dict[str, str]:
    return {
        "test_x.py": f"""
            import time
            from rustest import fixture, mark

            tries, made = [], []

            @fixture(scope="module")
            def wide():
                made.append(1)
                return made

            @fixture
            def fresh():
                return []

            {decorator}
            {kind} test_a(wide, fresh):
                fresh.append(1)
                tries.append(1)
                assert len(fresh) == len(wide) == 1
                {body}
        """
    }


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_test_that_passes_at_last_is_flaky_and_keeps_its_failures(tmp_path, kind):
    report = run_project(tmp_path, flaky("@mark.flaky(retries=2, delay=0.01)", kind=kind))
    outcome = report.outcome("test_x.py::test_a")
    assert outcome.verdict is Verdict.PASSED
    assert outcome.notes == {Note.FLAKY}
    assert [len(failures) for failures in outcome.earlier] == [1, 1]
    assert summary_line(report).startswith("1 passed, 1 flaky")


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_the_flag_gives_every_test_so_many_attempts(tmp_path, kind):
    report = run_project(tmp_path, flaky("", kind=kind), retries=1)
    outcome = report.outcome("test_x.py::test_a")
    assert (outcome.verdict, len(outcome.earlier), outcome.notes) == (Verdict.FAILED, 1, frozenset())


def test_flaky_tests_fail_if_that_is_asked_for(tmp_path):
    report = run_project(tmp_path, flaky("@mark.flaky(retries=2)"), fail_flaky=True)
    outcome = report.outcome("test_x.py::test_a")
    assert (outcome.verdict, outcome.notes) == (Verdict.FAILED, {Note.FLAKY})
    assert outcome.failures == outcome.earlier[-1]


def test_other_exceptions_than_those_named_are_final(tmp_path):
    report = run_project(tmp_path, flaky("@mark.flaky(retries=2, only=OSError)"))
    assert report.outcome("test_x.py::test_a").earlier == ()


def test_all_that_went_wrong_must_be_of_the_exceptions_that_are_named(tmp_path):
    source = """
        from rustest import fixture, mark

        @fixture
        def broken():
            yield
            raise ValueError

        @mark.flaky(retries=2, only=OSError)
        def test_a(broken): raise OSError

        @mark.flaky(retries=2, only=(OSError, ValueError))
        def test_b(broken): raise OSError
    """
    report = run_project(tmp_path, {"test_x.py": source})
    assert [len(report.outcome(f"test_x.py::test_{name}").earlier) for name in "ab"] == [0, 2]


def test_a_test_that_does_not_end_is_not_tried_again(tmp_path):
    source = """
        import asyncio
        from rustest import mark

        @mark.flaky(retries=2)
        @mark.asyncio(timeout=0.05)
        async def test_a():
            while True:
                try:
                    await asyncio.sleep(30)
                except asyncio.CancelledError:
                    pass
    """
    outcome = run_project(tmp_path, {"test_x.py": source}, timeout_grace=0.05).outcome("test_x.py::test_a")
    assert (outcome.verdict, outcome.notes, outcome.earlier) == (Verdict.TIMED_OUT, {Note.STUCK}, ())


def test_a_timeout_is_a_failure_like_others(tmp_path):
    body = "time.sleep(0 if len(tries) == 2 else 30)"
    report = run_project(tmp_path, flaky("@mark.flaky\n            @mark.timeout(0.2)", body))
    outcome = report.outcome("test_x.py::test_a")
    assert (outcome.verdict, len(outcome.earlier)) == (Verdict.PASSED, 1)


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_what_is_found_of_one_attempt_fails_that_attempt_and_no_other(tmp_path, kind):
    body = "if len(tries) < 3: return 'nothing that anybody looks at'"
    report = run_project(tmp_path, flaky("@mark.flaky(retries=2)", body, kind))
    outcome = report.outcome("test_x.py::test_a")
    assert (outcome.verdict, outcome.notes) == (Verdict.PASSED, {Note.FLAKY})
    assert ["returned a str" in failure.message for (failure,) in outcome.earlier] == [True, True]


@pytest.mark.parametrize("mark", ["@mark.flaky", "@mark.flaky()"])
def test_the_mark_alone_asks_for_one_more_attempt(tmp_path, mark):
    report = run_project(tmp_path, flaky(mark))
    outcome = report.outcome("test_x.py::test_a")
    assert (outcome.verdict, len(outcome.earlier)) == (Verdict.FAILED, 1)
