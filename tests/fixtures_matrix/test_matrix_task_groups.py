"""Task groups that stay open in a fixture while tests run, and whose children crash: asyncio's and anyio's."""

import pytest
from project_runs import record

from rustest.model.failure import Failure

ANYIO = "anyio.create_task_group()"
ASYNCIO = "asyncio.TaskGroup()"


def project(group: str, scope: str) -> str:
    """A fixture whose group runs what the test asks it to run."""
    start = "group.start_soon(child)" if group == ANYIO else "group.create_task(child())"
    return f"""
        import anyio
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        async def below():
            yield
            note("below down")

        @fixture(scope="{scope}")
        async def group():
            async with {group} as group:
                yield group
            note("group down")

        @fixture
        async def start(below, group):
            def start(child):
                {start}
            yield start
            note("start down")

        async def crash():
            raise ValueError("the child's own")

        async def crash_later():
            await asyncio.sleep(0.02)
            raise ValueError("the child's own")
    """


def names(failure: Failure) -> list[str]:
    """The failure's headline and those of its members, however deep."""
    return [failure.headline, *(name for member in failure.members for name in names(member))]


groups = pytest.mark.parametrize("group", [ASYNCIO, ANYIO])
scopes = pytest.mark.parametrize("scope", ["function", "class", "module", "package", "session"])


@groups
@scopes
@pytest.mark.parametrize("child", ["crash", "crash_later"])
def test_the_test_that_uses_it_fails_with_the_childs_exception(tmp_path, group, scope, child):
    tests = f"""
        async def test_crash(start):
            start({child})
            await asyncio.sleep(100)

        async def test_neighbour(below):
            await asyncio.sleep(0.05)
    """
    happened = record(tmp_path, project(group, scope) + tests)
    assert happened.verdicts() == {"test_crash": "failed", "test_neighbour": "passed"}
    failure = happened.failure("test_crash")
    assert failure.subject == "group"
    assert "ValueError: the child's own" in names(failure)
    assert not any("Cancelled" in name for name in names(failure))
    assert sorted(happened.log) == ["below down", "below down", "start down"]


@groups
def test_a_body_that_swallows_the_cancellation_does_not_hide_the_crash(tmp_path, group):
    tests = """
        async def test_crash(start):
            start(crash)
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                note("swallowed")
    """
    happened = record(tmp_path, project(group, "function") + tests)
    assert happened.verdicts() == {"test_crash": "error"}
    assert "ValueError: the child's own" in names(happened.failure("test_crash"))
    assert happened.log == ["swallowed", "start down", "below down"]


@groups
def test_a_body_that_raises_something_of_its_own_is_told_first(tmp_path, group):
    tests = """
        async def test_crash(start):
            start(crash)
            try:
                await asyncio.sleep(100)
            finally:
                raise KeyError("the body's own")
    """
    happened = record(tmp_path, project(group, "function") + tests)
    assert happened.verdicts() == {"test_crash": "failed"}
    body, group_failure = happened.outcome("test_crash").failures
    assert body.headline == 'KeyError: "the body\'s own"'
    assert "ValueError: the child's own" in names(group_failure)


@groups
def test_a_crash_during_the_set_up_of_another_fixture_is_told_as_the_childs(tmp_path, group):
    tests = """
        @fixture
        async def slow(start):
            start(crash)
            await asyncio.sleep(100)

        async def test_it(slow): note("body")
    """
    happened = record(tmp_path, project(group, "function") + tests)
    assert happened.verdicts() == {"test_it": "error"}
    assert "ValueError: the child's own" in names(happened.failure("test_it"))
    assert happened.log == ["start down", "below down"]


def test_a_body_that_is_cancelled_by_nobody_of_ours_fails_so(tmp_path):
    tests = """
        import asyncio

        async def test_cancels_itself():
            asyncio.current_task().cancel()
            await asyncio.sleep(1)
    """
    happened = record(tmp_path, tests)
    assert happened.verdicts() == {"test_cancels_itself": "failed"}
    assert happened.failure("test_cancels_itself").type == "asyncio.exceptions.CancelledError"


@scopes
def test_an_anyio_cancel_scope_and_a_timeout_may_stay_open_across_the_yield(tmp_path, scope):
    tests = f"""
        import anyio
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        async def bounded():
            with anyio.move_on_after(30) as cancel_scope:
                async with asyncio.timeout(30):
                    yield cancel_scope
            note("down")

        class TestIt:
            async def test_one(self, bounded): await anyio.sleep(0.01)

            async def test_two(self, bounded): assert not bounded.cancel_called
    """
    happened = record(tmp_path, tests)
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.log == ["down"] * (2 if scope == "function" else 1)


@scopes
def test_children_go_on_between_the_tests_and_are_waited_for_at_the_end(tmp_path, scope):
    tests = f"""
        import anyio
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        async def echo():
            async def run(*, task_status):
                send, receive = anyio.create_memory_object_stream(0)
                async with receive:
                    task_status.started(send)
                    async for question, answer in receive:
                        await answer.send("echo " + question)
                note("child ended")

            async with anyio.create_task_group() as group:
                send = await group.start(run)
                async with send:
                    yield send
            note("down")

        async def ask(send, question):
            answers, answer = anyio.create_memory_object_stream(1)
            async with answers, answer:
                await send.send((question, answers))
                assert await answer.receive() == "echo " + question

        class TestIt:
            async def test_one(self, echo): await ask(echo, "one")

            async def test_two(self, echo): await ask(echo, "two")
    """
    happened = record(tmp_path, tests, timeout=20)
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.log.count("child ended") == happened.log.count("down") == (2 if scope == "function" else 1)
