"""Function-scoped async fixtures: they share the task, the loop and the context of their test."""

import pytest
from project_runs import record

from rustest.model.failure import Phase


def test_fixtures_and_test_run_in_one_task(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture
        async def plain(): return asyncio.current_task()

        @fixture
        def between(plain): return plain

        @fixture
        async def yielding(between):
            yield asyncio.current_task()
            assert asyncio.current_task() is between

        async def test_it(yielding, plain): assert asyncio.current_task() is yielding is plain

        def test_sync(yielding, plain): assert yielding is plain
        """,
    )
    assert happened.verdicts() == {"test_it": "passed", "test_sync": "passed"}


def test_a_task_group_may_stay_open_across_the_yield(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        async def group():
            async with asyncio.TaskGroup() as group:
                yield group
            note("all done")

        async def test_children_are_awaited(group):
            group.create_task(asyncio.sleep(0.01)).add_done_callback(lambda _: note("child"))

        async def test_a_child_that_fails(group):
            async def fail(): raise ValueError("child")
            group.create_task(fail())
            await asyncio.sleep(10)

        async def test_a_child_that_fails_at_the_end(group):
            async def fail(): raise ValueError("child")
            group.create_task(fail())
        """,
        concurrency=1,
    )
    assert happened.log == ["child", "all done"]
    assert happened.verdicts() == {
        "test_children_are_awaited": "passed",
        "test_a_child_that_fails": "failed",
        "test_a_child_that_fails_at_the_end": "error",
    }
    group = happened.failure("test_a_child_that_fails")
    assert (group.phase, group.subject) == (Phase.TEARDOWN, "group")
    assert [member.headline for member in group.members] == ["ValueError: child"]


def test_a_timeout_may_stay_open_across_the_yield(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture
        async def patience():
            async with asyncio.timeout(0.05) as timeout:
                yield timeout

        async def test_in_time(patience): await asyncio.sleep(0)

        async def test_late(patience): await asyncio.sleep(10)

        async def test_neighbour(): await asyncio.sleep(0.1)
        """,
    )
    assert happened.verdicts() == {"test_in_time": "passed", "test_late": "failed", "test_neighbour": "passed"}


def test_what_a_fixture_leaves_running_is_ended_before_the_next_test(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        async def tick():
            try:
                await asyncio.sleep(10)
            finally:
                note("ticker ended")

        @fixture
        async def ticker():
            yield asyncio.create_task(tick())
            await asyncio.sleep(0)
            note("fixture down")

        async def test_it(ticker): await asyncio.sleep(0)

        async def test_next(): note("next")
        """,
        concurrency=1,
    )
    assert happened.log == ["fixture down", "ticker ended", "next"]


@pytest.mark.parametrize("scope", ["function", "module", "session"])
@pytest.mark.parametrize("kind", ["def", "async def"])
def test_context_variables_of_fixtures_are_seen_by_their_tests_and_by_nobody_else(tmp_path, kind, scope):
    happened = record(
        tmp_path,
        f"""
        import asyncio
        import contextvars
        from rustest import fixture, parametrize

        user = contextvars.ContextVar("user", default="nobody")
        role = contextvars.ContextVar("role", default="none")

        @fixture(scope="{scope}")
        {kind} logged_in():
            token = user.set("ann")
            yield
            assert user.get() == ("ben" if "{scope}" == "function" else "ann")
            user.reset(token)
            assert user.get() == "nobody"

        @fixture
        {kind} admin(logged_in):
            assert user.get() == "ann"
            token = role.set("admin")
            yield
            assert (user.get(), role.get()) == ("ben", "admin")
            role.reset(token)

        @parametrize("number", range(4))
        async def test_seen(number, logged_in, admin):
            assert (user.get(), role.get()) == ("ann", "admin")
            await asyncio.sleep(0.01)
            assert await asyncio.create_task(asyncio.to_thread(user.get)) == "ann"
            user.set("ben")

        def test_seen_by_a_sync_test(logged_in, admin):
            assert (user.get(), role.get()) == ("ann", "admin")
            user.set("ben")

        async def test_without_admin(logged_in):
            assert (user.get(), role.get()) == ("ann", "none")
            user.set("ben")

        @parametrize("number", range(4))
        async def test_not_seen(number):
            await asyncio.sleep(0.005)
            assert (user.get(), role.get()) == ("nobody", "none")

        def test_not_seen_by_a_sync_test(): assert (user.get(), role.get()) == ("nobody", "none")
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert len(happened.verdicts()) == 11


@pytest.mark.parametrize("scope", ["function", "session"])
def test_a_fixture_whose_set_up_hangs_is_timed_out_and_what_was_set_up_is_undone(tmp_path, scope):
    happened = record(
        tmp_path,
        f"""
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        async def first():
            yield
            note("first down")

        @fixture(scope="{scope}")
        async def hanging(first):
            try:
                await asyncio.Event().wait()
                yield
            finally:
                note("hanging cleans up")

        async def test_one(hanging): note("body")

        async def test_two(hanging): note("body")

        async def test_three(first): pass
        """,
        timeout=0.2,
    )
    assert happened.verdicts() == {"test_one": "error", "test_two": "error", "test_three": "passed"}
    failure = happened.failure("test_two")
    assert (failure.phase, failure.subject) == (Phase.SETUP, "hanging")
    assert failure.headline == "Fixture 'hanging' set-up timed out after 0.2 seconds"
    assert [frame.function for frame in failure.frames] == ["hanging"]
    lives = {"function": 2, "session": 1}[scope]
    assert happened.log.count("hanging cleans up") == lives
    assert happened.log.count("first down") == {"function": 3, "session": 1}[scope]


def test_a_fixture_whose_teardown_hangs_is_timed_out_and_the_next_ones_are_torn_down(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        async def first():
            yield
            note("first down")

        @fixture(scope="module")
        async def wide():
            yield
            await asyncio.Event().wait()

        @fixture
        async def hanging(first, wide):
            yield
            await asyncio.Event().wait()

        async def test_it(hanging): pass
        """,
        timeout=0.1,
    )
    assert happened.log == ["first down"]
    assert happened.verdicts() == {"test_it": "error"}
    assert [one.headline for one in happened.outcome("test_it").failures] == [
        "Fixture 'hanging' teardown timed out after 0.1 seconds",
        "Fixture 'wide' teardown timed out after 0.1 seconds",
    ]
