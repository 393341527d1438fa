"""uvloop, a loop of another kind than the hub's: by mark, and for a whole suite by the settings."""

import subprocess
import sys

import pytest
from project_runs import record

from rustest.run import reruns
from rustest.testing import write_project

uvloop = pytest.importorskip("uvloop", reason="uvloop does not exist for this platform")

BY_NAME = "uvloop:new_event_loop"

WORK = """
    import asyncio
    import subprocess
    import sys
    import time
    import uvloop
    from happened import note
    from rustest import fixture, mark, parametrize

    def is_uvloop(): return isinstance(asyncio.get_running_loop(), uvloop.Loop)

    @fixture(scope="SCOPE")
    async def server():
        async def answer(reader, writer):
            writer.write(b"echo " + await reader.readline())
            await writer.drain()
            writer.close()

        assert is_uvloop()
        note("server up")
        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            yield server.sockets[0].getsockname()[1]
            assert is_uvloop()
        note("server down")

    @fixture
    async def client(server):
        reader, writer = await asyncio.open_connection("127.0.0.1", server)
        yield reader, writer
        writer.close()
        await writer.wait_closed()

    @fixture
    def sync_between(client):
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            yield asyncio.run(asyncio.sleep(0, "ran"))
        else:
            raise AssertionError("a sync fixture sees a running loop")

    @fixture
    async def group(sync_between):
        async with asyncio.TaskGroup() as group:
            yield group

    @parametrize("number", range(3))
    async def test_tcp(number, client, sync_between, group):
        assert is_uvloop() and sync_between == "ran"
        reader, writer = client
        writer.write(b"%d\\n" % number)
        answer = group.create_task(reader.readline())
        async with asyncio.timeout(20):
            assert await answer == b"echo %d\\n" % number

    async def test_threads():
        assert is_uvloop()
        loop = asyncio.get_running_loop()
        assert await asyncio.to_thread(lambda: 42) == 42
        done = loop.create_future()
        await loop.run_in_executor(None, lambda: loop.call_soon_threadsafe(done.set_result, 1))
        assert await done == 1

    async def test_subprocess():
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "print(input() + '!')", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        out, _ = await asyncio.wait_for(process.communicate(b"hello\\n"), 30)
        assert (out.strip(), process.returncode) == (b"hello!", 0)

    async def test_sleep_and_tasks():
        before = asyncio.get_running_loop().time()
        await asyncio.gather(*(asyncio.sleep(0.02) for _ in range(5)))
        assert asyncio.get_running_loop().time() - before >= 0.015

    def test_sync(): assert asyncio.run(asyncio.sleep(0, 5)) == 5
"""


@pytest.mark.parametrize("scope", ["function", "module", "package", "session"])
@pytest.mark.parametrize("concurrency", [1, 100])
def test_a_whole_suite_runs_on_it_by_the_settings(tmp_path, scope, concurrency):
    files = {f"test_{name}.py": WORK.replace("SCOPE", scope) for name in ("one", "two")}
    happened = record(tmp_path, files, loop_factory=BY_NAME, concurrency=concurrency, timeout=60)
    assert set(happened.verdicts().values()) == {"passed"}, happened.report.finished
    assert happened.report.total == 14
    assert happened.report.problems == ()
    lives = 6 if scope == "function" else 2
    assert happened.log.count("server up") == happened.log.count("server down") == lives


def test_marks_choose_it_for_a_test_a_class_and_a_loop_that_is_shared(tmp_path):
    tests = """
        import asyncio
        import uvloop
        from happened import note
        from rustest import mark

        @mark.asyncio(loop_factory=uvloop.new_event_loop)
        async def test_private(): note(("private", asyncio.get_running_loop()))

        @mark.asyncio(loop_factory=uvloop.new_event_loop, loop_scope="class")
        class TestShared:
            async def test_one(self): note(("shared", asyncio.get_running_loop()))

            async def test_two(self): note(("shared", asyncio.get_running_loop()))

        async def test_plain(): note(("plain", asyncio.get_running_loop()))
    """
    happened = record(tmp_path, tests)
    assert set(happened.verdicts().values()) == {"passed"}
    (private,) = [loop for kind, loop in happened.log if kind == "private"]
    one, two = [loop for kind, loop in happened.log if kind == "shared"]
    (plain,) = [loop for kind, loop in happened.log if kind == "plain"]
    assert one is two is not private
    assert all(isinstance(loop, uvloop.Loop) for loop in (one, private))
    assert not isinstance(plain, uvloop.Loop)
    assert all(loop.is_closed() for loop in (one, private, plain))


