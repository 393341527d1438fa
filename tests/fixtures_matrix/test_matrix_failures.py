"""What goes wrong with fixtures: while collecting, while setting up and while tearing down."""

import re

import pytest
from project_runs import record

from rustest.model.failure import Phase
from rustest.model.outcome import Note
from rustest.model.report import ExitStatus

kinds = pytest.mark.parametrize("prefix", ["", "async "], ids=["sync", "async"])
scopes = pytest.mark.parametrize("scope", ["function", "class", "module", "package", "session"])


def test_two_sibling_folders_each_have_a_session_fixture_of_one_name_and_two_values(tmp_path):
    conftest = """
        import asyncio
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        async def db():
            await asyncio.sleep(0)
            note("{name} up")
            yield "{name}"
            note("{name} down")
    """
    tests = """
        from rustest import parametrize

        @parametrize("number", range(3))
        async def test_async(number, db): assert db == "{name}"

        def test_sync(db): assert db == "{name}"
    """
    files = {}
    for name in ("left", "right"):
        files[f"{name}/conftest.py"] = conftest.format(name=name)
        files[f"{name}/test_{name}_one.py"] = files[f"{name}/test_{name}_two.py"] = tests.format(name=name)
    happened = record(tmp_path, files)
    assert set(happened.verdicts().values()) == {"passed"}
    assert happened.report.total == 16
    assert sorted(happened.log) == ["left down", "left up", "right down", "right up"]


@kinds
@scopes
def test_where_the_second_set_up_raises_the_first_is_torn_down_and_the_body_is_not_called(tmp_path, prefix, scope):
    tests = f"""
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        {prefix}def first():
            note("first up")
            yield
            note("first down")

        @fixture(scope="{scope}")
        {prefix}def second(first):
            note("second up")
            raise ValueError("no second")
            yield

        async def test_it(second): note("body")
    """
    happened = record(tmp_path, tests)
    assert happened.log == ["first up", "second up", "first down"]
    assert happened.verdicts() == {"test_it": "error"}
    failure = happened.failure("test_it")
    assert (failure.headline, failure.phase, failure.subject) == ("ValueError: no second", Phase.SETUP, "second")
    assert happened.report.status is ExitStatus.FAILURES


@kinds
@scopes
def test_a_fixture_that_raises_after_its_yield_makes_the_run_red(tmp_path, prefix, scope):
    tests = f"""
        from happened import note
        from rustest import fixture

        @fixture(scope="{scope}")
        {prefix}def outer():
            yield
            note("outer down")

        @fixture(scope="{scope}")
        {prefix}def broken(outer):
            yield
            raise ValueError("not torn down")

        async def test_it(broken): note("body")
    """
    happened = record(tmp_path, tests)
    assert happened.log == ["body", "outer down"]
    assert happened.verdicts() == {"test_it": "error"}
    failure = happened.failure("test_it")
    assert (failure.headline, failure.phase, failure.subject) == ("ValueError: not torn down", Phase.TEARDOWN, "broken")
    assert happened.report.status is ExitStatus.FAILURES


def test_unknown_names_circles_and_narrow_scopes_are_told_once_each_with_chain_and_near_names_and_the_rest_runs(
    tmp_path,
):
    tests = """
        from happened import note
        from rustest import fixture

        @fixture(scope="session")
        async def database(): return 1

        @fixture
        def rows(databse): ...

        @fixture
        async def hen(egg): ...

        @fixture
        def egg(nest): ...

        @fixture
        async def nest(hen): ...

        @fixture
        def narrow(): ...

        @fixture(scope="module")
        async def wide(narrow): ...

        @fixture(scope="session")
        def widest(wide): ...

        def test_unknown(rows): ...

        async def test_circle(egg): ...

        def test_scope(wide): ...

        async def test_scope_of_scope(widest): ...

        async def test_good(database): note("good")

        def test_good_too(narrow): note("good")
    """
    happened = record(tmp_path, tests)
    bad = {"test_unknown", "test_circle", "test_scope", "test_scope_of_scope"}
    assert {name for name, verdict in happened.verdicts().items() if verdict == "error"} == bad
    assert happened.log == ["good", "good"]
    texts = {name: happened.failure(name).message for name in bad}
    assert {happened.failure(name).phase for name in bad} == {Phase.PLAN}
    for test, words in {
        "test_unknown": ["`rows`", "`databse`", "did you mean", "`database`"],
        "test_circle": ["circle", "`egg`", "->", "`nest`", "->", "`hen`", "->", "`egg`"],
        "test_scope": ["`wide`", "module", "`narrow`", "function"],
        "test_scope_of_scope": ["`widest`", "session", "`wide`", "module"],
    }.items():
        assert re.search(".*".join(words), texts[test], re.DOTALL), texts[test]
    assert happened.report.status is ExitStatus.FAILURES


HANGING = {"": "time.sleep(30)", "async ": "await asyncio.Event().wait()"}


@kinds
@pytest.mark.parametrize("scope", ["function", "module", "session"])
@pytest.mark.parametrize("test", ["def", "async def"])
def test_a_set_up_that_hangs_fails_within_the_limit_of_its_test(tmp_path, prefix, scope, test):
    tests = f"""
        import asyncio
        import time
        from happened import note
        from rustest import fixture, mark

        @fixture(scope="{scope}")
        {prefix}def around():
            yield
            note("around down")

        @fixture(scope="{scope}")
        {prefix}def hanging(around):
            {HANGING[prefix]}

        @mark.timeout(0.2)
        {test} test_it(hanging): note("body")

        {test} test_next(): note("next")
    """
    happened = record(tmp_path, tests)
    assert happened.verdicts() == {"test_it": "error", "test_next": "passed"}
    assert sorted(happened.log) == ["around down", "next"]
    failure = happened.failure("test_it")
    assert failure.headline == "Fixture 'hanging' set-up timed out after 0.2 seconds"
    assert (failure.phase, failure.subject) == (Phase.SETUP, "hanging")
    assert [frame.function for frame in failure.frames] == ["hanging"]
    assert happened.outcome("test_it").notes <= {Note.SLOW}  # a sync fixture holds up the loop
