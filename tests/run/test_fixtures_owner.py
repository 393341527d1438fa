"""Async fixtures of wider scopes: each lives in a task of its own beside the tests that use it."""

import pytest
from project_runs import record

SERVER = """
    import asyncio
    from happened import note
    from rustest import fixture

    @fixture(scope="session")
    async def server():
        note("set up")
        loop = asyncio.get_running_loop()
        ticks = []

        async def tick():
            while True:
                await asyncio.sleep(0.002)
                ticks.append(loop.time())

        async def answer(reader, writer):
            assert asyncio.get_running_loop() is loop
            writer.write(b"echo " + await reader.readline())
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        ticker = asyncio.create_task(tick())
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        async with server:
            yield loop, ticks, server.sockets[0].getsockname()[1], ticker
            assert asyncio.get_running_loop() is loop
        ticker.cancel()
        note("torn down")
"""

CLIENTS = """
    import asyncio
    from happened import note
    from rustest import parametrize

    @parametrize("number", range(20))
    async def test_client(number, server):
        loop, ticks, port, ticker = server
        assert asyncio.get_running_loop() is loop
        before = len(ticks)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"%d\\n" % number)
        assert await reader.readline() == b"echo %d\\n" % number
        writer.close()
        await writer.wait_closed()
        await asyncio.sleep(0.02)
        assert len(ticks) > before
        assert "fixture server" not in {task.get_name() for task in asyncio.all_tasks()}
        assert ticker in asyncio.all_tasks()
"""

PRIVATE = """
    import asyncio
    from rustest import parametrize

    @parametrize("number", range(5))
    async def test_private(number):
        await asyncio.sleep(0.01)
        assert len(asyncio.all_tasks()) == 1

    def test_sync(server): assert server[0].is_running() is False
"""


@pytest.mark.parametrize("concurrency", [1, 100])
def test_a_server_in_a_session_fixture_answers_tests_of_three_files(tmp_path, concurrency):
    files = {f"test_{name}.py": CLIENTS for name in ("one", "two", "three")}
    happened = record(
        tmp_path, {"conftest.py": SERVER, **files, "test_private.py": PRIVATE}, concurrency=concurrency, timeout=10
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert len(happened.report.finished) == 66
    assert happened.log == ["set up", "torn down"]


def test_a_test_that_cancels_all_tasks_does_not_reach_the_owners(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="module")
        async def shared():
            yield 1
            note("torn down")

        async def test_it(shared):
            asyncio.create_task(asyncio.sleep(10))
            others = asyncio.all_tasks() - {asyncio.current_task()}
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            assert len(others) == 1
        """,
    )
    assert happened.verdicts() == {"test_it": "passed"}
    assert happened.log == ["torn down"]


def test_set_up_and_teardown_of_each_run_in_one_task_that_is_not_the_tests(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def base():
            yield asyncio.current_task()
            assert asyncio.current_task().get_name() == "fixture base"

        @fixture(scope="module")
        async def above(base):
            mine = asyncio.current_task()
            yield mine
            assert asyncio.current_task() is mine is not base

        async def test_it(base, above):
            assert asyncio.current_task() not in (base, above)
            assert asyncio.get_running_loop() is base.get_loop() is above.get_loop()
        """,
    )
    assert happened.verdicts() == {"test_it": "passed"}


def test_fixtures_that_hang_together_through_a_row_of_tests_live_on_one_loop(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture(scope="session")
        async def widest(): yield asyncio.get_running_loop()

        @fixture(scope="module")
        async def first(): yield asyncio.get_running_loop()

        @fixture(scope="module")
        async def second(): yield asyncio.get_running_loop()

        @fixture(scope="module")
        async def third(): yield asyncio.get_running_loop()

        async def test_one(first, second): assert first is second is asyncio.get_running_loop()

        async def test_two(third, first): assert third is first is asyncio.get_running_loop()

        async def test_three(widest, third): assert widest is third is asyncio.get_running_loop()

        async def test_four(second): assert second is asyncio.get_running_loop()
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
