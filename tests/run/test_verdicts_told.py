"""What is told of each failure, and of tests that a run which ends early leaves."""

import pytest
from project_runs import record


def test_causes_contexts_and_notes_are_told(tmp_path):
    happened = record(
        tmp_path,
        """
        async def test_cause():
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise ValueError("late") from error

        async def test_context():
            try:
                1 / 0
            except ZeroDivisionError:
                raise ValueError("late")

        async def test_no_context():
            try:
                1 / 0
            except ZeroDivisionError:
                raise ValueError("late") from None

        async def test_notes():
            error = ValueError("x")
            error.add_note("first")
            error.add_note("second")
            raise error
        """,
    )
    for test in ("test_cause", "test_context"):
        assert happened.failure(test).cause.headline == "ZeroDivisionError: division by zero"
    assert happened.failure("test_no_context").cause is None
    assert happened.failure("test_notes").notes == ("first", "second")


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_exceptions_that_cannot_be_told_properly_are_failures_all_the_same(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        class Interrupts(Exception):
            def __str__(self): raise KeyboardInterrupt

        class Endless(Exception):
            def __str__(self): return str(self)

        class NoText(Exception):
            def __str__(self): return 5

        class NoNotes(Exception):
            __notes__ = 5

        {kind} test_interrupts(): raise Interrupts

        {kind} test_endless(): raise Endless

        {kind} test_no_text(): raise NoText

        {kind} test_no_notes(): raise NoNotes

        {kind} test_long_chain():
            last = None
            for number in range(3000):
                try:
                    raise ValueError(number) from last
                except ValueError as error:
                    last = error
            raise last

        {kind} test_deep_group():
            error = ValueError()
            for _ in range(3000):
                error = ExceptionGroup("g", [error])
            raise error

        {kind} test_other(): pass
        """,
    )
    assert happened.verdicts().pop("test_other") == "passed"
    assert [*happened.verdicts().values()].count("failed") == 6
    messages = {test: happened.failure(test).message for test in ("test_interrupts", "test_endless", "test_long_chain")}
    assert messages == {
        "test_interrupts": "<no message: __str__ raised KeyboardInterrupt>",
        "test_endless": "<no message: __str__ raised RecursionError>",
        "test_long_chain": "2999",
    }


def test_a_failure_of_a_body_that_had_begun_to_be_torn_down_is_kept_when_the_run_stops(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture
        async def slow():
            yield
            await asyncio.sleep(0.2)

        async def test_failed_before(slow): assert False

        async def test_passed_before(slow): pass

        async def test_first_to_end():
            await asyncio.sleep(0.05)
            assert False

        async def test_in_its_body(slow): await asyncio.sleep(10)
        """,
        maxfail=1,
    )
    assert happened.verdicts() == {
        "test_failed_before": "failed",
        "test_passed_before": "passed",
        "test_first_to_end": "failed",
        "test_in_its_body": "not run",
    }


def test_after_the_last_failure_that_is_allowed_nothing_else_is_told(tmp_path):
    happened = record(
        tmp_path,
        {
            "test_a.py": "def test_fails(): assert False\n\ndef test_after(): pass",
            "test_b.py": """
            from rustest import mark

            @mark.skip
            async def test_skipped(): pass

            async def test_broken(missing): pass

            async def test_fine(): pass
            """,
        },
        maxfail=1,
        concurrency=1,
    )
    assert happened.verdicts() == {
        "test_fails": "failed",
        "test_after": "not run",
        "test_skipped": "not run",
        "test_broken": "not run",
        "test_fine": "not run",
    }
