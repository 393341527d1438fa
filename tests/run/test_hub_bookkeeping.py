"""What the hub keeps about loops, timers and tests does not grow with the run."""

import asyncio
import gc
import os
import threading
import time
import weakref
from functools import partial

import pytest
from hub_runs import hub_run, troubles

from rustest.run.hub.timers import Timers
from rustest.testing import run_project


def test_short_sleeps_under_a_long_timeout_add_nothing_that_stays():
    most = [0]

    async def sleep_often(hub) -> None:
        async with asyncio.timeout(3600):
            for _ in range(2000):
                await asyncio.sleep(0)
                await asyncio.sleep(1e-6)
                most[0] = max(most[0], len(hub._deadlines))

    with hub_run() as run:
        run.run(sleep_often(run.hub))
    assert most[0] <= 3


def test_going_idle_again_and_again_under_a_long_timeout_adds_nothing_that_stays():
    most = [0]

    async def wait_often(hub) -> None:
        async with asyncio.timeout(3600):
            for _ in range(500):
                future = asyncio.get_running_loop().create_future()
                hub.call_soon(partial(hub.call_soon, partial(future.set_result, None)))
                await future
                most[0] = max(most[0], len(hub._deadlines))

    with hub_run() as run:
        run.run(wait_often(run.hub))
    assert most[0] == 1


def test_cancelled_timers_of_a_loop_are_swept_out():
    most = [0]

    async def set_and_cancel() -> None:
        loop = asyncio.get_running_loop()
        loop.call_later(1000, print)  # in front of all those that are cancelled
        for number in range(5000):
            loop.call_later(3600, print).cancel()
            if number % 10 == 0:
                await asyncio.sleep(0)
                most[0] = max(most[0], len(loop._scheduled))

    with hub_run() as run:
        run.run(set_and_cancel())
    assert most[0] < 300


def test_timeouts_that_are_met_leave_no_timers_in_the_hub():
    with hub_run() as run:
        for _ in range(1000):
            run.hub.call_at(time.monotonic() + 3600, print).cancel()
        assert len(run.hub._timers) < 300


def test_closed_loops_leave_no_deadlines_in_the_hub():
    async def wait_under_a_timeout() -> None:
        asyncio.get_running_loop().call_later(3600, print)
        await asyncio.sleep(0)

    with hub_run() as run:
        for _ in range(1000):
            loop = run.new_loop()
            run.finish(run.start(wait_under_a_timeout(), loop))
            loop.close()
        assert len(run.hub._deadlines) < 300


def test_timers_fire_in_order_whatever_was_cancelled_or_added_meanwhile():
    fired: list[int] = []
    timers = Timers()
    now = time.monotonic()
    made = [timers.add(now - 1000 + number, lambda number=number: fired.append(number)) for number in range(500)]
    for timer in made[::2]:
        timer.cancel()
        timer.cancel()  # counts once
    timers.add(now + 1000, lambda: fired.append(-1))
    timers.fire_due()
    assert fired == [*range(1, 500, 2)]
    assert len(timers) == 1
    assert timers.upcoming() == now + 1000
    made[0].cancel()
    made[1].cancel()  # too late for both
    assert len(timers) == 1


def test_a_timer_may_cancel_another_that_is_due_too():
    fired: list[str] = []
    timers = Timers()
    timers.add(0, lambda: (fired.append("first"), second.cancel()))
    second = timers.add(1, lambda: fired.append("second"))
    timers.fire_due()
    assert fired == ["first"]
    assert timers.upcoming() is None


