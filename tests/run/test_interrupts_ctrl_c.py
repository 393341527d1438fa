"""Ctrl-C, once and twice, whatever the run is doing."""

import random
import signal
import time

import pytest
from process_runs import Running

NOT_RUN = "skipped: not run: interrupted"
FIXTURES = """
    import asyncio, time
    from marking import hold, mark_done
    from rustest import fixture, mark, parametrize

    @fixture(scope="session")
    async def session_wide():
        yield
        await asyncio.sleep(0.05)
        mark_done("session torn down")

    @fixture(scope="module")
    def module_wide():
        yield
        mark_done("module torn down")

    @fixture
    async def around(request):
        yield
        await asyncio.sleep(0.05)
        mark_done(request.node.name + " torn down")

    @fixture
    def sync_around(request):
        yield
        time.sleep(0.05)
        mark_done(request.node.name + " torn down")
"""
BODIES = {
    "async tests wait": """
    @parametrize("number", range(3))
    async def test_runs(number, session_wide, module_wide, around):
        mark_done(f"started {number}")
        try: await asyncio.sleep(1000)
        finally: mark_done(f"cancelled {number}")
    """,
    "a sync test blocks": """
    def test_runs(session_wide, module_wide, sync_around):
        mark_done("started")
        try: hold()
        finally: mark_done("interrupted")
    """,
    "a sync test computes": """
    def test_runs(module_wide, sync_around):
        mark_done("started")
        while True: pass
    """,
    "a sync test runs a loop": """
    async def main():
        mark_done("started")
        try:
            while True: await asyncio.sleep(0.05)
        finally: mark_done("cancelled")

    def test_runs(module_wide, sync_around):
        asyncio.run(main())
    """,
    "an async test blocks": """
    async def test_runs(session_wide, module_wide, around):
        mark_done("started")
        hold()
    """,
    "an async test computes inside asyncio": """
    async def test_runs(session_wide, module_wide, around):
        mark_done("started")
        loop = asyncio.get_running_loop()
        while True: loop.call_soon(len, "x").cancel()
    """,
    "a sync fixture of an async test blocks": """
    @fixture
    def blocks():
        mark_done("started")
        hold()

    async def test_runs(sync_around, blocks): pass
    """,
    "a test that swallows it waits": """
    async def test_runs(around):
        mark_done("started")
        while True:
            try: await asyncio.sleep(0.01)
            except asyncio.CancelledError: pass
    """,
    "a sync test that swallows it ends": """
    def test_runs(sync_around):
        mark_done("started")
        try: hold()
        except BaseException: pass
    """,
}


WITHOUT_LIMITS = ["async tests wait", "a sync test blocks", "an async test blocks", "a test that swallows it waits"]


@pytest.mark.parametrize(
    ("doing", "limit"), [*((doing, "500") for doing in BODIES), *((doing, "0") for doing in WITHOUT_LIMITS)]
)
def test_once_ends_what_runs_tears_it_down_and_names_it(tmp_path, doing, limit):
    source = FIXTURES + BODIES[doing] + "\n    def test_after(): pass\n"
    running = Running(tmp_path, source, "--timeout", limit, "--timeout-grace", "0.5")
    started = [f"started {number}" for number in range(3)] if "wait" in doing and "3" in source else ["started"]
    if doing == "a test that swallows it waits":
        started = ["started"]
    running.wait_for(*started)
    running.interrupt()
    ended = running.end()
    assert (ended.status, ended.err) == (2, "")
    said = ended.junit()
    assert said.pop("test_after") in (NOT_RUN, "passed")  # sync tests come before those of a module's own fixtures
    assert set(said.values()) == {NOT_RUN}
    running_then = ended.out.partition("interrupted while running:")[2]
    tests = [f"test_runs[{number}]" for number in range(3)] if len(started) == 3 else ["test_runs"]
    for test in tests:
        assert f"test_it.py::{test}" in running_then
        assert f"{test} torn down" in ended.marks()
    if "module_wide)" in BODIES[doing] or "module_wide," in BODIES[doing]:
        assert "module torn down" in ended.marks()
    if "session_wide" in BODIES[doing]:
        assert "session torn down" in ended.marks()