def test_tests_on_one_such_loop_overlap(tmp_path):
    tests = """
        import asyncio
        import uvloop
        from rustest import fixture, mark, parametrize

        pytestmark = mark.asyncio(loop_factory=uvloop.new_event_loop)

        @fixture(scope="module")
        async def barrier(): return asyncio.Barrier(20)

        @parametrize("number", range(20))
        async def test_meet(barrier, number): await barrier.wait()
    """
    happened = record(tmp_path, tests, timeout=20)
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.most_at_once() == 20


@pytest.mark.parametrize("loop_scope", ["function", "module"])
def test_timeouts_hold_on_it_and_the_rest_passes(tmp_path, loop_scope):
    tests = f"""
        import asyncio
        import time
        from happened import note
        from rustest import fixture, mark

        pytestmark = mark.asyncio(loop_scope="{loop_scope}")

        @fixture
        async def around():
            yield
            await asyncio.sleep(0)
            note("torn down")

        @fixture
        async def hanging(around):
            await asyncio.Event().wait()

        async def test_waits(around): await asyncio.Event().wait()

        async def test_swallows(around):
            while True:
                try:
                    await asyncio.sleep(30)
                except asyncio.CancelledError:
                    pass

        async def test_fixture(hanging): note("body")

        async def test_good(around): await asyncio.sleep(0.01)
    """
    happened = record(tmp_path, tests, loop_factory=BY_NAME, timeout=0.3, timeout_grace=0.1)
    assert happened.verdicts() == {
        "test_waits": "timed out",
        "test_swallows": "timed out",
        "test_fixture": "error",
        "test_good": "passed",
    }
    assert happened.failure("test_waits").headline == "Test timed out after 0.3 seconds"
    assert happened.failure("test_fixture").headline == "Fixture 'hanging' set-up timed out after 0.3 seconds"
    assert [frame.function for frame in happened.failure("test_waits").frames] == ["test_waits"]
    assert happened.log == ["torn down"] * 4


def test_a_body_that_blocks_the_thread_is_interrupted_on_a_loop_of_its_own(tmp_path):
    tests = """
        import time
        from happened import note
        from rustest import fixture

        @fixture
        async def around():
            yield
            note("torn down")

        async def test_blocks(around): time.sleep(30)

        async def test_spins(around):
            while True:
                pass

        async def test_good(around): pass
    """
    happened = record(tmp_path, tests, loop_factory=BY_NAME, timeout=0.3)
    assert happened.verdicts() == {"test_blocks": "timed out", "test_spins": "timed out", "test_good": "passed"}
    assert happened.log == ["torn down"] * 3


@pytest.mark.parametrize("concurrency", [1, 100])
def test_a_server_on_the_hub_answers_tests_on_it_and_the_hubs_loops_go_on(tmp_path, concurrency):
    server = """
        import asyncio
        from happened import note
        from rustest import fixture

        class Server:
            port = 0
            ticks = 0

            async def tick(self):
                while True:
                    await asyncio.sleep(0.001)
                    self.ticks += 1

        known = Server()

        async def answer(reader, writer):
            writer.write(b"echo " + await reader.readline())
            await writer.drain()
            writer.close()

        @fixture(scope="session")
        async def server():
            note("up")
            ticker = asyncio.create_task(known.tick())
            async with await asyncio.start_server(answer, "127.0.0.1", 0) as listener:
                known.port = listener.sockets[0].getsockname()[1]
                yield known
            ticker.cancel()
            note("down")
    """
    tests = """
        import asyncio
        import uvloop
        from happened import note
        from rustest import mark, parametrize
        from server_on_hub import known

        async def test_first_user(server): assert not isinstance(asyncio.get_running_loop(), uvloop.Loop)

        @parametrize("number", range(5))
        @mark.asyncio(loop_factory=uvloop.new_event_loop)
        async def test_uvloop(number):
            assert isinstance(asyncio.get_running_loop(), uvloop.Loop)
            before = known.ticks
            reader, writer = await asyncio.open_connection("127.0.0.1", known.port)
            writer.write(b"%d\\n" % number)
            assert await asyncio.wait_for(reader.readline(), 30) == b"echo %d\\n" % number
            writer.close()
            await writer.wait_closed()
            while known.ticks < before + 3:
                await asyncio.sleep(0.001)
            note("answered")

        @mark.serial
        async def test_last_user(server): pass
    """
    files = {"server_on_hub.py": server, "conftest.py": "from server_on_hub import server", "test_it.py": tests}
    happened = record(tmp_path, files, concurrency=concurrency, timeout=30)
    assert set(happened.verdicts().values()) == {"passed"}, happened.report.finished
    assert happened.log == ["up", *["answered"] * 5, "down"]


