"""Fixtures that only the run comes up with: `request.getfixturevalue` and its async twin."""

import pytest

from rustest.testing import run_project


def record(folder, source, **settings):
    """Run the source, whose tests note things in a list of a plain module, and return the report and the list."""
    files = {"happened.py": "log = []\nnote = log.append\n", "test_it.py": source, "conftest.py": CONFTEST}
    report = run_project(folder, files, **settings)
    return {node_id.partition("::")[2]: one.outcome for node_id, one in report.finished.items()}, LOGS.pop()


LOGS = []
CONFTEST = """
    import happened
    from rustest import fixture

    @fixture(scope="session", autouse=True)
    def keep_log():
        from test_fixtures_asked_for import LOGS
        LOGS.append(happened.log)
"""


def verdicts(outcomes):
    return {name: outcome.verdict.value for name, outcome in outcomes.items()}


def test_a_sync_fixture_is_set_up_when_it_is_asked_for_and_torn_down_with_the_test(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture
        def inner(): yield 1; note("inner down")

        @fixture
        def outer(inner): yield inner + 1; note("outer down")

        def test_it(request):
            note("begins")
            assert request.getfixturevalue("outer") == 2
            assert request.getfixturevalue("inner") == 1
            note("ends")
        """,
    )
    assert verdicts(outcomes) == {"test_it": "passed"}
    assert log == ["begins", "ends", "outer down", "inner down"]


@pytest.mark.parametrize("settings", [{}, {"timeout": 60}])
def test_a_fixture_that_is_asked_for_before_its_turn_is_set_up_once(tmp_path, settings):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture(autouse=True)
        def first(request): request.getfixturevalue("server").append("changed")

        @fixture
        def server(): note("up"); yield []; note("down")

        def test_sync(server): assert server == ["changed"]

        async def test_async(server): assert server == ["changed"]
        """,
        **settings,
    )
    assert verdicts(outcomes) == {"test_sync": "passed", "test_async": "passed"}
    assert log == ["up", "down"] * 2


def test_an_async_fixture_is_awaited_and_a_sync_one_may_be_asked_for_in_the_middle_of_a_step(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture
        def runs_a_loop(): return asyncio.run(asyncio.sleep(0, "ran"))

        @fixture
        async def server():
            await asyncio.sleep(0)
            yield asyncio.current_task()
            note("server down")

        async def test_it(request):
            assert await request.agetfixturevalue("server") is asyncio.current_task()
            assert request.getfixturevalue("server") is asyncio.current_task()
            assert request.getfixturevalue("runs_a_loop") == "ran"
            await asyncio.sleep(0)
        """,
    )
    assert verdicts(outcomes) == {"test_it": "passed"}
    assert log == ["server down"]


def test_what_cannot_be_had_says_why(tmp_path):
    outcomes, _ = record(
        tmp_path,
        """
        from rustest import fixture

        @fixture
        async def server(): return 1

        def test_async(request): request.getfixturevalue("server")
        def test_unknown(request): request.getfixturevalue("sever")
        """,
    )
    said = {name: outcome.failures[0].headline for name, outcome in outcomes.items()}
    assert "fixture 'server' is async: write `await request.agetfixturevalue('server')`" in said["test_async"]
    assert said["test_unknown"].startswith("FixtureLookupError") and "did you mean" in said["test_unknown"]


def test_an_async_one_of_a_wider_scope_asks_for_a_loop_as_wide(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture(scope="session")
        async def server(): yield asyncio.get_running_loop(); note("down")

        async def test_on_its_own_loop(request): await request.agetfixturevalue("server")

        @mark.asyncio(loop_scope="session")
        async def test_on_the_loop_of_the_session(request):
            assert await request.agetfixturevalue("server") is asyncio.get_running_loop()
        """,
    )
    assert verdicts(outcomes) == {"test_on_its_own_loop": "failed", "test_on_the_loop_of_the_session": "passed"}
    assert 'mark.asyncio(loop_scope="session")' in outcomes["test_on_its_own_loop"].failures[0].message
    assert log == ["down"]


