"""Whose limit counts, and what a test may do with timeouts of its own."""

import pytest
from project_runs import record

from rustest.model.outcome import Verdict

TIMED_OUT = "Test timed out after 0.1 seconds"


def messages(run, test: str) -> list[str]:
    return [failure.message for failure in run.outcome(test).failures]


def test_limits_come_from_the_nearest_mark_then_the_settings(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark

        async def test_default(): await asyncio.sleep(1000)

        def test_default_of_sync_tests(): time.sleep(1000)

        @mark.timeout(0.1)
        def test_mark(): time.sleep(1000)

        @mark.timeout(0.1)
        async def test_mark_on_async(): await asyncio.sleep(1000)

        @mark.timeout(1000)
        @mark.asyncio(timeout=0.1)
        async def test_asyncio_mark_wins(): await asyncio.sleep(1000)

        @mark.asyncio(timeout=0.01)
        @mark.timeout(1000)
        def test_asyncio_mark_means_nothing_to_sync_tests(): time.sleep(0.5)

        @mark.asyncio(timeout=0.01)
        class TestClass:
            @mark.asyncio(timeout=1000)
            async def test_method_wins(self): await asyncio.sleep(0.5)
    """
    run = record(tmp_path, source, timeout=0.3)
    assert {test: messages(run, test) for test in ("test_default", "test_default_of_sync_tests")} == {
        "test_default": ["Test timed out after 0.3 seconds"],
        "test_default_of_sync_tests": ["Test timed out after 0.3 seconds"],
    }
    for test in ("test_mark", "test_mark_on_async", "test_asyncio_mark_wins"):
        assert (messages(run, test), run.outcome(test).verdict) == ([TIMED_OUT], Verdict.TIMED_OUT)
    assert run.outcome("test_asyncio_mark_means_nothing_to_sync_tests").verdict is Verdict.PASSED
    assert run.outcome("TestClass::test_method_wins").verdict is Verdict.PASSED


def test_without_a_limit_nothing_ends_a_test_and_a_huge_one_is_as_good_as_none(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark

        def test_sync(): time.sleep(0.3)
        async def test_async(): await asyncio.sleep(0.3)

        @mark.timeout(1e12)
        async def test_huge(): await asyncio.sleep(0.3)

        @mark.timeout(1e12)
        def test_huge_sync(): time.sleep(0.3)

        async def test_another_huge_wait():
            forever = asyncio.create_task(asyncio.sleep(1e12))
            await asyncio.sleep(0.3)
            forever.cancel()
    """
    assert set(record(tmp_path, source).verdicts().values()) == {"passed"}


def test_the_tests_own_timeout_error_keeps_its_name(tmp_path):
    source = """
        import asyncio
        from rustest import mark, raises
        pytestmark = mark.timeout(1000)

        async def test_timeout():
            async with asyncio.timeout(0.01): await asyncio.sleep(1000)

        async def test_wait_for():
            await asyncio.wait_for(asyncio.sleep(1000), 0.01)

        async def test_raised():
            raise TimeoutError("of its own")

        def test_raised_in_sync():
            raise TimeoutError("of its own")

        async def test_expected():
            with raises(TimeoutError):
                async with asyncio.timeout(0.01): await asyncio.sleep(1000)
    """
    run = record(tmp_path, source)
    for test in ("test_timeout", "test_wait_for", "test_raised", "test_raised_in_sync"):
        assert (run.outcome(test).verdict, run.failure(test).type) == (Verdict.FAILED, "TimeoutError")
    assert run.outcome("test_expected").verdict is Verdict.PASSED


@pytest.mark.parametrize(
    "body",
    [
        "async with asyncio.timeout(1000): await asyncio.sleep(1000)",
        "await asyncio.wait_for(asyncio.sleep(1000), 1000)",
        "async with asyncio.timeout(1000): time.sleep(1000)",
        "async with asyncio.TaskGroup() as group: group.create_task(asyncio.sleep(1000))",
        "async with asyncio.TaskGroup() as group: group.create_task(asyncio.sleep(1000)); time.sleep(1000)",
        "await asyncio.shield(asyncio.sleep(1000))",
        "await asyncio.gather(*(asyncio.sleep(1000) for _ in range(3)))",
        "await asyncio.to_thread(time.sleep, 0.6)",
    ],
)
def test_the_limit_ends_what_waits_in_asyncios_own_ways(tmp_path, body):
    source = f"""
        import asyncio, time
        from rustest import mark

        @mark.timeout(0.1)
        async def test_it():
            {body}
    """
    run = record(tmp_path, source)
    assert (run.outcome("test_it").verdict, messages(run, "test_it")) == (Verdict.TIMED_OUT, [TIMED_OUT])


@pytest.mark.parametrize(
    "body",
    [
        "try: await asyncio.sleep(1000)\n{0}except BaseException: pass",
        "try: time.sleep(1000)\n{0}except BaseException: pass",
        "try: await asyncio.sleep(1000)\n{0}except BaseException: raise ValueError('in between')",
        "try: time.sleep(1000)\n{0}except BaseException: raise SystemExit(0)",
        "try: time.sleep(1000)\n{0}except BaseException: await asyncio.sleep(0.05)",
        "try: time.sleep(1000)\n{0}finally: return",
        "try: await asyncio.sleep(1000)\n{0}except BaseException: skip('late')",
        "try: await asyncio.sleep(1000)\n{0}except BaseException: await asyncio.sleep(1000)",
        "try: time.sleep(1000)\n{0}except BaseException: time.sleep(1000)",
        "try: time.sleep(1000)\n{0}except BaseException: await asyncio.sleep(1000)",
        "try: await asyncio.sleep(1000)\n{0}except BaseException: time.sleep(1000)",
        "asyncio.create_task(block())\n{0}await asyncio.sleep(1000)",
        "asyncio.get_running_loop().call_later(0.02, lambda: time.sleep(1000))\n{0}await asyncio.sleep(1000)",
    ],
)
def test_whatever_it_does_when_told_to_end_it_has_timed_out(tmp_path, body):
    source = f"""
        import asyncio, time
        from rustest import mark, skip

        async def block():
            time.sleep(1000)

        @mark.timeout(0.1)
        async def test_it():
            {body.format(" " * 12)}

        async def test_beside():
            for _ in range(20):
                await asyncio.sleep(0.01)
    """
    run = record(tmp_path, source, timeout_grace=0.2)
    assert run.verdicts() == {"test_it": "timed out", "test_beside": "passed"}
    assert messages(run, "test_it") == [TIMED_OUT]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_test_that_took_longer_has_timed_out_though_nothing_could_interrupt_it(tmp_path, kind):
    """Holding the interpreter keeps the watchdog's thread out, too; the clock decides all the same."""
    source = f"""
        import sys, time
        from rustest import mark

        @mark.timeout(0.1)
        {kind} test_it():
            sys.setswitchinterval(1000)
            try:
                end = time.monotonic() + 0.3
                while time.monotonic() < end: pass
            finally:
                sys.setswitchinterval(0.005)
    """
    run = record(tmp_path, source)
    assert (run.outcome("test_it").verdict, messages(run, "test_it")) == (
        Verdict.TIMED_OUT,
        ["Test timed out after 0.1 seconds"],
    )


def test_ends_on_the_stroke_of_the_limit_are_either_passes_or_timeouts_and_never_anything_else(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture, mark, parametrize

        @fixture
        async def around():
            yield
            assert asyncio.current_task().cancelling() == 0
            await asyncio.sleep(0)
            note("torn down")

        @parametrize("number", range(200))
        @mark.timeout(0.5)  # the fixture's teardown has the same limit, which no busy machine may make it miss
        async def test_ends(number, around):
            await asyncio.sleep(0.45 + number / 2000 if number else 30)  # one at least is late, however busy others are
    """
    run = record(tmp_path, source, concurrency=200)
    verdicts = set(run.verdicts().values())
    assert verdicts <= {"passed", "timed out"}
    assert "timed out" in verdicts
    assert run.log == ["torn down"] * 200
    assert {failure.message for one in run.report.finished.values() for failure in one.outcome.failures} == {
        "Test timed out after 0.5 seconds"
    }


@pytest.mark.parametrize(
    "body",
    [
        "await asyncio.sleep(1000)",
        "time.sleep(1000)",
        "try: await asyncio.sleep(1000)\n{0}except BaseException: await asyncio.sleep(1000)",
        "try: time.sleep(1000)\n{0}except BaseException: await asyncio.sleep(1000)",
        "async with asyncio.timeout(1000): await asyncio.sleep(1000)",
        "async with asyncio.TaskGroup() as group: group.create_task(asyncio.sleep(1000))",
        "asyncio.current_task().cancel(); await asyncio.sleep(1000)",
    ],
)
def test_teardowns_find_no_trace_of_the_cancellation(tmp_path, body):
    source = f"""
        import asyncio, time
        from happened import note
        from rustest import fixture, mark

        @fixture
        async def around():
            yield
            cancellations = asyncio.current_task().cancelling()
            try:
                async with asyncio.timeout(0.01): await asyncio.sleep(1000)
            except TimeoutError:
                note("timeout")
            try:
                await asyncio.wait_for(asyncio.sleep(1000), 0.01)
            except TimeoutError:
                note("wait_for")
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(0.01))
            note(("group", cancellations))

        @mark.timeout(0.2)
        async def test_it(around):
            {body.format(" " * 12)}
    """
    run = record(tmp_path, source, timeout_grace=0.2)
    own = 1 if "cancel()" in body else 0
    assert run.outcome("test_it").verdict is (Verdict.FAILED if own else Verdict.TIMED_OUT)
    assert run.log == ["timeout", "wait_for", ("group", own)]


def test_the_code_has_its_grace_to_clean_up_after_each_rung(tmp_path):
    source = """
        import asyncio, time
        from happened import note
        from rustest import mark
        pytestmark = mark.timeout(0.2)

        async def test_waits():
            try: await asyncio.sleep(1000)
            finally:
                time.sleep(0.1)
                await asyncio.sleep(0.1)
                note("cleaned up after waiting")

        async def test_blocks():
            try: time.sleep(1000)
            finally:
                time.sleep(0.1)
                await asyncio.sleep(0.1)
                note("cleaned up after blocking")

        def test_sync():
            try: time.sleep(1000)
            finally:
                time.sleep(0.2)
                note("cleaned up after a sync block")
    """
    run = record(tmp_path, source, timeout_grace=5)
    assert set(run.verdicts().values()) == {"timed out"}
    assert sorted(run.log) == [f"cleaned up after {what}" for what in ("a sync block", "blocking", "waiting")]


def test_a_raise_inside_a_test_is_no_expected_failure_and_no_expected_exception(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark, raises
        pytestmark = mark.timeout(0.2)

        @mark.xfail
        def test_xfail(): time.sleep(1000)

        @mark.xfail
        async def test_xfail_async(): await asyncio.sleep(1000)

        def test_raises():
            with raises(BaseException): time.sleep(1000)

        async def test_raises_async():
            with raises(BaseException): await asyncio.sleep(1000)
    """
    assert set(record(tmp_path, source).verdicts().values()) == {"timed out"}
