"""Tests that do not end however often they are cancelled: given up, told, and left alone."""

import pytest
from process_runs import run_command
from project_runs import record

from rustest.model.outcome import Note, Verdict

SWALLOWS = {
    "cancellations": "except asyncio.CancelledError: pass",
    "everything": "except BaseException: pass",
}
STUCK = """
    import asyncio, socket
    from marking import mark_done
    from rustest import fixture, mark

    @fixture
    async def outer(request):
        yield
        assert asyncio.current_task().get_coro().__qualname__.endswith("tear_down_async")
        async with asyncio.timeout(10): await asyncio.sleep(0.01)
        mark_done(request.node.name + " outer")

    @fixture
    def inner(request):
        yield
        mark_done(request.node.name + " inner")

    @mark.timeout(0.2)
    async def test_stuck(outer, inner):
        one, other = socket.socketpair()
        one.setblocking(False)
        asyncio.get_running_loop().add_reader(one, lambda: None)
        other.send(b"never read")
        while True:
            try: await asyncio.sleep(0.01)
            {swallow}

    @mark.timeout(0.2)
    async def test_stuck_without_timers(outer, inner):
        while True:
            try: await asyncio.Event().wait()
            {swallow}

    async def test_beside():
        await asyncio.sleep(0.8)
"""


@pytest.mark.parametrize("scope", ["function", "module"])
@pytest.mark.parametrize("swallows", SWALLOWS)
def test_its_fixtures_are_torn_down_and_nothing_is_heard_of_it_again(tmp_path, swallows, scope):
    source = STUCK.format(swallow=SWALLOWS[swallows]) + f"\n    pytestmark = mark.asyncio(loop_scope={scope!r})\n"
    ended = run_command(tmp_path, source, "--timeout-grace", "0.1", "-v")
    assert (ended.status, ended.err) == (1, "")
    stuck = ["test_stuck", "test_stuck_without_timers"]
    told = "failure: Test timed out after 0.2 seconds"
    assert ended.junit() == {**dict.fromkeys(stuck, told), "test_beside": "passed"}
    assert ended.marks() == sorted(f"{test} {fixture}" for test in stuck for fixture in ("inner", "outer"))
    assert ended.out.count("(stuck)") >= 2


def test_it_is_noted_as_stuck(tmp_path):
    source = STUCK.format(swallow=SWALLOWS["cancellations"]).replace("mark_done(", "note(")
    run = record(
        tmp_path, source.replace("from marking import mark_done", "from happened import note"), timeout_grace=0.1
    )
    outcome = run.outcome("test_stuck")
    assert (outcome.verdict, outcome.notes) == (Verdict.TIMED_OUT, {Note.STUCK})
    assert run.failure("test_stuck").frames[-1].function == "test_stuck"
    assert run.failure("test_stuck").notes == (
        "it was cancelled twice, did not end, and was given up: let cancellations pass",
    )
    assert run.outcome("test_beside").notes == frozenset()


def test_what_goes_on_after_it_was_given_up_starts_nothing_more(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture, mark
        pytestmark = mark.asyncio(loop_scope="module")

        @fixture
        async def first():
            yield
            note("first torn down")

        @fixture
        async def late(first):
            for _ in range(40):
                try: await asyncio.sleep(0.02)
                except asyncio.CancelledError: pass
            note("late set up")
            yield

        @fixture
        async def after(late):
            note("must not be set up")

        @mark.timeout(0.2)
        async def test_stuck(after):
            note("must not be called")

        async def test_beside():
            await asyncio.sleep(1.5)
            note("beside")
    """
    run = record(tmp_path, source, timeout_grace=0.1)
    assert run.log == ["first torn down", "late set up", "beside"]
    assert run.verdicts() == {"test_stuck": "error", "test_beside": "passed"}
    assert run.outcome("test_stuck").notes == {Note.STUCK}


def test_a_teardown_that_hangs_after_its_test_was_stuck_is_limited_too(tmp_path):
    source = """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture
        async def first():
            yield
            note("first torn down")

        @fixture
        async def hanging(first):
            yield
            try: await asyncio.sleep(1000)
            finally: note("hanging torn down")

        @mark.timeout(0.2)
        async def test_stuck(hanging):
            while True:
                try: await asyncio.sleep(0.01)
                except asyncio.CancelledError: pass
    """
    run = record(tmp_path, source, timeout_grace=0.1)
    assert run.log == ["hanging torn down", "first torn down"]
    assert [failure.message for failure in run.outcome("test_stuck").failures] == [
        "Test timed out after 0.2 seconds",
        "Fixture 'hanging' teardown timed out after 0.2 seconds",
    ]


def test_a_stuck_task_on_a_shared_loop_is_still_kept_from_holding_the_thread(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark
        pytestmark = mark.asyncio(loop_scope="module")

        @mark.timeout(0.2)
        async def test_stuck():
            while True:
                try:
                    await asyncio.sleep(0.3)
                    time.sleep(1000)
                except BaseException: pass

        async def test_beside():
            for _ in range(10): await asyncio.sleep(0.1)
    """
    run = record(tmp_path, source, timeout_grace=0.1)
    assert run.verdicts() == {"test_stuck": "timed out", "test_beside": "passed"}


def test_a_thread_that_a_test_waits_for_does_not_hold_up_the_run_or_the_exit(tmp_path):
    source = """
        import asyncio, threading
        from rustest import mark
        from rustest.cli import exit
        exit.GRACE = 0.5

        @mark.timeout(0.2)
        async def test_waits_for_a_thread():
            await asyncio.to_thread(threading.Event().wait)

        async def test_beside():
            await asyncio.sleep(0.1)
    """
    ended = run_command(tmp_path, source, "--timeout-grace", "0.1")
    assert ended.status == 1
    assert ended.junit() == {
        "test_waits_for_a_thread": "failure: Test timed out after 0.2 seconds",
        "test_beside": "passed",
    }
    assert "thread 'asyncio_0' still runs and holds the exit" in ended.err
