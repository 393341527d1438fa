"""Fixtures of wider scopes: set up once for all their users, torn down after the last of them."""

import pytest
from project_runs import record

from rustest.model.failure import Phase

SCOPES = ("class", "module", "package", "session")
KINDS = ("def", "async def")

USERS = """
    import asyncio
    import random
    from happened import note
    from rustest import parametrize

    class TestUsers:
        @parametrize("number", range(10))
        async def test_async(self, number, shared):
            note(("begin", shared))
            await asyncio.sleep(random.random() / 50)
            note(("end", shared))

        @parametrize("number", range(3))
        def test_sync(self, number, shared):
            note(("begin", shared))
            note(("end", shared))

    async def test_without(): await asyncio.sleep(0)
"""


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("concurrency", [1, 100])
@pytest.mark.parametrize("scope", SCOPES)
def test_each_instance_lives_once_around_all_its_users(tmp_path, scope, concurrency, kind):
    conftest = f"""
        from happened import note
        from rustest import fixture

        born = iter(range(1000))

        @fixture(scope="{scope}")
        {kind} shared():
            number = next(born)
            note(("up", number))
            yield number
            note(("down", number))
    """
    files = {"conftest.py": conftest, "a/test_one.py": USERS, "a/test_two.py": USERS, "b/test_three.py": USERS}
    happened = record(tmp_path, files, concurrency=concurrency)
    assert set(happened.verdicts().values()) == {"passed"}
    numbers = sorted({number for _, number in happened.log})
    assert len(numbers) == {"class": 3, "module": 3, "package": 1, "session": 1}[scope]
    for number in numbers:
        life = [what for what, whose in happened.log if whose == number]
        assert (life[0], life[-1], len(life)) == ("up", "down", 2 + 26 * 3 // len(numbers))
        assert life.count("up") == life.count("down") == 1
    if scope != "session":
        assert alive_at_once(happened.log) == 1


def alive_at_once(log: list) -> int:
    alive, most = 0, 0
    for what, _ in log:
        alive += {"up": 1, "down": -1}.get(what, 0)
        most = max(most, alive)
    return most


@pytest.mark.parametrize("kind", KINDS)
def test_wider_scopes_are_set_up_first_and_outlive_narrower_ones(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        def make(scope):
            @fixture(scope=scope, name=f"of_{{scope}}")
            {kind} it():
                note(f"{{scope}} up")
                yield
                note(f"{{scope}} down")
            return it

        fixtures = [make(scope) for scope in ("function", "class", "module", "package", "session")]
        f, c, m, p, s = fixtures

        class TestIt:
            {kind} test_it(self, of_function, of_class, of_module, of_package, of_session): note("body")
        """,
    )
    ups = [f"{scope} up" for scope in ("session", "package", "module", "class", "function")]
    assert happened.log == [*ups, "body", *(one.replace("up", "down") for one in reversed(ups))]


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_set_up_is_not_repeated_and_each_user_is_shown_its_frames(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture, parametrize

        def connect():
            raise ConnectionError("refused")

        @fixture(scope="session")
        {kind} server():
            note("set up")
            connect()

        @parametrize("number", range(30))
        async def test_async(number, server): note("body")

        def test_sync(server): note("body")
        """,
    )
    assert happened.log == ["set up"]
    outcomes = [one.outcome for one in happened.report.finished.values()]
    assert len(outcomes) == 31
    for outcome in outcomes:
        (failure,) = outcome.failures
        assert (failure.phase, failure.subject, failure.headline) == (
            Phase.SETUP,
            "server",
            "ConnectionError: refused",
        )
        assert [frame.function for frame in failure.frames] == ["server", "connect"]


@pytest.mark.parametrize("kind", KINDS)
def test_skipping_in_a_shared_fixture_skips_all_its_users(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from rustest import fixture, skip

        @fixture(scope="module")
        {kind} server(): skip("no server here")

        async def test_async(server): pass

        def test_sync(server): pass
        """,
    )
    assert happened.verdicts() == {"test_async": "skipped", "test_sync": "skipped"}
    assert happened.outcome("test_sync").reason == "no server here"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_teardown_that_fails_is_an_error_of_the_last_user(tmp_path, scope, kind):
    happened = record(
        tmp_path,
        f"""
        import asyncio
        from rustest import fixture, mark

        @fixture(scope="{scope}")
        {kind} server():
            yield
            raise OSError("cannot close")

        class TestIt:
            async def test_early(self, server): pass

            async def test_late(self, server): await asyncio.sleep(0.02)

        @mark.xfail
        async def test_other(): assert False
        """,
    )
    expected = {"TestIt::test_early": "passed", "TestIt::test_late": "error", "test_other": "xfailed"}
    assert happened.verdicts() == expected
    failure = happened.failure("test_late")
    assert (failure.phase, failure.subject, failure.headline) == (Phase.TEARDOWN, "server", "OSError: cannot close")
    assert happened.report.status == 1


def test_a_failing_last_user_keeps_its_verdict_and_shows_the_teardown_too(tmp_path):
    happened = record(
        tmp_path,
        """
        from rustest import fixture

        @fixture(scope="module")
        def first():
            yield
            raise ValueError("first")

        @fixture(scope="module")
        async def second(first):
            yield
            raise ValueError("second")

        async def test_it(second): assert False
        """,
    )
    assert happened.verdicts() == {"test_it": "failed"}
    assert [one.message for one in happened.outcome("test_it").failures] == ["assert False", "second", "first"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_fixture_uses_outlives_its_teardown(tmp_path, kind):
    """Though the user of both ends before the one who uses only the inner one, while the outer is torn down."""
    happened = record(
        tmp_path,
        f"""
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        {kind} database():
            yield
            note("database down")

        @fixture(scope="session")
        async def server(database):
            yield
            note("server goes down")
            await asyncio.sleep(0.1)
            note("server down")

        async def test_server(server): pass

        async def test_database(database): await asyncio.sleep(0.05)
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.log == ["server goes down", "server down", "database down"]


def test_shared_fixtures_that_do_not_know_each_other_go_in_reverse_of_their_coming(tmp_path):
    happened = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        def a():
            yield
            note("a down")

        @fixture(scope="session")
        def b():
            yield
            note("b down")

        def test_first(a): pass

        def test_second(b, a): pass
        """,
    )
    assert happened.log == ["b down", "a down"]


def test_the_module_fixtures_of_two_modules_are_never_alive_at_once(tmp_path):
    module = """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture(scope="module")
        def sync_one():
            note(("up", "sync"))
            yield
            note(("down", "sync"))

        async def test_async(sync_one): await asyncio.sleep(0.01)

        def test_sync(sync_one): pass

        @mark.serial
        async def test_alone(sync_one): pass

        async def test_other_async(sync_one): await asyncio.sleep(0.01)
    """
    happened = record(tmp_path, {f"{folder}/test_{folder}.py": module for folder in "abc"})
    assert set(happened.verdicts().values()) == {"passed"}
    assert [what for what, _ in happened.log] == ["up", "down"] * 3


@pytest.mark.parametrize("concurrency", [1, 100])
def test_with_maxfail_shared_fixtures_are_torn_down_and_their_errors_are_problems(tmp_path, concurrency):
    happened = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        def first():
            yield
            note("first down")
            raise OSError("first")

        @fixture(scope="session")
        async def second(first):
            yield
            note("second down")
            raise OSError("second")

        async def test_a(second): assert False

        async def test_b(second): await asyncio.sleep(1)

        def test_c(second): pass
        """,
        maxfail=1,
        concurrency=concurrency,
    )
    assert happened.verdicts() == {"test_a": "failed", "test_b": "not run", "test_c": "not run"}
    assert happened.log == ["second down", "first down"]
    assert [one.failure.message for one in happened.report.problems] == ["second", "first"]
