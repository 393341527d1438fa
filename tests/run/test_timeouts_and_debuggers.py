"""Clocks stop while a debugger holds the process."""

import time

import pytest
from process_runs import Running

SOURCE = """
    import asyncio, pdb, time
    from marking import mark_done
    from rustest import mark

    @mark.timeout(0.6)
    {kind} test_stops():
        mark_done("stopped")
        {stop}
        mark_done("went on")
        {work}

    @mark.timeout(0.6)
    async def test_beside():
        await asyncio.sleep(0.1)
"""
WORK = {"def": "time.sleep(0.4)", "async def": "await asyncio.sleep(0.4)"}


@pytest.mark.parametrize("kind", WORK)
@pytest.mark.parametrize(("stop", "hold"), [("breakpoint()", 0.7), ("pdb.set_trace()", 0.4)])
def test_a_test_that_stops_in_a_debugger_has_no_limit_any_more(tmp_path, kind, stop, hold):
    """Held for less than the limit, it would have too little time left for its work."""
    running = Running(tmp_path, SOURCE.format(kind=kind, stop=stop, work=WORK[kind]))
    running.wait_for("stopped")
    time.sleep(hold)
    ended = running.end("continue\n")
    assert ended.status == 0, ended
    assert ended.junit() == {"test_stops": "passed", "test_beside": "passed"}
    assert "went on" in ended.marks()


@pytest.mark.parametrize("kind", WORK)
def test_stepping_on_in_a_debugger_takes_the_time_that_it_takes(tmp_path, kind):
    work = "time.sleep(0.7)" if kind == "def" else "await asyncio.sleep(0.7)"
    running = Running(tmp_path, SOURCE.format(kind=kind, stop="breakpoint()", work=work))
    running.wait_for("stopped")
    ended = running.end("next\nnext\nnext\nnext\ncontinue\n")
    assert ended.status == 0, ended
    assert ended.junit()["test_stops"] == "passed"


def test_a_debugger_that_is_merely_loaded_stops_no_clock(tmp_path):
    running = Running(tmp_path, SOURCE.format(kind="def", stop="pass", work="time.sleep(1000)"))
    ended = running.end()
    assert ended.junit()["test_stops"] == "failure: Test timed out after 0.6 seconds"


def test_a_fixture_may_stop_in_a_debugger_too(tmp_path):
    source = """
        import time
        from marking import mark_done
        from rustest import fixture, mark

        @fixture
        async def stops():
            mark_done("stopped")
            breakpoint()
            yield

        @mark.timeout(0.3)
        async def test_it(stops): pass
    """
    running = Running(tmp_path, source)
    running.wait_for("stopped")
    time.sleep(0.6)
    assert running.end("continue\n").junit() == {"test_it": "passed"}
