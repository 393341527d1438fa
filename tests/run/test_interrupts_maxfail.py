"""A run that stops at so many failures ends what is in flight, and says why."""

import pytest
from process_runs import run_command
from project_runs import record

from rustest.model.events import StopReason
from rustest.model.failure import Phase
from rustest.model.report import ExitStatus

SOURCE = """
    import asyncio
    from happened import note
    from rustest import fixture, parametrize

    @fixture
    async def around(request):
        yield
        await asyncio.sleep(0.01)
        note(request.node.name)

    @parametrize("number", range(5))
    async def test_in_flight(number, around):
        await asyncio.sleep(1000)

    @parametrize("number", range(3))
    async def test_fails(number, around):
        await asyncio.sleep(0.05 + 0.4 * number)  # the first failure takes a moment to describe
        assert 1 == 2

    def test_after(): note("must not run")
"""


@pytest.mark.parametrize("maxfail", [1, 3])
def test_tests_in_flight_are_cancelled_torn_down_and_not_run(tmp_path, maxfail):
    run = record(tmp_path, SOURCE, maxfail=maxfail)
    failed = [f"test_fails[{number}]" for number in range(maxfail)]
    verdicts = run.verdicts()
    assert [name for name, verdict in verdicts.items() if verdict == "failed"] == failed
    assert set(verdicts.values()) == {"failed", "not run"}
    assert len(verdicts) == 9
    in_flight = [
        *(f"test_in_flight[{number}]" for number in range(5)),
        *(f"test_fails[{number}]" for number in range(3)),
    ]
    assert sorted(run.log) == sorted([*in_flight, *failed])  # each failure was confirmed alone
    assert run.report.status == ExitStatus.FAILURES
    assert run.report.interrupted is not None
    assert run.report.interrupted.reason is StopReason.MAXFAIL
    assert sorted(run.report.interrupted.running) == sorted(
        f"test_it.py::{test}" for test in in_flight if test not in failed
    )


def test_a_test_that_swallows_the_cancellation_does_not_hold_up_the_end(tmp_path):
    source = """
        import asyncio

        async def test_swallows():
            while True:
                try: await asyncio.sleep(0.01)
                except asyncio.CancelledError: pass

        async def test_fails():
            assert 1 == 2
    """
    run = record(tmp_path, source, maxfail=1, timeout_grace=0.1)
    assert run.verdicts() == {"test_fails": "failed", "test_swallows": "not run"}


@pytest.mark.parametrize("scope", ["function", "module"])
@pytest.mark.parametrize("ending", ["raise OSError('cannot close')", "raise asyncio.CancelledError"])
def test_a_failed_teardown_of_a_test_cut_short_is_an_error_that_says_so(tmp_path, scope, ending):
    source = f"""
        import asyncio
        from rustest import fixture

        @fixture(scope="{scope}")
        async def server():
            yield
            {ending}

        async def test_in_flight(server):
            try: await asyncio.sleep(1000)
            except asyncio.CancelledError: raise ValueError("of its own making")

        async def test_fails({"server" if scope == "module" else ""}):
            await asyncio.sleep(0.05)
            assert 1 == 2
    """
    run = record(tmp_path, source, maxfail=1, max_reruns=0)
    assert run.verdicts() == {"test_fails": "failed", "test_in_flight": "error"}
    (failure,) = run.outcome("test_in_flight").failures
    assert (failure.phase, failure.subject) == (Phase.TEARDOWN, "server")
    assert failure.notes == ("the test itself had been cut short: stopped at the limit of failures",)


def test_what_comes_of_being_cancelled_fails_no_test_that_was_not_run(tmp_path):
    source = """
        import asyncio, threading

        def fail(): raise ValueError("nobody listens any more")

        async def crash(): raise ValueError("nobody awaits me any more")

        async def test_in_flight():
            try:
                await asyncio.sleep(1000)
            finally:
                thread = threading.Thread(target=fail)
                thread.start()
                thread.join()
                asyncio.ensure_future(crash())
                await asyncio.sleep(0.01)

        async def test_fails():
            await asyncio.sleep(0.05)
            assert 1 == 2
    """
    run = record(tmp_path, source, maxfail=1, max_reruns=0)
    assert run.verdicts() == {"test_fails": "failed", "test_in_flight": "not run"}


def test_the_summary_says_why(tmp_path):
    source = (
        SOURCE.replace("0.05 *", "0.3 *")
        .replace("from happened import note", "note = print")
        .replace("note(request.node.name)", "pass")
    )
    ended = run_command(tmp_path, source, "-x")
    assert ended.status == 1
    assert "stopped at the limit of failures" in ended.out
    assert "1 failed, 8 not run" in ended.out
    not_run = "skipped: not run: stopped at the limit of failures"
    assert [said for said in ended.junit().values() if said == not_run] == [not_run] * 8