def test_an_async_one_that_nobody_planned_is_torn_down_before_its_loop_is_closed_though_its_scope_goes_on(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture(scope="session")
        async def server():
            loop = asyncio.get_running_loop()
            yield
            await asyncio.sleep(0)
            note("down on its loop" if asyncio.get_running_loop() is loop else "down elsewhere")

        @fixture(scope="session")
        async def client(request):
            await request.agetfixturevalue("server")
            yield
            note("client down")

        @mark.asyncio(loop_scope="session")
        async def test_that_asks(request):
            await request.agetfixturevalue("server")
            await request.agetfixturevalue("client")

        async def test_that_takes_longer():
            await asyncio.sleep(0.05)
            note("longer")
        """,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == ["client down", "down on its loop", "longer"]


ON_TWO_LOOPS = """
    import asyncio
    from happened import log, note
    from rustest import fixture, mark

    async def wait_for(event):
        while event not in log: await asyncio.sleep(0.001)

    @fixture(scope="module")
    async def server():
        note("up")
        yield
        await asyncio.sleep(0)
        note("down")
"""


def test_an_async_one_is_not_had_on_another_loop_than_that_for_which_others_planned_it(tmp_path):
    outcomes, log = record(
        tmp_path,
        f"""{ON_TWO_LOOPS}
    async def test_planned(server): pass

    @mark.asyncio(loop_scope="session")
    async def test_asks(request): await request.agetfixturevalue("server")
        """,
    )
    assert verdicts(outcomes) == {"test_planned": "passed", "test_asks": "failed"}
    assert 'mark.asyncio(loop_scope="module")' in outcomes["test_asks"].failures[0].message
    assert log == ["up", "down"]


def test_an_async_one_is_not_had_on_another_loop_than_that_of_who_asked_first(tmp_path):
    outcomes, log = record(
        tmp_path,
        f"""{ON_TWO_LOOPS}
    @mark.asyncio(loop_scope="module")
    async def test_asks_first(request):
        await request.agetfixturevalue("server")
        await wait_for("asked")

    @mark.asyncio(loop_scope="session")
    async def test_asks_then(request):
        await wait_for("up")
        note("asked")
        await request.agetfixturevalue("server")
        """,
    )
    (failure,) = outcomes["test_asks_then"].interference.failures
    assert 'mark.asyncio(loop_scope="module")' in failure.message
    assert verdicts(outcomes) == {"test_asks_first": "passed", "test_asks_then": "passed"}
    assert log == ["up", "asked", "down", "asked", "up", "down"]


@pytest.mark.parametrize("ask", ["client", "request"], ids=["planned", "asked for, too"])
def test_one_that_a_fixture_of_a_wider_scope_asks_for_is_torn_down_after_it(tmp_path, ask):
    outcomes, log = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        def server(): yield; note("server down")

        @fixture(scope="session")
        def client(request): request.getfixturevalue("server"); yield; note("client down")

        def test_it({ask}):
            {'request.getfixturevalue("client")' if ask == "request" else "pass"}
        """,
    )
    assert verdicts(outcomes) == {"test_it": "passed"}
    assert log == ["client down", "server down"]