def test_ended_tests_and_what_they_held_are_let_go_while_the_run_goes_on(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_held.py": """
                import asyncio
                import gc
                import weakref

                from rustest import fixture, mark, parametrize

                class Big:
                    pass

                alive = weakref.WeakSet()

                @fixture
                async def big():
                    value = Big()
                    alive.add(value)
                    asyncio.get_running_loop().call_later(3600, print)
                    yield value

                @mark.asyncio(timeout=1000.0)
                @parametrize("number", range(50))
                async def test_uses(big, number):
                    alive.add(asyncio.get_running_loop())
                    alive.add(asyncio.current_task())
                    async with asyncio.timeout(1000):
                        await asyncio.sleep(0.001)

                def test_afterwards():
                    gc.collect()
                    assert len(alive) <= 3
            """
        },
        concurrency=5,
    )
    assert troubles(report) == {}


def test_an_abandoned_loop_is_never_stepped_again_and_keeps_nobody_awake():
    """It has ready callbacks, due timers and input that nobody reads: each alone would have the hub turn for ever."""
    steps = [0]

    async def never_rest() -> None:
        ours, theirs = os.pipe()
        os.write(theirs, b"x")
        descriptors.extend((ours, theirs))
        asyncio.get_running_loop().add_reader(ours, len, "")
        asyncio.get_running_loop().call_later(0.001, print)
        while True:
            steps[0] += 1
            await asyncio.sleep(0)

    descriptors: list[int] = []
    with hub_run() as run:
        loop = run.new_loop()
        task = run.start(never_rest(), loop)
        run.finish(run.start(asyncio.sleep(0.002)))
        run.hub.call_soon(loop.abandon)  # when it is about to be stepped
        run.finish(run.start(asyncio.sleep(0.002)))
        before, turns = steps[0], 0

        def count() -> bool:
            nonlocal turns
            turns += 1
            return sleep.done()

        sleep = run.start(asyncio.sleep(0.05))
        run.hub.run_until(count)
        assert steps[0] == before
        assert turns < 30
        loop.close()
        task._log_destroy_pending = False
    for descriptor in descriptors:
        os.close(descriptor)


MANY_KINDS = {
    "test_many.py": """
        import asyncio
        import socket

        from rustest import fixture, mark, parametrize

        @fixture(scope="session")
        async def server():
            async def echo(reader, writer):
                writer.write(await reader.readline())
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            yield server.sockets[0].getsockname()
            server.close()
            await server.wait_closed()

        @parametrize("number", range(20))
        async def test_talks(server, number):
            reader, writer = await asyncio.open_connection(*server)
            writer.write(b"hello\\n")
            assert await reader.readline() == b"hello\\n"
            writer.close()
            await writer.wait_closed()
            assert await asyncio.to_thread(int, "7") == 7

        @parametrize("number", range(20))
        async def test_has_its_own_server(number):
            async def accept(reader, writer):
                writer.close()
            async with await asyncio.start_server(accept, "127.0.0.1", 0) as server:
                await asyncio.sleep(0.001)

        @mark.asyncio(timeout=0.02)
        async def test_times_out():
            ours, theirs = socket.socketpair()
            with ours, theirs:
                asyncio.get_running_loop().add_reader(ours, print)
                await asyncio.Event().wait()

        async def test_fails():
            asyncio.get_running_loop().background = asyncio.create_task(asyncio.sleep(100))
            assert False

        @mark.asyncio(loop_scope="module")
        async def test_shares():
            await asyncio.to_thread(int)

        def test_sync():
            asyncio.run(asyncio.sleep(0))
    """
}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="there is no /proc here to count descriptors in")
def test_a_finished_run_leaves_no_loop_task_thread_or_descriptor(tmp_path):
    run_project(tmp_path, MANY_KINDS)  # what is made once and kept, by asyncio or by subprocess, is there now
    gc.collect()
    before = sorted(os.listdir("/proc/self/fd")), set(threading.enumerate())
    loops = [thing for thing in gc.get_objects() if issubclass(type(thing), asyncio.AbstractEventLoop | asyncio.Task)]
    known = weakref.WeakSet(loops)
    del loops
    report = run_project(tmp_path, MANY_KINDS)
    gc.collect()
    assert sorted(troubles(report)) == ["test_many.py::test_fails", "test_many.py::test_times_out"]
    assert (sorted(os.listdir("/proc/self/fd")), set(threading.enumerate())) == before
    alive = [thing for thing in gc.get_objects() if issubclass(type(thing), asyncio.AbstractEventLoop | asyncio.Task)]
    assert [thing for thing in alive if thing not in known] == []
