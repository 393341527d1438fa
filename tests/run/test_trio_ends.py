"""How runs of trio end: what they end by is told of their tests, and one that does not end holds nobody up."""

import pytest
from process_runs import run_command

from rustest.model.choices import PytestCompat
from rustest.model.outcome import Verdict
from rustest.testing import run_project


@pytest.mark.parametrize("door", [PytestCompat.OFF, PytestCompat.ON])
def test_a_run_that_crashes_when_its_test_is_over_fails_the_test(tmp_path, door):
    source = """
    import trio
    from rustest import mark

    def crash(): raise ValueError("too late")

    @mark.trio
    async def test_callback():
        trio.lowlevel.current_trio_token().run_sync_soon(crash)

    @mark.trio
    async def test_task():
        async def crash_at_the_end():
            try:
                await trio.sleep_forever()
            finally:
                crash()
        trio.lowlevel.spawn_system_task(crash_at_the_end)

    @mark.trio
    async def test_beside(): await trio.sleep(0.05)
    """
    report = run_project(tmp_path, {"test_it.py": source}, pytest_compat=door)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_beside",)
    for name in ("test_callback", "test_task"):
        assert "too late" in str(report.finished[f"test_it.py::{name}"].outcome.failures)


@pytest.mark.parametrize("scope", ["function", "module"])
def test_a_run_that_does_not_end_with_its_last_user_is_left_alone_and_told_of(tmp_path, scope):
    source = f"""
    import trio
    from rustest import fixture, mark

    @fixture(scope="{scope}")
    async def shielded():
        async def stay():
            with trio.CancelScope(shield=True):
                await trio.sleep_forever()
        trio.lowlevel.spawn_system_task(stay)

    @mark.trio
    async def test_it(shielded): await trio.sleep(0)
    """
    (tmp_path / "test_after.py").write_text("async def test_next(): ...")
    ended = run_command(tmp_path, source, "test_it.py", "test_after.py", "--timeout-grace=0.1", "--concurrency=1")
    assert ended.junit() == {"test_it": "passed", "test_next": "passed"}
    assert "its run of trio does not end" in ended.out
