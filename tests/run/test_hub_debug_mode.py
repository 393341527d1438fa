"""asyncio's debug mode: on in the loops that ask for it, and in nobody else's steps."""

import asyncio
import linecache
import logging
import sys
import time

import pytest
from hub_runs import hub_run, troubles

from rustest.testing import run_project


def tracked() -> bool:
    """Whether coroutines made here remember where."""
    coroutine = asyncio.sleep(0)
    origin = coroutine.cr_origin
    coroutine.close()
    return origin is not None


async def track(turns: int = 5) -> set[bool]:
    seen = set()
    for _ in range(turns):
        seen.add(tracked())
        await asyncio.sleep(0)
    return seen


def test_origins_are_tracked_in_the_steps_of_debug_loops_only():
    with hub_run() as run:
        debug, plain = run.new_loop(debug=True), run.new_loop(debug=False)
        assert run.finish(run.start(track(), debug), run.start(track(), plain)) == [{True}, {False}]
        assert not tracked()


def test_debug_mode_switched_on_and_off_in_a_test_leaves_no_tracking_behind():
    async def switch() -> list[bool]:
        loop = asyncio.get_running_loop()
        seen = []
        for on in (True, False):
            loop.set_debug(on)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            seen.append(tracked())
        return seen

    async def leave_on() -> None:
        asyncio.get_running_loop().set_debug(True)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    with hub_run() as run:
        seen, beside = run.run(switch(), track(20))
        assert (seen, beside) == ([True, False], {False})
        assert run.run(leave_on(), track(20)) == [None, {False}]
        assert not tracked()


def test_tracking_that_was_on_before_the_run_is_on_after_it(tmp_path):
    before = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(3)
    try:
        report = run_project(
            tmp_path,
            {
                "test_depth.py": """
                    import sys

                    def test_sync():
                        assert sys.get_coroutine_origin_tracking_depth() == 0
                """,
                "test_later.py": """
                    import sys

                    from rustest import mark

                    @mark.serial
                    async def test_async():
                        assert sys.get_coroutine_origin_tracking_depth() == 0
                """,
            },
        )
        assert troubles(report) == {}
        assert sys.get_coroutine_origin_tracking_depth() == 3
    finally:
        sys.set_coroutine_origin_tracking_depth(before)


def test_a_slow_callback_is_logged_with_the_place_of_the_users_code(caplog):
    async def block() -> None:
        time.sleep(0.002)

    async def main() -> None:
        asyncio.get_running_loop().slow_callback_duration = 0.001
        task = asyncio.get_running_loop().create_task(block(), name="blocker")
        asyncio.get_running_loop().call_soon(time.sleep, 0.002)
        await task

    with caplog.at_level(logging.WARNING, "asyncio"), hub_run() as run:
        loop = run.new_loop(debug=True)
        run.finish(run.start(main(), loop))
    told = [record.getMessage() for record in caplog.records if "blocker" in record.getMessage()]
    assert len(told) == 1
    assert told[0].startswith("Executing <Task finished name='blocker'")
    assert " took 0.0" in told[0]
    assert f"created at {__file__}:" in told[0]
    [told] = [record.getMessage() for record in caplog.records if "sleep(0.002)" in record.getMessage()]
    assert f"created at {__file__}:" in told


def test_plain_loops_log_no_slow_callbacks(caplog):
    async def block() -> None:
        asyncio.get_running_loop().slow_callback_duration = 0.001
        time.sleep(0.002)

    with caplog.at_level(logging.WARNING, "asyncio"), hub_run() as run:
        run.finish(run.start(block(), run.new_loop(debug=False)))
    assert caplog.records == []


@pytest.mark.parametrize("made_by", ["call_soon", "call_later", "call_at", "call_soon_threadsafe", "create_task"])
def test_what_is_made_in_debug_mode_names_the_users_line(made_by):
    async def nothing() -> None:
        pass

    async def make() -> str:
        loop = asyncio.get_running_loop()
        match made_by:
            case "call_soon" | "call_soon_threadsafe":
                made = getattr(loop, made_by)(len, "")
            case "call_later":
                made = loop.call_later(0, len, "")
            case "call_at":
                made = loop.call_at(loop.time(), len, "")
            case _:
                made = loop.create_task(nothing())
        told = repr(made)
        await asyncio.sleep(0.002)
        return told

    with hub_run() as run:
        [told] = run.finish(run.start(make(), run.new_loop(debug=True)))
    assert f"created at {__file__}:" in told


def test_misuse_that_only_debug_mode_notices_is_noticed():
    async def call_from_another_thread() -> str:
        loop = asyncio.get_running_loop()

        def call() -> str:
            with pytest.raises(RuntimeError) as caught:
                loop.call_soon(print)
            return str(caught.value)

        told = await loop.run_in_executor(None, call)
        await loop.shutdown_default_executor()
        return told

    with hub_run() as run:
        [told] = run.finish(run.start(call_from_another_thread(), run.new_loop(debug=True)))
    assert told == "Non-thread-safe operation invoked on an event loop other than the current one"


def test_a_test_in_debug_mode_runs_beside_plain_ones(tmp_path, caplog):
    with caplog.at_level(logging.WARNING, "asyncio"):
        report = run_project(
            tmp_path,
            {
                "test_debug.py": """
                    import asyncio
                    import time

                    from rustest import mark

                    def tracked():
                        coroutine = asyncio.sleep(0)
                        origin = coroutine.cr_origin
                        coroutine.close()
                        return origin is not None

                    @mark.asyncio(debug=True)
                    async def test_debug():
                        assert asyncio.get_running_loop().get_debug()
                        for _ in range(10):
                            assert tracked()
                            await asyncio.sleep(0.001)
                        asyncio.get_running_loop().slow_callback_duration = 0.001
                        time.sleep(0.002)

                    @mark.asyncio(debug=False)
                    async def test_plain():
                        assert not asyncio.get_running_loop().get_debug()
                        for _ in range(10):
                            assert not tracked()
                            await asyncio.sleep(0.001)

                    def test_sync():
                        assert not tracked()
                """
            },
        )
    assert troubles(report) == {}
    assert any("test_debug.py::test_debug" in record.getMessage() for record in caplog.records)


_TWO_THAT_LOOK = """
    import asyncio, linecache, os, traceback

    from rustest import mark

    pytestmark = mark.serial

    async def test_a():
        assert asyncio.get_running_loop().get_debug()
        assert traceback.extract_stack()[-1].line.startswith("assert traceback")

    async def test_b(tmp_path, monkeypatch):
        asked = []
        genuine = os.stat
        monkeypatch.setattr(os, "stat", lambda path, **more: asked.append(path) or genuine(path, **more))
        assert traceback.extract_stack()[-1].line.startswith("assert traceback")
        assert __file__ not in asked
        made = tmp_path / "made.py"
        for text in ("first = 1", "another_one = 2"):
            made.write_text(text)
            linecache.checkcache(str(made))
            assert linecache.getline(str(made), 1).rstrip() == text
        assert str(made) in asked
"""


def test_in_debug_mode_files_that_are_loaded_are_not_checked_for_changes_at_each_stack(tmp_path):
    settings = "[tool.rustest]\nasyncio_debug = true"
    report = run_project(tmp_path, {"test_looks.py": _TWO_THAT_LOOK, "pyproject.toml": settings})
    assert troubles(report) == {}
    assert str(tmp_path / "test_looks.py") not in linecache.cache
