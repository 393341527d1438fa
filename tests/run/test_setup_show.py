"""What `--setup-show` tells of fixtures: each set-up and teardown, in the order in which they happen."""

import pytest
from project_runs import record

from rustest.model.events import FixtureSetUp, FixtureTornDown
from rustest.model.scope import SESSION, Scope, ScopeInstance

NESTED = """
    from rustest import fixture

    @fixture(scope="session")
    {a}def wide():
        yield 1

    @fixture(scope="module", params=["x", "y"])
    {a}def middle(wide, request):
        return request.param

    @fixture
    {a}def narrow(middle):
        yield 3

    {a}def test_it(narrow): pass
"""


def told(recording) -> list[str]:
    """The events of fixtures, one word each: `+name` and `-name`, with `!` behind what failed."""
    signs = {FixtureSetUp: "+", FixtureTornDown: "-"}
    return [
        f"{signs[type(event)]}{event.fixture}{f'[{event.param}]' if event.param else ''}{'!' * event.failed}"
        for event in recording.events
        if isinstance(event, FixtureSetUp | FixtureTornDown)
    ]


@pytest.mark.parametrize("a", ["", "async "], ids=["sync", "async"])
def test_set_ups_are_told_from_the_widest_scope_down_and_teardowns_in_reverse(tmp_path, a):
    recording = record(tmp_path, NESTED.replace("{a}", a), setup_show=True)
    assert recording.report.status == 0
    assert told(recording) == [
        "+wide",
        *("+middle[x]", "+narrow", "-narrow", "-middle[x]"),
        *("+middle[y]", "+narrow", "-narrow", "-middle[y]"),
        "-wide",
    ]


def test_an_event_names_the_extent_for_which_the_fixture_lives(tmp_path):
    recording = record(tmp_path, NESTED.replace("{a}", "async "), setup_show=True)
    extents = {event.fixture: event.instance for event in recording.events if isinstance(event, FixtureSetUp)}
    assert extents == {
        "wide": SESSION,
        "middle": ScopeInstance(Scope.MODULE, "test_it.py"),
        "narrow": ScopeInstance(Scope.FUNCTION, "test_it.py::test_it[y]"),
    }


def test_nothing_is_told_unless_it_is_asked_for(tmp_path):
    assert told(record(tmp_path, NESTED.replace("{a}", "async "))) == []


FAILING = """
    from rustest import fixture

    @fixture(scope="{scope}")
    {a}def first():
        yield 1
        raise OSError("in teardown")

    @fixture(scope="{scope}")
    {a}def second(first, request):
        request.addfinalizer(lambda: None)
        raise ValueError("in set-up")

    {a}def test_it(second): pass
"""


@pytest.mark.parametrize("scope", ["function", "module"])
@pytest.mark.parametrize("a", ["", "async "], ids=["sync", "async"])
def test_what_fails_is_told_as_failed_and_what_was_never_up_is_not_torn_down(tmp_path, a, scope):
    recording = record(tmp_path, FAILING.replace("{a}", a).replace("{scope}", scope), setup_show=True)
    assert told(recording) == ["+first", "+second!", "-first!"]
    assert [failure.message for failure in recording.outcome("test_it").failures] == ["in set-up", "in teardown"]


def test_of_two_fixtures_of_one_name_only_that_failed_whose_teardown_did(tmp_path):
    files = {
        "conftest.py": """
            from rustest import fixture

            @fixture
            def db():
                yield 1
        """,
        "test_it.py": """
            from rustest import fixture

            @fixture
            def db(db):
                yield 2
                raise OSError

            def test_it(db): pass
        """,
    }
    assert told(record(tmp_path, files, setup_show=True)) == ["+db", "+db", "-db!", "-db"]


def test_a_fixture_that_is_asked_for_in_a_set_up_is_told_first(tmp_path):
    source = """
        from rustest import fixture

        @fixture
        def late():
            yield 1

        @fixture
        def asking(request):
            yield request.getfixturevalue("late")

        def test_it(asking): pass
    """
    assert told(record(tmp_path, source, setup_show=True)) == ["+late", "+asking", "-asking", "-late"]


def test_overlapping_tests_tell_one_set_up_and_one_teardown_of_what_they_share(tmp_path):
    source = """
        import asyncio
        from rustest import fixture, mark

        @fixture(scope="session")
        async def shared():
            await asyncio.sleep(0.01)
            yield 1

        @fixture
        async def own(shared):
            await asyncio.sleep(0.01)
            yield 2

        @mark.parametrize("number", range(20))
        async def test_it(own, number): await asyncio.sleep(0.01)
    """
    recording = record(tmp_path, source, setup_show=True)
    events = told(recording)
    assert recording.most_at_once() == 20
    assert (events[0], events[-1]) == ("+shared", "-shared")
    assert sorted(events[1:-1]) == ["+own"] * 20 + ["-own"] * 20


@pytest.mark.parametrize("a", ["", "async "], ids=["sync", "async"])
def test_a_shared_fixture_calls_all_its_finalizers_and_tells_all_their_errors(tmp_path, a):
    source = """
        from happened import note
        from rustest import fixture

        def finalizer(name):
            def fail():
                note(name)
                raise OSError(name)
            return fail

        @fixture(scope="module")
        {a}def shared(request):
            for name in ("first", "second"):
                request.addfinalizer(finalizer(name))
            yield 1
            note("own")

        {a}def test_it(shared): pass
    """
    recording = record(tmp_path, source.replace("{a}", a), setup_show=True)
    assert recording.log == ["own", "second", "first"]
    assert [member.message for member in recording.failure("test_it").members] == ["second", "first"]
    assert told(recording) == ["+shared", "-shared!"]