def test_one_of_a_wider_scope_that_nobody_planned_lives_until_the_last_test_of_its_scope(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture(scope="module")
        def db(): note("up"); yield; note("down")

        def test_a(request): request.getfixturevalue("db")
        def test_b(request): note("b")
        def test_c(request): request.getfixturevalue("db"); note("c")
        """,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == ["up", "b", "c", "down"]


def test_one_that_uses_a_parametrized_fixture_ends_before_it(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture(scope="session", params=["pg", "my"])
        def db(request): note(f"{request.param} up"); yield request.param; note(f"{request.param} down")

        @fixture(scope="session")
        def pool(db): note(f"pool {db} up"); yield db; note(f"pool {db} down")

        def test_it(db, request): assert request.getfixturevalue("pool") == db
        """,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == [
        *("pg up", "pool pg up", "pool pg down", "pg down"),
        *("my up", "pool my up", "pool my down", "my down"),
    ]


def test_finalizers_run_latest_first_and_a_failing_one_is_an_error(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture
        def fin(request):
            request.addfinalizer(lambda: note("first"))
            request.addfinalizer(lambda: 1 / 0)
            request.addfinalizer(lambda: note("last"))

        async def test_it(fin, request): request.addfinalizer(lambda: note("test's own"))
        """,
    )
    assert verdicts(outcomes) == {"test_it": "error"}
    assert outcomes["test_it"].failures[0].headline.startswith("ZeroDivisionError")
    assert log == ["test's own", "last", "first"]


def test_the_request_knows_the_test_and_marks_may_be_added(tmp_path):
    outcomes, _ = record(
        tmp_path,
        """
        import sys
        from pathlib import Path
        from rustest import fixture, mark

        @fixture(scope="class")
        def wide(request):
            assert (request.scope, request.fixturename, request.instance) == ("class", "wide", None)
            assert request.cls is TestIt

        @mark.slow("very")
        class TestIt:
            def test_it(self, request, wide):
                assert request.node.name == "test_it" and request.node.nodeid == "test_it.py::TestIt::test_it"
                assert request.node.get_closest_marker("slow").args == ("very",)
                assert request.node.path == request.path == Path(__file__)
                assert request.module is sys.modules[__name__] and request.instance is self
                assert request.fixturenames[-1] == "request" and "wide" in request.fixturenames
                assert request.config.getoption("--concurrency") == 100
                assert "slow" in request.node.keywords
                request.node.stash["key"] = 1

        def test_is_expected_to_fail(request):
            request.applymarker(mark.xfail(reason="not yet", raises=ZeroDivisionError))
            1 / 0
        """,
    )
    assert verdicts(outcomes) == {"TestIt::test_it": "passed", "test_is_expected_to_fail": "xfailed"}


def test_an_async_fixture_may_be_asked_for_by_a_sync_one_whose_param_is_its_name(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture, mark

        @fixture
        async def server(): note("up"); yield asyncio.get_running_loop(); note("down")
        @fixture
        def over(server): return server
        @fixture
        def none(): return None
        @fixture(params=["server", "over", "none"])
        def one(request): return request.getfixturevalue(request.param)
        @fixture
        def other(request):
            name = request.param
            yield request.getfixturevalue(name)
            note("other down")

        async def test_own(one): assert one in (None, asyncio.get_running_loop())
        def test_sync(one): note("sync")
        @mark.parametrize("other", ["server"], indirect=True)
        async def test_indirect(other): assert other is asyncio.get_running_loop()
        """,
        concurrency=1,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == ["up", "down"] * 2 + ["up", "sync", "down"] * 2 + ["sync", "up", "other down", "down"]


def test_a_param_that_is_no_name_of_a_fixture_or_is_not_looked_up_plans_nothing(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        from happened import note
        from rustest import fixture

        @fixture
        async def server(): note("up"); yield
        @fixture(params=["server", "nowhere"])
        def one(request): return request.param
        @fixture(params=["nowhere", 3])
        def other(request): return request.getfixturevalue("one" if request.param else "two")

        def test_it(one): pass
        def test_other(other, one): pass
        """,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == []


def test_such_a_fixture_of_a_wider_scope_is_set_up_once_for_all_that_ask(tmp_path):
    outcomes, log = record(
        tmp_path,
        """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="module")
        async def server(): note("up"); yield asyncio.get_running_loop(); note("down")
        @fixture(scope="module", params=["server"])
        def one(request): yield request.getfixturevalue(request.param); note("one down")

        async def test_first(one): assert one is asyncio.get_running_loop()
        async def test_second(one, server): assert one is server
        """,
    )
    assert set(verdicts(outcomes).values()) == {"passed"}
    assert log == ["up", "one down", "down"]
