"""How loops end, when their scope is over: what still runs on them is cancelled and awaited, and they are closed."""

import gc
import subprocess
import sys
import threading
import time

import pytest
from hub_runs import troubles

from rustest.model.outcome import Verdict
from rustest.testing import run_project, write_project

LOG = """
    import asyncio
    import threading
    import time

    log = []
    loops = {}
    threads = {}

    async def background(name):
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0.002)
            log.append(f"{name}: task ended")

    async def numbers(name):
        try:
            while True:
                yield 1
        finally:
            await asyncio.sleep(0.001)
            log.append(f"{name}: generator closed")

    async def leave_things_behind(name):
        loop = asyncio.get_running_loop()
        loop.background = asyncio.create_task(background(name))
        loop.generator = numbers(name)
        await anext(loop.generator)
        loops[name] = loop
        threads[name] = await asyncio.to_thread(threading.current_thread)

    def assert_ended(*names):
        for name in names:
            assert loops[name].is_closed()
            assert loops[name].background.cancelled()
            assert log.count(f"{name}: task ended") == 1
            assert log.count(f"{name}: generator closed") == 1
            assert not threads[name].is_alive()

    def assert_alive(*names):
        for name in names:
            assert not loops[name].is_closed()
            assert not loops[name].background.done()
            assert threads[name].is_alive()
"""


def test_what_a_test_leaves_behind_is_ended_with_its_own_loop(tmp_path):
    report = run_project(
        tmp_path,
        {
            "log.py": LOG,
            "test_function.py": """
                from log import assert_ended, leave_things_behind
                from rustest import mark, parametrize

                @parametrize("name", ["a", "b", "c"])
                async def test_leaves(name):
                    await leave_things_behind(name)

                @mark.serial
                async def test_when_the_next_window_begins_they_have_ended():
                    assert_ended("a", "b", "c")

                def test_and_for_sync_tests_too():
                    assert_ended("a", "b", "c")
            """,
        },
        concurrency=2,
        strict={"unfinished_generator": "warn"},
    )
    assert troubles(report) == {}


def test_a_test_that_fails_has_its_loop_ended_too(tmp_path):
    report = run_project(
        tmp_path,
        {
            "log.py": LOG,
            "test_failing.py": """
                import asyncio

                from log import assert_ended, leave_things_behind
                from rustest import mark

                async def test_fails():
                    await leave_things_behind("fails")
                    assert False

                @mark.asyncio(timeout=0.05)
                async def test_times_out():
                    await leave_things_behind("times out")
                    await asyncio.Event().wait()

                def test_both_have_ended():
                    assert_ended("fails", "times out")
            """,
        },
        max_reruns=0,  # each leaves its things behind once
    )
    assert sorted(troubles(report)) == ["test_failing.py::test_fails", "test_failing.py::test_times_out"]


def test_shared_loops_end_with_the_last_test_of_their_scope(tmp_path):
    """Each loop is asked after by the tests that come next, one after another in the order of the files."""
    report = run_project(
        tmp_path,
        {
            "log.py": LOG,
            "test_1.py": """
                from log import assert_alive, assert_ended, leave_things_behind
                from rustest import mark

                @mark.asyncio(loop_scope="session")
                async def test_session():
                    await leave_things_behind("session")

                @mark.asyncio(loop_scope="module")
                async def test_module():
                    await leave_things_behind("module")

                @mark.asyncio(loop_scope="class")
                class TestClass:
                    async def test_class(self):
                        await leave_things_behind("class")

                    async def test_class_again(self):
                        assert_alive("class", "module", "session")

                def test_the_class_is_over():
                    assert_ended("class")
                    assert_alive("module", "session")

                @mark.asyncio(loop_scope="module")
                async def test_module_again():
                    assert_alive("module", "session")
            """,
            "test_2.py": """
                from log import assert_alive, assert_ended
                from rustest import mark

                def test_the_module_is_over():
                    assert_ended("class", "module")
                    assert_alive("session")

                @mark.asyncio(loop_scope="session")
                async def test_session_again():
                    assert_alive("session")

                def test_the_session_is_over():
                    assert_ended("class", "module", "session")
            """,
        },
        concurrency=1,
    )
    assert troubles(report) == {}


