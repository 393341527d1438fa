"""Tests on trio: how they, their fixtures and their time-outs run as guests of the hub."""

import pytest
from process_runs import run_command

from rustest.model.outcome import Verdict
from rustest.testing import run_project


def test_async_fixtures_and_test_share_one_run_with_scopes_open_across_the_yield(tmp_path):
    source = """
    from contextvars import ContextVar
    import trio
    from rustest import fixture, mark

    variable = ContextVar("variable", default="unset")

    @fixture
    async def nursery_of_mine():
        variable.set("by the fixture")
        async with trio.open_nursery() as nursery:
            yield nursery
            nursery.cancel_scope.cancel()

    @fixture
    def between(nursery_of_mine):
        assert not trio.lowlevel.in_trio_task()
        return variable.get()

    @fixture
    async def inner(between):
        with trio.fail_after(60):
            yield trio.lowlevel.current_trio_token()

    @mark.trio
    async def test_all(nursery_of_mine, between, inner):
        assert between == variable.get() == "by the fixture"
        assert trio.lowlevel.current_trio_token() is inner
        await nursery_of_mine.start(started)

    async def started(task_status):
        task_status.started()
        await trio.sleep_forever()

    @mark.trio
    async def test_nothing_of_it_is_left():
        assert variable.get() == "unset"
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert set(report.ids(Verdict.PASSED)) == {"test_it.py::test_all", "test_it.py::test_nothing_of_it_is_left"}


def test_a_wider_fixture_keeps_its_run_alive_for_its_users_and_is_torn_down_in_it(tmp_path):
    source = """
    import trio
    from rustest import fixture, mark

    seen = []

    @fixture(scope="module")
    async def token():
        async with trio.open_nursery() as nursery:
            nursery.start_soon(trio.sleep_forever)
            yield trio.lowlevel.current_trio_token()
            await trio.sleep(0)
            nursery.cancel_scope.cancel()
        seen.append("torn down")

    @mark.trio
    async def test_one(token):
        assert trio.lowlevel.current_trio_token() is token

    @mark.trio
    async def test_other(token):
        assert trio.lowlevel.current_trio_token() is token

    @mark.serial
    @mark.trio
    async def test_z_afterwards():
        assert seen == ["torn down"]
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert len(report.ids(Verdict.PASSED)) == 3


def test_what_goes_wrong_on_trio_is_told_as_on_asyncio(tmp_path):
    source = """
    import trio
    import rustest
    from rustest import fixture, mark

    pytestmark = [mark.trio, mark.timeout(0.3)]

    @fixture
    async def bad():
        await trio.sleep(0)
        raise ValueError("bad")

    @fixture
    async def bad_down():
        yield
        await trio.sleep(0)
        raise ValueError("bad")

    @fixture
    async def slow():
        await trio.sleep_forever()

    @fixture
    async def slow_down():
        yield
        await trio.sleep_forever()

    @fixture
    async def crashing():
        async with trio.open_nursery() as nursery:
            yield nursery

    async def test_bad(bad): ...
    async def test_bad_down(bad_down): ...
    async def test_slow(slow): ...
    async def test_slow_down(slow_down): ...
    async def test_failed(): assert 0
    async def test_exit(): raise SystemExit(3)
    async def test_skipped(): rustest.skip("no")
    async def test_slow_body(): await trio.sleep_forever()

    async def test_crash(crashing):
        crashing.start_soon(crash)
        await trio.sleep_forever()

    async def crash():
        raise KeyError("of a child")
    """
    report = run_project(tmp_path, {"test_it.py": source})
    verdicts = {end.id.partition("::test_")[2]: end.outcome.verdict for end in report.finished.values()}
    assert verdicts == {
        "bad": Verdict.ERROR,
        "bad_down": Verdict.ERROR,
        "slow": Verdict.ERROR,
        "slow_down": Verdict.ERROR,
        "failed": Verdict.FAILED,
        "exit": Verdict.FAILED,
        "skipped": Verdict.SKIPPED,
        "slow_body": Verdict.TIMED_OUT,
        "crash": Verdict.FAILED,
    }


