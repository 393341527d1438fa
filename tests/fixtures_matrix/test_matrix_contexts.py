"""Context variables: from a fixture to its tests, never from test to test, whatever is sync or async."""

import pytest
from project_runs import record


@pytest.mark.parametrize("test", ["def", "async def"])
@pytest.mark.parametrize("kind", ["def return", "def yield", "async def return", "async def yield"])
@pytest.mark.parametrize("scope", ["function", "class", "module", "package", "session"])
@pytest.mark.parametrize("concurrency", [1, 100])
def test_what_a_fixture_sets_its_users_see_and_nobody_else_and_what_a_test_sets_nobody_sees(
    tmp_path, scope, kind, test, concurrency
):
    define, _, give = kind.rpartition(" ")
    pause = "await asyncio.sleep(0.001)" if test == "async def" else "pass"
    tests = f"""
        import asyncio
        import contextvars
        from rustest import fixture, parametrize

        set_by_fixture = contextvars.ContextVar("set_by_fixture", default="nobody")
        set_by_next = contextvars.ContextVar("set_by_next", default="nobody")
        set_by_test = contextvars.ContextVar("set_by_test", default="nobody")

        @fixture(scope="{scope}")
        {define} user():
            assert set_by_test.get() == "nobody"
            set_by_fixture.set("fixture")
            {give} 1

        @fixture
        {define} next(user):
            assert set_by_fixture.get() == "fixture"
            set_by_next.set("next")
            {give} 1

        class TestIt:
            @parametrize("number", range(3))
            {test} test_users(self, number, next):
                assert (set_by_fixture.get(), set_by_next.get(), set_by_test.get()) == ("fixture", "next", "nobody")
                set_by_test.set(number)
                set_by_fixture.set(number)
                {pause}
                assert (set_by_fixture.get(), set_by_next.get(), set_by_test.get()) == (number, "next", number)

            {test} test_user_of_one(self, user):
                {pause}
                assert (set_by_fixture.get(), set_by_next.get(), set_by_test.get()) == ("fixture", "nobody", "nobody")

            @parametrize("number", range(3))
            {test} test_others(self, number):
                {pause}
                assert (set_by_fixture.get(), set_by_next.get(), set_by_test.get()) == ("nobody",) * 3
                set_by_test.set(number)
    """
    happened = record(tmp_path, tests, concurrency=concurrency)
    assert len(happened.verdicts()) == 7
    assert set(happened.verdicts().values()) == {"passed"}


@pytest.mark.parametrize("kind", ["def", "async def"])
def test_a_session_fixtures_variables_reach_its_users_of_all_files_and_their_tasks_and_threads(tmp_path, kind):
    shared = f"""
        import contextvars
        from rustest import fixture

        tenant = contextvars.ContextVar("tenant", default="nobody")

        @fixture(scope="session")
        {kind} logged_in():
            token = tenant.set("ann")
            yield tenant
            assert tenant.get() == "ann"
            tenant.reset(token)

        @fixture(scope="session", name="tenant")
        def tenant_fixture(): return tenant
    """
    tests = """
        import asyncio
        from rustest import parametrize

        @parametrize("number", range(5))
        async def test_user(number, logged_in):
            async def look(): return logged_in.get()

            seen = await asyncio.gather(look(), asyncio.create_task(look()), asyncio.to_thread(logged_in.get))
            assert seen == ["ann"] * 3
            logged_in.set(number)
            await asyncio.sleep(0.002)
            assert await asyncio.create_task(look()) == number

        def test_sync_user(logged_in):
            assert logged_in.get() == "ann"
            logged_in.set("ben")

        async def test_other(tenant): assert tenant.get() == "nobody"

        def test_sync_other(tenant): assert tenant.get() == "nobody"
    """
    files = {f"test_{name}.py": tests for name in ("one", "two", "three")}
    happened = record(tmp_path, {"conftest.py": shared, **files})
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.report.total == 24
    assert happened.report.problems == ()
