"""asyncio.run, in tests and fixtures and around the whole of a run."""

import asyncio
import sys
import threading

from hub_runs import troubles

from rustest.testing import run_project

BOTH = """
    import asyncio

    from rustest import fixture

    async def answer():
        await asyncio.sleep(0.001)
        return 42

    @fixture
    def leading():
        assert asyncio.run(answer()) == 42
        yield 1
        assert asyncio.run(answer()) == 42

    @fixture
    async def first(leading):
        await asyncio.sleep(0.001)
        yield asyncio.get_running_loop()
        await asyncio.sleep(0.001)

    @fixture
    def between(first):
        assert asyncio.run(answer()) == 42
        assert asyncio.get_event_loop_policy()._local.__dict__.get("_loop") is None
        yield 2
        assert asyncio.run(answer()) == 42

    @fixture
    async def second(between):
        await asyncio.sleep(0.001)
        yield asyncio.get_running_loop()
        await asyncio.sleep(0.001)

    @fixture
    def after(second):
        assert asyncio.get_event_loop() is second
        yield asyncio.get_event_loop()
        assert asyncio.get_event_loop() is second

    @fixture(scope="module")
    def wide():
        yield asyncio.run(answer())
        asyncio.run(answer())

    def test_1_sync_before():
        assert asyncio.run(answer()) == 42

    async def test_2_async(leading):
        assert await answer() == 42

    def test_3_sync_between(leading):
        assert asyncio.run(answer()) == 42

    async def test_4_all_kinds(first, second, after):
        assert first is second is after is asyncio.get_running_loop()
        assert await answer() == 42

    async def test_5_wide(wide, second):
        assert wide == 42
        assert await answer() == 42

    def test_6_sync_after(wide):
        with asyncio.Runner() as runner:
            assert runner.run(answer()) == 42
        assert asyncio.run(answer()) == 42

    def test_7_with_a_loop_of_its_own():
        loop = asyncio.new_event_loop()
        try:
            assert loop.run_until_complete(answer()) == 42
        finally:
            loop.close()
"""


def test_asyncio_run_works_in_sync_tests_and_fixtures_among_async_ones(tmp_path):
    for concurrency in (1, 100):
        report = run_project(tmp_path, {"test_both.py": BOTH, "test_both_again.py": BOTH}, concurrency=concurrency)
        assert troubles(report) == {}


def test_asyncio_run_inside_a_test_is_refused_as_ever(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_nested.py": """
                import asyncio

                from rustest import raises

                async def answer():
                    return 42

                async def test_nested():
                    coroutine = answer()
                    with raises(RuntimeError, match="cannot be called from a running event loop"):
                        asyncio.run(coroutine)
                    assert await coroutine == 42
            """
        },
    )
    assert troubles(report) == {}


def test_a_run_inside_a_running_coroutine_leaves_it_running(tmp_path):
    """As a notebook would do it, or a test of this very kind."""

    async def main():
        loop = asyncio.get_running_loop()
        generator = numbers()
        await anext(generator)
        ticks = asyncio.create_task(tick())
        await asyncio.sleep(0.005)
        report = run_project(tmp_path, {"test_both.py": BOTH})
        assert asyncio.get_running_loop() is loop
        assert asyncio.current_task() in asyncio.all_tasks()
        ticks_before = len(ticked)
        await asyncio.sleep(0.005)
        assert len(ticked) > ticks_before
        ticks.cancel()
        del generator  # its finalizer is this loop's
        await asyncio.sleep(0.001)
        return report

    async def numbers():
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
            closed_on.append(asyncio.get_running_loop())

    async def tick():
        while True:
            ticked.append(1)
            await asyncio.sleep(0.001)

    ticked: list[int] = []
    closed_on: list[object] = []
    for debug in (False, True):
        assert troubles(asyncio.run(main(), debug=debug)) == {}
    assert len(closed_on) == 2


def test_a_run_inside_a_coroutine_of_a_run(tmp_path):
    """rustest tests rustest: a test calls it while neighbours sleep, and they sleep on."""
    (tmp_path / "inner").mkdir()
    report = run_project(
        tmp_path / "outer",
        {
            "inner_source.py": f"BOTH = {BOTH!r}",
            "test_outer.py": f"""
                import asyncio

                from inner_source import BOTH
                from rustest.testing import run_project

                async def test_runs_another():
                    await asyncio.sleep(0.001)
                    report = run_project({str(tmp_path / "inner")!r}, {{"test_inner.py": BOTH}})
                    assert report.status == 0
                    await asyncio.sleep(0.001)

                async def test_beside_it():
                    await asyncio.sleep(0.02)
            """,
        },
    )
    assert troubles(report) == {}


def test_a_run_in_a_thread_while_a_loop_runs_in_the_main_thread(tmp_path):
    async def main():
        return await asyncio.to_thread(run_project, tmp_path, {"test_both.py": BOTH})

    assert troubles(asyncio.run(main())) == {}


def test_a_run_in_a_thread(tmp_path):
    reports = []
    thread = threading.Thread(
        target=lambda: reports.append(run_project(tmp_path, {"test_both.py": BOTH}, timeout=20.0))
    )
    thread.start()
    thread.join()
    assert troubles(reports[0]) == {}


def test_the_process_has_its_hooks_back_after_a_run(tmp_path):
    def note(generator):
        pass

    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=note)
    try:
        assert troubles(run_project(tmp_path, {"test_both.py": BOTH})) == {}
        assert sys.get_asyncgen_hooks() == (note, None)
    finally:
        sys.set_asyncgen_hooks(*before)