def test_a_body_that_blocks_the_thread_is_interrupted(tmp_path):
    source = """
    import time
    from rustest import mark

    @mark.trio
    @mark.timeout(0.3)
    async def test_blocks():
        time.sleep(60)

    @mark.trio
    async def test_next(): ...
    """
    report = run_project(tmp_path, {"test_it.py": source})
    assert report.ids(Verdict.TIMED_OUT) == ("test_it.py::test_blocks",)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_next",)


def test_a_test_that_cannot_be_ended_is_stuck_and_others_on_trio_go_on(tmp_path):
    source = """
    import trio
    from rustest import mark

    @mark.trio
    @mark.timeout(0.1)
    async def test_a_shielded():
        with trio.CancelScope(shield=True):
            await trio.sleep(60)

    @mark.trio
    async def test_beside(): await trio.sleep(0.5)

    @mark.serial
    @mark.trio
    async def test_next(): await trio.sleep(0.01)
    """
    ended = run_command(tmp_path, source, "--timeout-grace=0.1")  # its run of trio is never over
    assert "test_a_shielded  (stuck)" in ended.out
    assert (ended.junit()["test_beside"], ended.junit()["test_next"]) == ("passed", "passed")


@pytest.mark.parametrize("sleep", ["trio.sleep(1000)", "anyio.sleep(1000)"])
def test_the_autojump_clock_makes_sleep_take_no_time(tmp_path, sleep):
    source = f"""
    import anyio, trio
    from rustest import mark

    @mark.trio
    async def test_sleep(nursery, autojump_clock):
        began = trio.current_time()
        nursery.start_soon(trio.sleep_forever)
        await {sleep}
        assert trio.current_time() - began >= 1000

    @mark.trio
    async def test_mock(mock_clock):
        began = trio.current_time()
        mock_clock.jump(10)
        assert trio.current_time() - began == 10
    """
    report = run_project(tmp_path, {"test_it.py": source}, timeout=60)
    assert len(report.ids(Verdict.PASSED)) == 2


def test_a_test_that_does_not_live_on_trio_may_give_the_clock_to_a_run_of_its_own(tmp_path):
    source = """
    import trio

    def test_sleep(autojump_clock):
        trio.run(trio.sleep, 1000, clock=autojump_clock)
        assert autojump_clock.current_time() >= 1000

    def test_mock(mock_clock):
        mock_clock.jump(10)
        assert mock_clock.current_time() == 10
    """
    report = run_project(tmp_path, {"test_it.py": source}, timeout=60)
    assert len(report.ids(Verdict.PASSED)) == 2


def test_the_autojump_clock_stands_still_while_a_sync_fixture_is_torn_down(tmp_path):
    source = """
    import trio
    from rustest import fixture, mark

    @fixture
    def plain(nursery):
        yield

    @mark.trio
    async def test_it(nursery, autojump_clock, plain):
        async def comes_too_late():
            await trio.sleep(2)
            raise AssertionError("the time has passed")
        nursery.start_soon(comes_too_late)
        await trio.sleep(1)
    """
    report = run_project(tmp_path, {"test_it.py": source}, timeout=60)
    assert len(report.ids(Verdict.PASSED)) == 1


def test_a_thread_that_trio_keeps_for_later_calls_is_nobodys_leak(tmp_path):
    source = """
    import trio
    from rustest import mark

    def shout(): print("in a thread")

    @mark.trio
    async def test_first(): await trio.to_thread.run_sync(shout)

    @mark.trio
    async def test_second():
        await trio.to_thread.run_sync(shout)
        assert 0
    """
    report = run_project(tmp_path, {"test_it.py": source})
    first, second = report.finished.values()
    assert (first.outcome.verdict, first.outcome.notes) == (Verdict.PASSED, frozenset())
    assert [output.text for output in second.output] == ["in a thread\n"]
