"""Verdicts that pytest has no word on, and what is told of each failure."""

import pytest
from project_runs import record

from rustest.model.failure import Phase
from rustest.model.outcome import Verdict


def test_a_child_task_that_fails_fails_its_group_and_the_test(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio

        async def fail(): raise ValueError("child")

        async def test_group():
            async with asyncio.TaskGroup() as group:
                group.create_task(fail())
                group.create_task(asyncio.sleep(10))

        async def test_gather(): await asyncio.gather(asyncio.sleep(0.01), fail())

        async def test_exiting_child():
            async with asyncio.TaskGroup() as group:
                async def leave(): raise SystemExit(3)
                group.create_task(leave())

        async def test_callback():
            def leave(): raise SystemExit(3)
            asyncio.get_running_loop().call_soon(leave)
            await asyncio.sleep(0.01)

        async def test_neighbour(): await asyncio.sleep(0.05)
        """,
    )
    assert happened.verdicts() == {
        "test_group": "failed",
        "test_gather": "failed",
        "test_exiting_child": "failed",
        "test_callback": "failed",
        "test_neighbour": "passed",
    }
    assert [member.headline for member in happened.failure("test_group").members] == ["ValueError: child"]
    assert happened.failure("test_callback").headline == "SystemExit: 3"


def test_cancellations_of_the_tests_own_making_are_failures(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        async def test_raised(): raise asyncio.CancelledError("mine")

        async def test_of_itself():
            asyncio.current_task().cancel()
            await asyncio.sleep(0)

        async def test_of_itself_at_the_very_end(): asyncio.current_task().cancel()

        async def test_of_a_child():
            child = asyncio.create_task(asyncio.sleep(10))
            child.cancel()
            await child

        async def test_caught():
            asyncio.current_task().cancel()
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                asyncio.current_task().uncancel()

        def test_raised_by_a_sync_test(): raise asyncio.CancelledError
        """,
    )
    assert happened.verdicts() == {
        "test_raised": "failed",
        "test_of_itself": "failed",
        "test_of_itself_at_the_very_end": "failed",
        "test_of_a_child": "failed",
        "test_caught": "passed",
        "test_raised_by_a_sync_test": "failed",
    }
    assert happened.failure("test_raised").message == "mine"


@pytest.mark.parametrize("kind", ["def", "async def"])
@pytest.mark.parametrize("scope", ["function", "module"])
def test_an_xfail_mark_does_not_cover_a_teardown(tmp_path, scope, kind):
    """pytest would let it pass in a function's scope; here a teardown that fails makes any run red."""
    happened = record(
        tmp_path,
        f"""
        from rustest import fixture, mark, skip

        @fixture(scope="{scope}")
        {kind} breaks():
            yield
            raise OSError("teardown")

        @mark.xfail
        {kind} test_fails(breaks): assert False
        """,
    )
    assert happened.verdicts() == {"test_fails": "error"}
    assert [one.phase for one in happened.outcome("test_fails").failures] == [Phase.CALL, Phase.TEARDOWN]
    assert happened.report.status == 1


def test_a_skip_at_teardown_leaves_the_expected_failure_as_it_was(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import fixture, mark, skip

        @fixture
        async def skips():
            yield
            skip("late")

        @mark.xfail(reason="known")
        async def test_xfails(skips): assert False
        """,
    )
    assert happened.outcome("test_xfails")[:2] == (Verdict.XFAILED, "known")


def test_a_strict_mark_whose_test_passes_says_what_was_expected(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import mark

        @mark.xfail(strict=True, reason="not fixed yet")
        async def test_it(): pass

        @mark.xfail(reason="not done yet")
        async def test_lenient(): pass
        """,
    )
    assert happened.failure("test_it").headline == "passed, but it is expected to fail, strictly: not fixed yet"
    assert happened.outcome("test_lenient")[:2] == (Verdict.XPASSED, "not done yet")


def test_the_setting_makes_all_marks_strict_but_those_that_say_no(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import mark

        @mark.xfail
        async def test_it(): pass

        @mark.xfail(strict=False)
        def test_lenient(): pass
        """,
        xfail_strict=True,
    )
    assert happened.verdicts() == {"test_it": "failed", "test_lenient": "xpassed"}


def test_an_xfail_mark_does_not_cover_a_timeout(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import mark

        @mark.xfail
        async def test_hangs(): await asyncio.Event().wait()
        """,
        timeout=0.05,
    )
    assert happened.verdicts() == {"test_hangs": "timed out"}


def test_a_plain_test_that_returns_a_coroutine_fails_and_says_why(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        import functools

        def bare(function):
            def wrapper(*args): return function(*args)
            return wrapper

        def running(function):
            @functools.wraps(function)
            def wrapper(*args): asyncio.run(function(*args))
            return wrapper

        @bare
        async def test_bare(): assert False

        @running
        async def test_run_by_its_wrapper(): await asyncio.sleep(0)

        def test_returns(): return asyncio.sleep(0)
        """,
    )
    assert happened.verdicts() == {
        "test_bare": "failed",
        "test_run_by_its_wrapper": "passed",
        "test_returns": "failed",
    }
    assert "returned a coroutine" in happened.failure("test_returns").message