def test_a_task_group_in_a_fixture_whose_child_crashes_fails_its_test(tmp_path):
    tests = """
        import anyio
        import asyncio
        from rustest import fixture, parametrize

        async def crash(): raise ValueError("child")

        @fixture
        async def group():
            async with anyio.create_task_group() as group: yield group

        @fixture(scope="session")
        async def wide():
            async with anyio.create_task_group() as group: yield group

        async def test_narrow(group):
            group.start_soon(crash)
            await asyncio.sleep(30)

        async def test_wide(wide):
            wide.start_soon(crash)
            await asyncio.sleep(30)
    """
    happened = record(tmp_path, tests, loop_factory=BY_NAME, timeout=20)
    assert happened.verdicts() == {"test_narrow": "failed", "test_wide": "failed"}
    for test in ("test_narrow", "test_wide"):
        assert [member.headline for member in happened.failure(test).members] == ["ValueError: child"]


def test_a_factory_that_fails_is_named_and_the_rest_runs(tmp_path):
    tests = """
        from rustest import mark

        def broken(): raise OSError("no loop today")

        @mark.asyncio(loop_factory=broken)
        async def test_broken(): pass

        @mark.asyncio(loop_factory=dict)
        async def test_dict(): pass

        async def test_good(): pass
    """
    happened = record(tmp_path, tests)
    assert happened.verdicts() == {"test_broken": "error", "test_dict": "error", "test_good": "passed"}
    assert happened.failure("test_broken").headline == "OSError: no loop today"
    assert "loop_factory must make an event loop" in happened.failure("test_dict").message


def test_a_sync_fixture_finds_the_loop_of_its_test_and_may_drive_it(tmp_path):
    tests = """
        import asyncio
        import uvloop
        from rustest import fixture

        @fixture
        async def before(): return asyncio.get_running_loop()

        @fixture
        def driving(before):
            loop = asyncio.get_event_loop()
            assert loop is before
            yield loop.run_until_complete(asyncio.sleep(0.001, "driven"))
            assert loop.run_until_complete(asyncio.sleep(0.001, "again")) == "again"

        async def test_it(driving, before):
            assert driving == "driven"
            assert asyncio.get_running_loop() is before
            assert isinstance(before, uvloop.Loop)
    """
    happened = record(tmp_path, tests, loop_factory=BY_NAME, timeout=20)
    assert happened.verdicts() == {"test_it": "passed"}, happened.outcome("test_it")


def test_with_maxfail_the_tests_in_flight_on_it_are_cancelled_and_torn_down(tmp_path, monkeypatch):
    monkeypatch.setattr(reruns, "_LEAST", 0.2)  # for so long it is looked into, alone, where nobody comes
    tests = """
        import asyncio
        from happened import note
        from rustest import fixture, parametrize

        @fixture(scope="module")
        async def all_there():
            yield asyncio.Barrier(4)
            note("shared down")

        @fixture
        async def around():
            yield
            note("down")

        @parametrize("number", range(3))
        async def test_long(number, around, all_there):
            await all_there.wait()
            await asyncio.sleep(60)

        async def test_fails(around, all_there):
            await all_there.wait()
            assert False
    """
    happened = record(tmp_path, tests, loop_factory=BY_NAME, maxfail=1)
    assert sorted(happened.verdicts().values()) == ["failed", "not run", "not run", "not run"]
    assert happened.log == ["down"] * 5 + ["shared down"]  # twice for the failure, which was looked into


def test_ctrl_c_ends_the_run_and_tears_down(tmp_path):
    tests = """
        import asyncio
        import os
        import signal
        from rustest import fixture, mark

        @fixture
        async def around():
            yield
            await asyncio.sleep(0.05)
            print("torn down", flush=True)

        async def test_it(around):
            asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
            await asyncio.sleep(60)

        @mark.serial
        async def test_next(around): print("next", flush=True)
    """
    write_project(tmp_path, {"test_it.py": tests})
    command = [sys.executable, "-m", "rustest", "-s", "--loop-factory", BY_NAME]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "torn down" in done.stdout
    assert "next" not in done.stdout.replace("test_next", "")
    assert "interrupted while running:\n  test_it.py::test_it  at test_it.py" in done.stdout
