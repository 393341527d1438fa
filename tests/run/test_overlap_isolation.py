"""Overlapping tests do not see each other: loops, tasks and context variables are each test's own."""

import asyncio

import pytest
from hub_runs import troubles

from rustest.testing import run_project


@pytest.mark.parametrize("concurrency", [1, 7, 100])
def test_each_test_sees_a_loop_that_no_other_test_saw_and_only_its_own_task(tmp_path, concurrency):
    report = run_project(
        tmp_path,
        {
            "test_own.py": """
                import asyncio
                import sys

                from rustest import fixture, parametrize

                loops = []  # kept, so that no two have the same identity
                numbers = range(40)

                @fixture
                async def opened():
                    await asyncio.sleep(0.001)
                    yield asyncio.get_running_loop(), asyncio.current_task()
                    assert len(asyncio.all_tasks()) == 1

                def look():
                    loop = asyncio.get_running_loop()
                    assert asyncio.all_tasks() == {asyncio.current_task()}
                    assert asyncio.get_event_loop() is loop
                    return loop

                @parametrize("number", numbers)
                async def test_plain(number):
                    loop = look()
                    assert loop not in loops
                    loops.append(loop)
                    await asyncio.sleep(0.002)
                    assert look() is loop

                @parametrize("number", numbers)
                async def test_with_a_fixture(number, opened):
                    loop = look()
                    assert loop not in loops
                    loops.append(loop)
                    assert opened == (loop, asyncio.current_task())
                    child = asyncio.create_task(asyncio.sleep(0.001))
                    assert len(asyncio.all_tasks()) == 2
                    await child
                    assert look() is loop

                def test_all_were_there():
                    assert len(loops) == 2 * len(numbers)
                    assert all(loop.is_closed() for loop in loops)
            """
        },
        concurrency=concurrency,
    )
    assert troubles(report) == {}


def test_cancelling_all_tasks_hits_nobody_else(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_cancel.py": """
                import asyncio

                from rustest import fixture, raises

                @fixture(scope="session")
                async def shared():
                    await asyncio.sleep(0)
                    yield 7
                    await asyncio.sleep(0)

                async def test_cancels_everybody():
                    asyncio.create_task(asyncio.sleep(100))
                    await asyncio.sleep(0.001)
                    for task in asyncio.all_tasks() - {asyncio.current_task()}:
                        task.cancel()
                    await asyncio.sleep(0.001)
                    assert len(asyncio.all_tasks()) == 1

                async def test_beside_it():
                    await asyncio.sleep(0.01)

                async def test_on_the_shared_loop(shared):
                    await asyncio.sleep(0.01)
                    assert shared == 7
            """
        },
    )
    assert troubles(report) == {}


def test_context_variables_cross_from_fixture_to_test_and_nowhere_else(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_context.py": """
                import asyncio
                import contextvars

                from rustest import fixture, parametrize

                name = contextvars.ContextVar("name", default="nobody")

                @fixture
                def from_sync(number):
                    assert name.get() == "nobody"
                    name.set(f"sync {number}")
                    yield
                    assert name.get() == f"changed {number}"

                @fixture
                async def from_async(number):
                    assert name.get() == "nobody"
                    name.set(f"async {number}")
                    await asyncio.sleep(0.001)
                    yield
                    assert name.get() == f"changed {number}"

                @fixture
                def sync_between(from_async, number):
                    assert name.get() == f"async {number}"
                    name.set(f"between {number}")
                    yield
                    assert name.get() == f"changed {number}"

                @fixture
                def number():
                    numbers.append(1)
                    return len(numbers)

                numbers = []
                cases = range(15)

                async def change_slowly(number):
                    name.set(f"changed {number}")
                    await asyncio.sleep(0.002)
                    assert name.get() == f"changed {number}"

                @parametrize("case", cases)
                async def test_sync(from_sync, number, case):
                    assert name.get() == f"sync {number}"
                    await change_slowly(number)

                @parametrize("case", cases)
                async def test_async(from_async, number, case):
                    assert name.get() == f"async {number}"
                    await change_slowly(number)

                @parametrize("case", cases)
                async def test_between(sync_between, number, case):
                    assert name.get() == f"between {number}"
                    await change_slowly(number)

                @parametrize("case", cases)
                async def test_none(case):
                    assert name.get() == "nobody"
                    name.set(f"set {case}")
                    await asyncio.sleep(0.002)
                    assert name.get() == f"set {case}"

                def test_sync_before_and_after():
                    assert name.get() == "nobody"
                    name.set("somebody")

                def test_sync_again():
                    assert name.get() == "nobody"
            """
        },
    )
    assert troubles(report) == {}


def test_tests_on_one_shared_loop_have_contexts_of_their_own(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_shared.py": """
                import asyncio
                import contextvars

                from rustest import fixture, mark, parametrize

                pytestmark = mark.asyncio(loop_scope="module")
                name = contextvars.ContextVar("name", default="nobody")
                loops = set()

                @parametrize("number", range(20))
                async def test_shares(number):
                    loops.add(asyncio.get_running_loop())
                    assert len(loops) == 1
                    assert name.get() == "nobody"
                    name.set(number)
                    await asyncio.sleep(0.002)
                    assert name.get() == number
                    assert asyncio.current_task().get_name().endswith(f"[{number}]")
            """
        },
    )
    assert troubles(report) == {}


def test_async_generators_of_a_test_are_finalized_on_its_own_loop_while_others_run(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_generators.py": """
                import asyncio
                import gc

                from rustest import parametrize

                async def numbers(closed):
                    try:
                        while True:
                            yield 1
                    finally:
                        await asyncio.sleep(0)
                        closed.append(asyncio.get_running_loop())

                @parametrize("case", range(5))
                async def test_drops_one(case):
                    closed = []
                    async for _ in numbers(closed):
                        await asyncio.sleep(0.001)
                        break
                    while not closed:
                        gc.collect()
                        await asyncio.sleep(0.001)
                    assert closed == [asyncio.get_running_loop()]
            """
        },
    )
    assert troubles(report) == {}


def test_the_run_leaves_the_callers_thread_without_a_loop_as_it_was(tmp_path):
    def current_loop():
        return vars(asyncio.get_event_loop_policy()._local).get("_loop")

    before = current_loop()
    source = """
        import asyncio
        from rustest import fixture

        @fixture
        def loop():
            yield asyncio.get_event_loop()

        async def test_one(loop):
            assert asyncio.get_running_loop() is loop
        """
    assert troubles(run_project(tmp_path, {"test_one.py": source})) == {}
    assert current_loop() is before
    assert asyncio._get_running_loop() is None