def test_a_teardown_that_has_begun_is_left_to_end(tmp_path):
    source = """
        import asyncio, time
        from marking import mark_done
        from rustest import fixture

        @fixture
        def sync_slow():
            yield
            mark_done("tearing down")
            time.sleep(0.5)
            mark_done("sync torn down")

        @fixture
        async def slow():
            yield
            await asyncio.sleep(0.5)
            mark_done("torn down")

        async def test_it(sync_slow, slow): pass
        def test_sync(sync_slow): pass
    """
    running = Running(tmp_path, source)
    running.wait_for("tearing down")
    running.interrupt()
    ended = running.end()
    assert ended.status == 2
    assert ended.marks() == ["sync torn down", "tearing down", "torn down"]


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_twice_leaves_at_once_with_the_results_there_are(tmp_path, kind):
    wait = "await asyncio.sleep(1000)" if kind == "async def" else "hold()"
    source = f"""
        import asyncio
        from marking import hold, mark_done
        from rustest import fixture

        @fixture
        {kind} slow():
            yield
            mark_done("tearing down")
            {wait}
            mark_done("torn down")

        async def test_before(): pass

        {kind} test_it(slow):
            mark_done("started")
            {wait}

        def test_after(): pass
    """
    running = Running(tmp_path, source)
    running.wait_for("started")
    running.interrupt()
    running.wait_for("tearing down")
    running.interrupt()
    ended = running.end()
    assert (ended.status, ended.err) == (2, "")
    assert ended.junit() == {"test_before": "passed", "test_it": NOT_RUN, "test_after": NOT_RUN}
    assert ended.marks() == ["started", "tearing down"]
    assert "1 passed, 2 not run" in ended.out


def test_thrice_leaves_even_if_nobody_reads_what_is_printed(tmp_path):
    source = """
        from marking import mark_done
        from rustest import parametrize

        @parametrize("number", range(3000))
        def test_it(number):
            if not number: mark_done("started")
            assert False, "x" * 1000
    """
    running = Running(tmp_path, source, "-v")
    running.wait_for("started")
    time.sleep(1)  # until the pipe is full and the reporter waits for its reader
    for _ in range(3):
        running.interrupt()
        time.sleep(0.1)
    assert running.process.wait(30) == 2
    running.end()


def test_while_files_are_imported_it_ends_the_run_and_names_the_file(tmp_path):
    running = Running(tmp_path, "from marking import hold, mark_done\nmark_done('importing')\nhold()\n")
    running.wait_for("importing")
    running.interrupt()
    ended = running.end()
    assert (ended.status, ended.err) == (2, "")
    assert "PROBLEM test_it.py  interrupted while it was imported\ninterrupted\n" in ended.out
    assert ended.junit() == {"test_it": "error: interrupted while it was imported"}


def test_at_random_times_it_always_ends_the_run_with_every_test_accounted_for(tmp_path):
    """Between tests, while reporters print, while fixtures are set up and torn down."""
    source = """
        import asyncio
        from marking import mark_done
        from rustest import fixture, mark, parametrize

        @fixture
        async def around():
            await asyncio.sleep(0)
            yield
            await asyncio.sleep(0)

        @parametrize("number", range(300))
        async def test_async(number, around):
            if number == 0: mark_done("under way")
            assert number % 3

        @parametrize("number", range(700))
        def test_sync(number):
            if number == 0: mark_done("sync")
            assert number % 3
    """
    chosen = random.Random("a fixed seed")
    for number in range(5):
        folder = tmp_path / str(number)
        folder.mkdir()
        running = Running(folder, source, "-v")
        running.read_along()
        running.wait_for("under way")
        time.sleep(chosen.uniform(0, 0.3))
        running.interrupt()
        ended = running.end()
        assert "Traceback" not in ended.err + ended.out, ended.err + ended.out
        if ended.status == 2:
            said = ended.junit()
            assert len(said) == 1000
            assert {name.partition(":")[0] for name in said.values()} <= {"passed", "failure", "skipped"}
        else:
            assert ended.status in (1, -signal.SIGINT)  # it had ended, or nearly


def test_a_run_that_is_read_along_ends_however_much_it_prints(tmp_path):
    """What the tests above rely on: one that waits for its reader looks like one that hangs."""
    source = """
        from rustest import parametrize

        @parametrize("number", range(100))
        def test_it(number): assert False, f"{number}" + "x" * 10_000
    """
    running = Running(tmp_path, source)
    running.read_along()
    assert running.process.wait(30) == 1
    assert len(running.end().out) > 1_000_000


def test_where_ctrl_c_is_ignored_it_stays_ignored(tmp_path):
    """So a shell starts what is to run on in the background."""
    source = """
        import os, signal
        from rustest import mark

        def test_it():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
            os.kill(os.getpid(), signal.SIGINT)
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        running = Running(tmp_path, source)
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert running.end().status == 0


PLACES = """
    import asyncio, time
    from marking import hold, mark_done

    {tests}
"""


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        ("def test_a():\n        mark_done('on')\n        hold()", "test_a  at marking.py:10: time.sleep(0.05)"),
        (
            "async def test_a():\n        mark_done('on')\n        await asyncio.sleep(1000)",
            "test_a  at test_it.py:7: await asyncio.sleep(1000)",
        ),
    ],
)
def test_where_the_tests_were_is_told(tmp_path, tests, told):
    running = Running(tmp_path, PLACES.format(tests=tests))
    running.wait_for("on")
    time.sleep(0.1)
    running.interrupt()
    assert f"\ninterrupted while running:\n  test_it.py::{told}\n" in running.end().out
