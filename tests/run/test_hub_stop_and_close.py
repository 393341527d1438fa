"""Tests that stop or close event loops: they fail and say so, and nobody else notices."""

import subprocess
import sys

import pytest
from hub_runs import headlines, troubles

from rustest.model.outcome import Verdict
from rustest.testing import run_project, write_project

STOPPED = "RuntimeError: the test stopped its event loop before it had ended"
CLOSED = "RuntimeError: the test closed its event loop before it had ended"

NEIGHBOURS = """
import asyncio
from rustest import fixture

@fixture
async def opened():
    await asyncio.sleep(0)
    yield asyncio.get_running_loop()
    await asyncio.sleep(0.005)

async def test_neighbour_1(opened):
    await asyncio.sleep(0.03)
    assert asyncio.get_running_loop() is opened

async def test_neighbour_2(opened):
    await asyncio.sleep(0.001)
"""


def run_beside_neighbours(tmp_path, source: str, **settings):
    """Without reruns, which would tell who was only hit by another; here the first attempt counts."""
    files = {"test_bad.py": source, "test_neighbours.py": NEIGHBOURS}
    return run_project(tmp_path, files, max_reruns=0, **settings)


@pytest.mark.parametrize(
    "body",
    [
        "asyncio.get_running_loop().stop()",
        "asyncio.get_running_loop().stop(); await asyncio.sleep(0)",
        "asyncio.get_running_loop().call_soon(asyncio.get_running_loop().stop); await asyncio.sleep(5)",
        "await asyncio.gather(stop(), asyncio.sleep(5))",
    ],
)
def test_stopping_its_loop_fails_the_test(tmp_path, body):
    report = run_beside_neighbours(
        tmp_path,
        f"""
        import asyncio

        async def stop():
            asyncio.get_running_loop().stop()

        async def test_stops():
            {body}
        """,
    )
    assert list(troubles(report)) == ["test_bad.py::test_stops"]
    assert report.outcome("test_bad.py::test_stops").verdict is Verdict.FAILED
    assert headlines(report, "test_bad.py::test_stops")[0] == STOPPED


@pytest.mark.parametrize("argument", ["", "opened"])
def test_what_a_task_does_after_the_end_of_its_test_does_not_stop_the_loop(tmp_path, argument):
    source = f"""
        import asyncio
        from rustest import raises
        from test_neighbours import opened

        async def test_it({argument}):
            async def end(task):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                asyncio.get_running_loop().stop()

            asyncio.ensure_future(end(asyncio.current_task()))
            with raises(asyncio.CancelledError):
                await asyncio.sleep(0)
    """
    report = run_beside_neighbours(tmp_path, source)
    assert {one.outcome.verdict for one in report.finished.values()} == {Verdict.PASSED}


def test_stopping_a_shared_loop_fails_the_test_that_did_and_no_other(tmp_path):
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        from rustest import mark

        pytestmark = mark.asyncio(loop_scope="module")

        async def test_stops():
            await asyncio.sleep(0.005)
            asyncio.get_running_loop().stop()
            await asyncio.sleep(5)

        async def test_shares_the_loop():
            for _ in range(10):
                await asyncio.sleep(0.002)
        """,
    )
    assert list(troubles(report)) == ["test_bad.py::test_stops"]
    assert headlines(report, "test_bad.py::test_stops")[0] == STOPPED


def test_a_sync_fixture_may_stop_its_loop_before_it_drives_it(tmp_path):
    """`stop` and `run_forever` together are asyncio's idiom for one turn of the loop."""
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture
        def turned():
            turned = []
            loop = asyncio.get_event_loop()
            loop.call_soon(turned.append, 1)
            loop.stop()
            loop.run_forever()
            return turned

        async def test_turned(turned):
            await asyncio.sleep(0.001)
            assert turned == [1]
        """,
    )
    assert troubles(report) == {}


def test_closing_the_running_loop_raises_as_in_asyncio(tmp_path):
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        from rustest import raises

        async def test_closes():
            with raises(RuntimeError, match="^Cannot close a running event loop$"):
                asyncio.get_running_loop().close()
            await asyncio.sleep(0.001)
        """,
    )
    assert troubles(report) == {}


