"""Eager tasks: tests may have them, and rustest's own tasks start as they always do."""

import asyncio

import pytest
from hub_runs import hub_run, troubles

from rustest.testing import run_project

pytestmark = pytest.mark.skipif(not hasattr(asyncio, "eager_task_factory"), reason="this Python has no eager tasks")


def test_a_loop_with_eager_tasks_starts_them_at_once_beside_one_without():
    async def note(notes: list[str]) -> None:
        notes.append("task")
        await asyncio.sleep(0.001)
        notes.append("task ended")

    async def order(factory) -> list[str]:
        asyncio.get_running_loop().set_task_factory(factory)
        notes: list[str] = []
        task = asyncio.create_task(note(notes))
        notes.append("after create_task")
        await task
        return notes

    with hub_run() as run:
        eager, lazy = run.run(order(asyncio.eager_task_factory), order(None))
    assert eager == ["task", "after create_task", "task ended"]
    assert lazy == ["after create_task", "task", "task ended"]


def test_an_eager_task_made_from_another_loops_step_runs_on_its_own_loop():
    async def where() -> asyncio.AbstractEventLoop:
        await asyncio.sleep(0.001)
        return asyncio.get_running_loop()

    async def make(other: asyncio.AbstractEventLoop) -> asyncio.AbstractEventLoop:
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(where(), other))

    with hub_run() as run:
        other = run.new_loop()
        other.set_task_factory(asyncio.eager_task_factory)
        assert run.run(make(other)) == [other]


def test_tests_and_fixtures_live_on_loops_with_eager_tasks(tmp_path):
    report = run_project(
        tmp_path,
        {
            "test_eager.py": """
                import asyncio

                from rustest import fixture, mark

                pytestmark = mark.asyncio(loop_scope="module")

                @fixture(scope="module")
                async def eager():
                    loop = asyncio.get_running_loop()
                    loop.set_task_factory(asyncio.eager_task_factory)
                    async with asyncio.TaskGroup() as group:
                        group.create_task(asyncio.sleep(0.005))
                        yield loop
                    assert loop.get_task_factory() is asyncio.eager_task_factory

                @fixture
                async def own(eager):
                    await asyncio.sleep(0)
                    yield
                    await asyncio.sleep(0)

                async def is_eager():
                    started = []
                    async def start():
                        started.append(1)
                    task = asyncio.create_task(start())
                    return bool(started), await task

                async def test_1(own, eager):
                    assert (await is_eager())[0]
                    await asyncio.sleep(0.01)

                async def test_2(own, eager):
                    assert asyncio.current_task() in asyncio.all_tasks()
                    assert (await is_eager())[0]

                async def test_leaves_a_task(own, eager):
                    asyncio.create_task(asyncio.sleep(100))
            """,
            "test_private.py": """
                import asyncio

                ended = []

                async def test_private():
                    loop = asyncio.get_running_loop()
                    loop.set_task_factory(asyncio.eager_task_factory)

                    async def background():
                        try:
                            await asyncio.sleep(100)
                        finally:
                            await asyncio.sleep(0.001)
                            ended.append(1)

                    loop.background = asyncio.create_task(background())
                    await asyncio.sleep(0.001)

                async def test_plain():
                    assert asyncio.get_running_loop().get_task_factory() is None

                def test_afterwards():
                    assert ended == [1]
            """,
        },
    )
    assert troubles(report) == {}
