"""Set-up and teardown of fixtures: the order, what is undone when something fails, and what is said of it."""

import pytest
from project_runs import record

from rustest.model.failure import Phase
from rustest.model.outcome import Verdict

KINDS = ("def", "async def")


@pytest.mark.parametrize("test", KINDS)
@pytest.mark.parametrize("inner", KINDS)
@pytest.mark.parametrize("outer", KINDS)
def test_fixtures_are_torn_down_in_reverse_whatever_their_kinds(tmp_path, outer, inner, test):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        @fixture
        {outer} outer():
            note("outer up")
            yield 1
            note("outer down")

        @fixture
        def middle(outer):
            note("middle up")
            yield outer + 1
            note("middle down")

        @fixture
        {inner} inner(middle):
            note("inner up")
            yield middle + 1
            note("inner down")

        {test} test_it(inner):
            note(inner)
        """,
    )
    assert happened.verdicts() == {"test_it": "passed"}
    assert happened.log == ["outer up", "middle up", "inner up", 3, "inner down", "middle down", "outer down"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", ["function", "module"])
def test_a_set_up_that_fails_half_way_is_undone_and_the_body_is_not_called(tmp_path, kind, scope):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        {kind} first():
            yield
            note("first down")

        @fixture(scope="{scope}")
        def second(first):
            yield
            note("second down")

        @fixture
        {kind} third(second):
            try:
                raise OSError("no disk")
                yield
            finally:
                note("third cleans up")

        {kind} test_it(third):
            note("body")
        """,
    )
    assert happened.log == ["third cleans up", "second down", "first down"]
    failure = happened.failure("test_it")
    assert happened.verdicts() == {"test_it": "error"}
    assert (failure.phase, failure.subject, failure.headline) == (Phase.SETUP, "third", "OSError: no disk")
    assert [frame.function for frame in failure.frames] == ["third"]


@pytest.mark.parametrize("kind", KINDS)
def test_all_teardowns_run_and_all_their_errors_are_shown(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from rustest import fixture

        @fixture
        {kind} first():
            yield
            raise ValueError("first")

        @fixture
        def second(first):
            yield
            raise ValueError("second")

        {kind} test_passes(second): pass

        {kind} test_fails(second): assert False
        """,
    )
    assert happened.verdicts() == {"test_passes": "error", "test_fails": "failed"}
    shown = [(one.phase, one.subject, one.message) for one in happened.outcome("test_fails").failures]
    assert shown == [
        (Phase.CALL, None, "assert False"),
        (Phase.TEARDOWN, "second", "second"),
        (Phase.TEARDOWN, "first", "first"),
    ]
    assert [one.subject for one in happened.outcome("test_passes").failures] == ["second", "first"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scope", ["function", "session"])
def test_a_fixture_that_yields_twice_or_not_at_all_is_an_error_that_says_so(tmp_path, kind, scope):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        {kind} twice():
            yield 1
            try:
                yield 2
            finally:
                note("closed")

        @fixture(scope="{scope}")
        {kind} never():
            if False:
                yield

        {kind} test_twice(twice): pass

        {kind} test_never(never): pass
        """,
    )
    assert happened.verdicts() == {"test_twice": "error", "test_never": "error"}
    assert happened.failure("test_twice").headline.startswith("fixture 'twice' yields twice (test_it.py:5): it must")
    assert happened.failure("test_never").headline.startswith("fixture 'never' ended without a yield (test_it.py:")
    assert happened.log == ["closed"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "raised",
    [
        "SystemExit(3)",
        "KeyboardInterrupt()",
        "GeneratorExit()",
        "StopIteration(1)",
        "StopAsyncIteration(1)",
        "asyncio.CancelledError()",
        "BaseExceptionGroup('g', [SystemExit(1)])",
    ],
)
@pytest.mark.parametrize("scope", ["function", "session"])
def test_exceptions_that_python_treats_apart_are_errors_of_their_test_alone(tmp_path, kind, raised, scope):
    happened = record(
        tmp_path,
        f"""
        import asyncio
        from rustest import fixture

        @fixture(scope="{scope}")
        {kind} at_set_up(): raise {raised}

        @fixture(scope="{scope}")
        {kind} at_teardown():
            yield
            raise {raised}

        {kind} test_set_up(at_set_up): pass

        {kind} test_teardown(at_teardown): pass

        {kind} test_neighbour(): pass

        {kind} test_body(): raise {raised}
        """,
    )
    assert happened.verdicts() == {
        "test_set_up": "error",
        "test_teardown": "error",
        "test_neighbour": "passed",
        "test_body": "failed",
    }
    for test in ("test_set_up", "test_teardown", "test_body"):
        assert len(happened.outcome(test).failures) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_skipping_in_a_fixture_skips_the_test_and_undoes_what_was_set_up(tmp_path, kind):
    happened = record(
        tmp_path,
        f"""
        from happened import note
        from rustest import fixture, skip, xfail

        @fixture
        {kind} ready():
            yield
            note("down")

        @fixture
        {kind} server(ready): skip("no server")

        @fixture
        {kind} broken(ready): xfail("known")

        {kind} test_skipped(server): note("body")

        {kind} test_xfailed(broken): note("body")
        """,
    )
    assert happened.outcome("test_skipped")[:2] == (Verdict.SKIPPED, "no server")
    assert happened.outcome("test_xfailed")[:2] == (Verdict.XFAILED, "known")
    assert happened.log == ["down", "down"]


def test_sync_fixtures_and_tests_see_no_running_loop_and_may_run_one(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        async def answer():
            await asyncio.sleep(0)
            return 42

        @fixture
        async def first(): yield asyncio.get_running_loop()

        @fixture
        def second(first):
            assert asyncio.run(answer()) == 42
            yield first
            assert asyncio.run(answer()) == 42

        @fixture
        async def third(second):
            assert asyncio.get_running_loop() is second
            yield
            assert asyncio.get_running_loop() is second

        @fixture(scope="module")
        async def wide(): yield

        @fixture(scope="module")
        def inside(wide):
            assert asyncio.run(answer()) == 42
            yield
            assert asyncio.run(answer()) == 42

        async def test_async(third): pass

        def test_sync(third): assert asyncio.run(answer()) == 42

        async def test_wide(inside): pass

        def test_sync_wide(inside): assert asyncio.run(answer()) == 42
        """,
    )
    assert set(happened.verdicts().values()) == {"passed"}


def test_a_sync_fixture_finds_the_loop_of_its_async_test(tmp_path):
    happened = record(
        tmp_path,
        """
        import asyncio
        from rustest import fixture

        @fixture
        def loop():
            yield asyncio.get_event_loop()
            assert asyncio.get_event_loop().is_closed() is False

        @fixture
        async def late(): pass

        @fixture
        def after_late(late): return asyncio.get_event_loop()

        async def test_it(loop, after_late):
            assert asyncio.get_running_loop() is loop is after_late
        """,
    )
    assert happened.verdicts() == {"test_it": "passed"}