@pytest.mark.parametrize("before", ["", "opened"], ids=["a leading one", "one after an async fixture"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("last", ["def", "async def"])
def test_a_sync_fixture_that_closes_the_loop_fails_its_test(tmp_path, before, when, last):
    close = "asyncio.get_event_loop().close()"
    torn_down = ["closes"] if when == "before" and (before or "async" in last) else ["last", "closes"]
    report = run_beside_neighbours(
        tmp_path,
        f"""
        import asyncio
        from rustest import fixture

        torn_down = []

        @fixture
        async def opened():
            await asyncio.sleep(0)
            yield

        @fixture
        def closes({before}):
            {close if when == "before" else "pass"}
            yield
            {close if when == "after" else "pass"}
            torn_down.append("closes")

        @fixture
        {last} last(closes):
            yield
            torn_down.append("last")

        async def test_closed(last):
            await asyncio.sleep(0.001)

        def test_afterwards():
            assert torn_down == {torn_down}
        """,
        timeout=5.0,
    )
    assert list(troubles(report)) == ["test_bad.py::test_closed"]
    assert headlines(report, "test_bad.py::test_closed")[0] == CLOSED


def test_a_shared_loop_closed_from_outside_fails_those_who_live_on_it_and_nobody_waits(tmp_path):
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        from rustest import fixture, mark

        @fixture
        def closes():
            asyncio.get_event_loop().close()

        @mark.asyncio(loop_scope="module")
        async def test_lives_on_it():
            await asyncio.sleep(5)

        @mark.asyncio(loop_scope="module")
        async def test_closes_it(closes):
            await asyncio.sleep(0.001)
        """,
        timeout=3.0,
        timeout_grace=0.1,
    )
    assert set(troubles(report)) == {"test_bad.py::test_lives_on_it", "test_bad.py::test_closes_it"}
    assert headlines(report, "test_bad.py::test_closes_it") == [CLOSED]
    assert headlines(report, "test_bad.py::test_lives_on_it") == [
        CLOSED.replace("the test", "test_bad.py::test_closes_it")
    ]


def test_another_tests_loop_closed_by_a_test_fails_that_one(tmp_path, caplog):
    write_project(tmp_path, {"stash.py": "ended = []"})
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        import gc

        import stash

        async def test_has_a_loop():
            try:
                await asyncio.sleep(5)
            finally:
                stash.ended.append(gc.isenabled())  # now, and not collected some day, when nobody thinks of it any more

        async def test_closes_it():
            await asyncio.sleep(0.01)
            tasks = [thing for thing in gc.get_objects() if issubclass(type(thing), asyncio.Task)]
            [task] = [task for task in tasks if task.get_name().endswith("has_a_loop")]
            gc.disable()
            task.get_loop().close()
            await asyncio.sleep(0.01)
            gc.enable()

        def test_its_code_has_ended():
            assert stash.ended == [False]
        """,
        timeout=3.0,
        shared_state=["!gc.disable"],  # which would have it run alone
        timeout_grace=0.1,
    )
    assert list(troubles(report)) == ["test_bad.py::test_has_a_loop"]
    assert headlines(report, "test_bad.py::test_has_a_loop") == [
        CLOSED.replace("the test", "test_bad.py::test_closes_it")
    ]
    assert caplog.records == []


def test_none_of_it_leaves_anything_behind_at_the_end_of_the_process(tmp_path):
    write_project(
        tmp_path,
        {
            "test_bad.py": """
                import asyncio
                from rustest import fixture

                @fixture
                def closes():
                    asyncio.get_event_loop().close()

                async def test_closed(closes):
                    await asyncio.sleep(0.001)

                async def test_stopped():
                    asyncio.get_running_loop().stop()
                    await asyncio.sleep(5)
            """
        },
    )
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-m", "rustest", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (1, "")


def test_a_shared_fixture_on_a_closed_loop_is_an_error_at_its_teardown(tmp_path):
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="module")
        async def shared():
            async with asyncio.timeout(60):
                yield

        @fixture
        def closes(shared):
            asyncio.get_event_loop().close()

        async def test_lives_on_it(shared):
            await asyncio.sleep(5)

        async def test_closes_it(shared, closes):
            await asyncio.sleep(0.001)
        """,
        timeout=3.0,
        timeout_grace=0.1,
    )
    assert set(troubles(report)) == {"test_bad.py::test_lives_on_it", "test_bad.py::test_closes_it"}
    assert "cannot be torn down: its event loop was closed before" in str(troubles(report))


def test_a_system_exit_in_a_task_fails_the_test_that_started_it(tmp_path):
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        import sys
        from rustest import mark

        async def leave():
            sys.exit(3)

        async def test_private():
            asyncio.create_task(leave())
            await asyncio.sleep(0.005)

        @mark.asyncio(loop_scope="module")
        async def test_shared():
            asyncio.create_task(leave())
            await asyncio.sleep(0.005)

        @mark.asyncio(loop_scope="module")
        async def test_shares():
            await asyncio.sleep(0.01)

        async def test_in_a_callback():
            asyncio.get_running_loop().call_soon(sys.exit, 3)
            await asyncio.sleep(0.005)

        async def test_catches_it():
            try:
                await asyncio.create_task(leave())
            except SystemExit:
                pass
        """,
    )
    bad = ["test_private", "test_shared", "test_in_a_callback", "test_catches_it"]
    assert sorted(troubles(report)) == sorted(f"test_bad.py::{name}" for name in bad)
    assert set(troubles(report).values()) == {"failed:  | SystemExit: 3"}


def test_a_system_exit_that_nobody_can_be_told_to_have_caused_fails_those_who_share_the_loop(tmp_path):
    """asyncio would end the process; losing all results is worse than failing two tests for one."""
    report = run_beside_neighbours(
        tmp_path,
        """
        import asyncio
        import contextvars
        import sys
        from rustest import mark

        async def leave():
            sys.exit(3)

        @mark.asyncio(loop_scope="module")
        async def test_shared():
            asyncio.create_task(leave(), context=contextvars.Context())
            await asyncio.sleep(0.005)

        @mark.asyncio(loop_scope="module")
        async def test_shares():
            await asyncio.sleep(0.01)
        """,
    )
    assert sorted(troubles(report)) == ["test_bad.py::test_shared", "test_bad.py::test_shares"]