def test_a_loop_is_ended_after_the_fixtures_that_live_on_it(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_order.py": """
                import asyncio

                from rustest import fixture

                log = []

                async def background():
                    try:
                        await asyncio.sleep(1000)
                    finally:
                        log.append("task cancelled")

                @fixture(scope="module")
                async def shared():
                    yield
                    await asyncio.sleep(0.001)
                    log.append("fixture torn down")

                async def test_leaves_a_task(shared):
                    asyncio.get_running_loop().background = asyncio.create_task(background())
                    await asyncio.sleep(0)

                def test_order():
                    assert log == ["fixture torn down", "task cancelled"]
            """
        },
    )
    assert troubles(report) == {}


def test_what_was_closed_last_gets_the_turns_that_asyncio_run_would_give_it(tmp_path):
    """A peer's end of file, a transport's last callback: they come some turns of the loop after the last line."""
    source = """
        import asyncio
        import socket

        lost = []

        class Accepted(asyncio.Protocol):
            def connection_lost(self, exc):
                lost.append("accepted")

        class Connected(asyncio.Protocol):
            def connection_lost(self, exc):
                lost.append("connected")

        async def talk():
            loop = asyncio.get_running_loop()
            ours, theirs = socket.socketpair()
            await loop.connect_accepted_socket(Accepted, theirs)
            transport, _ = await loop.create_connection(Connected, sock=ours)
            transport.close()
        """
    report = run_project(
        tmp_path,
        {
            "talk.py": source,
            "test_talk.py": """
                import asyncio

                from talk import lost, talk

                async def test_talk():
                    await talk()

                def test_as_with_asyncio_run():
                    seen = sorted(lost)
                    lost.clear()
                    asyncio.run(talk())
                    assert seen == sorted(lost) == ["accepted", "connected"]
            """,
        },
    )
    gc.collect()
    assert troubles(report) == {}


def test_a_loop_turns_as_often_after_its_test_as_it_would_under_asyncio_run(tmp_path):
    report = run_project(
        tmp_path,
        {
            "turns.py": """
                import asyncio

                turns = []

                def turn(loop):
                    turns.append(1)
                    loop.call_soon(turn, loop)

                async def leave_turning():
                    asyncio.get_running_loop().call_soon(turn, asyncio.get_running_loop())
            """,
            "test_turns.py": """
                import asyncio

                from turns import leave_turning, turns

                async def test_leaves_a_callback_turning():
                    await leave_turning()

                def test_as_often():
                    ours = len(turns)
                    turns.clear()
                    asyncio.run(leave_turning())
                    assert ours >= len(turns) > 0
            """,
        },
    )
    assert troubles(report) == {}


@pytest.mark.parametrize(
    "pause", ["await asyncio.sleep(0)", "await asyncio.sleep(1000)", "await asyncio.Event().wait()"]
)
def test_a_background_task_that_swallows_cancellation_does_not_hang_the_run(tmp_path, pause):
    started = time.monotonic()
    report = run_project(
        tmp_path,
        {
            "test_stubborn.py": f"""
                import asyncio

                async def stubborn():
                    while True:
                        try:
                            {pause}
                        except asyncio.CancelledError:
                            pass

                async def test_leaves_it():
                    asyncio.get_running_loop().background = asyncio.create_task(stubborn())
                    await asyncio.sleep(0)

                async def test_beside_it():
                    await asyncio.sleep(0.01)

                def test_afterwards():
                    asyncio.run(asyncio.sleep(0))
            """
        },
        timeout_grace=0.1,
    )
    assert troubles(report) == {}
    assert time.monotonic() - started < 10  # no measurement: it would take for ever


def test_a_thread_that_still_runs_when_its_test_ends_does_not_hold_up_the_run(tmp_path):
    """Nobody can end a thread; its test's loop is left alone, and the run goes on after the grace."""
    release = threading.Event()
    threading.TestsRelease = release  # where the project finds it
    try:
        report = run_project(
            tmp_path,
            {
                "test_thread.py": """
                    import asyncio
                    import threading

                    async def test_leaves_a_thread():
                        asyncio.get_running_loop().call = asyncio.create_task(
                            asyncio.to_thread(threading.TestsRelease.wait, 20)
                        )
                        await asyncio.sleep(0.01)

                    async def test_beside_it():
                        await asyncio.to_thread(int)

                    def test_afterwards():
                        assert not threading.TestsRelease.is_set()
                """
            },
            timeout_grace=0.1,
        )
        gc.collect()
        assert not release.is_set()
        assert troubles(report) == {}
    finally:
        release.set()
        del threading.TestsRelease


def test_the_process_ends_soon_though_a_thread_of_a_test_runs_on(tmp_path):
    write_project(
        tmp_path,
        {
            "pyproject.toml": """
                [tool.rustest]
                timeout_grace = 0.1
            """,
            "test_thread.py": """
                import asyncio
                import time

                async def test_leaves_a_thread():
                    asyncio.get_running_loop().call = asyncio.create_task(asyncio.to_thread(time.sleep, 60))
                    await asyncio.sleep(0.01)
            """,
        },
    )
    done = subprocess.run([sys.executable, "-m", "rustest", str(tmp_path)], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0
    assert "still runs and holds the exit" in done.stderr


def test_an_exception_in_a_cancelled_background_task_is_told_to_the_loops_exception_handler(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_exception.py": """
                import asyncio

                told = []

                async def background():
                    try:
                        await asyncio.sleep(1000)
                    finally:
                        raise ValueError("while it was cancelled")

                async def test_leaves_it():
                    loop = asyncio.get_running_loop()
                    loop.set_exception_handler(lambda loop, context: told.append(str(context["exception"])))
                    loop.background = asyncio.create_task(background())
                    await asyncio.sleep(0)

                def test_told():
                    assert told == ["while it was cancelled"]
            """
        },
    )
    assert troubles(report) == {}


@pytest.mark.parametrize("name", ["_PyTask", "_CTask"])
def test_the_end_of_a_test_is_seen_though_it_has_put_another_class_in_the_place_of_tasks(tmp_path, name):
    source = f"""
        import asyncio
        from rustest import fixture

        @fixture
        def other(monkeypatch):
            monkeypatch.setattr(asyncio, "Task", asyncio.tasks.{name})

        async def test_other_tasks(other):
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(0))

        async def test_in_the_middle(monkeypatch):
            monkeypatch.setattr(asyncio, "Task", asyncio.tasks.{name})
            await asyncio.create_task(asyncio.sleep(0))
    """
    assert run_project(tmp_path, {"test_it.py": source}, timeout=10.0).counts() == {Verdict.PASSED: 2}
