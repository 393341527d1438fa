"""Time during which another test holds the thread does not count."""

from project_runs import record


def test_a_test_that_blocks_the_thread_costs_no_other_test_its_limit(tmp_path):
    source = """
        import asyncio, time
        from rustest import fixture, mark, parametrize

        @fixture
        async def slow():
            await asyncio.sleep(0.1)
            yield
            await asyncio.sleep(0.1)

        @fixture(scope="module")
        async def slow_module():
            await asyncio.sleep(0.1)
            yield
            await asyncio.sleep(0.1)

        async def test_blocks():
            await asyncio.sleep(0.05)
            for _ in range(4):
                time.sleep(0.3)
                await asyncio.sleep(0.01)

        @parametrize("number", range(20))
        @mark.timeout(0.6)
        async def test_sleeps(number, slow):
            await asyncio.sleep(0.2)

        @parametrize("number", range(20))
        @mark.timeout(0.6)
        async def test_sleeps_on_a_shared_loop(number, slow_module):
            await asyncio.sleep(0.2)
    """
    run = record(tmp_path, source)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.report.duration > 1


def test_many_busy_neighbours_cost_no_test_its_limit(tmp_path):
    """Together they compute for seconds, each for a tenth of one."""
    source = """
        import asyncio, time
        from rustest import mark, parametrize

        @parametrize("number", range(16))
        @mark.timeout(0.6)
        async def test_computes(number):
            for _ in range(10):
                end = time.monotonic() + 0.01
                while time.monotonic() < end: pass
                await asyncio.sleep(0)
    """
    run = record(tmp_path, source)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.report.duration > 1.2


def test_what_rustest_takes_for_thousands_of_tests_costs_none_of_them_its_limit(tmp_path):
    source = """
        import asyncio
        from rustest import fixture, mark, parametrize

        @fixture
        async def around():
            await asyncio.sleep(0)
            yield
            await asyncio.sleep(0)

        @parametrize("number", range(4000))
        @mark.timeout(0.4)
        async def test_it(number, around):
            await asyncio.sleep(0.01)
    """
    run = record(tmp_path, source, concurrency=4000)
    assert set(run.verdicts().values()) == {"passed"}
    assert run.report.duration > 0.4


def test_a_grace_is_not_eaten_up_by_a_neighbour_either(tmp_path):
    source = """
        import asyncio, time
        from happened import note
        from rustest import mark

        async def test_blocks():
            await asyncio.sleep(0.25)
            for _ in range(8):
                time.sleep(0.2)
                await asyncio.sleep(0)

        @mark.timeout(0.2)
        async def test_cleans_up():
            try:
                await asyncio.sleep(1000)
            finally:
                for _ in range(5):
                    await asyncio.sleep(0.02)
                note("cleaned up")
    """
    run = record(tmp_path, source, timeout_grace=0.4)
    assert run.log == ["cleaned up"]
    assert run.verdicts() == {"test_blocks": "passed", "test_cleans_up": "timed out"}
    assert run.outcome("test_cleans_up").notes == frozenset()
