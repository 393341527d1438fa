"""Which event loop each test runs on."""

import pytest

from rustest.model.choices import AsyncioMode
from rustest.model.errors import UsageError
from rustest.model.plan import LoopPlan
from rustest.model.scope import SESSION, Scope, ScopeInstance

FILE = ScopeInstance(Scope.MODULE, "test_it.py")


def loop(planned, name) -> LoopPlan:
    found = planned.run(name).loop
    assert found is not None
    return found


def instance(planned, name) -> ScopeInstance:
    return loop(planned, name).instance


def test_an_async_test_has_a_private_loop_marked_or_not(project):
    planned = project.plan("""
        from rustest import mark

        async def test_plain(): ...
        @mark.asyncio
        async def test_bare(): ...
        @mark.asyncio(loop_scope="function")
        async def test_said(): ...
    """)
    for name in ("test_plain", "test_bare", "test_said"):
        step = planned.run(name)
        assert step.loop == LoopPlan(ScopeInstance(Scope.FUNCTION, f"test_it.py::{name}"))
        assert step.reasons == ()


def test_a_test_whose_async_fixtures_live_as_long_as_it_has_a_private_loop_without_a_reason(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture
        async def db(): ...
        async def test_async(db): ...
        def test_sync(db): ...
    """)
    for name in ("test_async", "test_sync"):
        step = planned.run(name)
        assert step.loop == LoopPlan(ScopeInstance(Scope.FUNCTION, f"test_it.py::{name}"))
        assert step.reasons == ()


def test_a_sync_test_has_no_loop_whatever_its_mark_says(project):
    planned = project.plan("""
        from rustest import mark

        def test_plain(): ...
        @mark.asyncio(loop_scope="class", debug=True)
        def test_marked(): ...
    """)
    assert planned.run("test_plain").loop is None
    assert planned.run("test_marked").loop is None


@pytest.mark.parametrize(
    ("scope", "path"),
    [
        ("class", "a/b/test_it.py::TestOuter::TestInner"),
        ("module", "a/b/test_it.py"),
        ("package", "a/b"),
        ("session", ""),
    ],
)
def test_loop_scope_names_the_extent_of_the_loop(project, scope, path):
    step = project.plan(
        {
            "a/b/test_it.py": f"""
            from rustest import mark

            class TestOuter:
                class TestInner:
                    @mark.asyncio(loop_scope="{scope}")
                    async def test_it(self): ...
        """
        }
    ).run("test_it")
    assert step.loop is not None
    assert step.loop.instance == (Scope[scope.upper()], path)
    assert step.reasons == (f'shares the {scope}\'s loop: loop_scope="{scope}"',)


def test_each_of_several_tests_with_equal_marks_has_what_they_ask_for_where_it_stands(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(scope="session")
        async def wide(): ...

        @mark.asyncio(loop_scope="module", timeout=3)
        async def test_one(): ...
        @mark.asyncio(loop_scope="module", timeout=3)
        async def test_two(): ...
        @mark.asyncio(loop_scope="module", timeout=4)
        async def test_four(): ...
        @mark.asyncio(loop_scope="module", timeout=4)
        async def test_wide(wide): ...
        @mark.asyncio(loop_scope="module", timeout=4)
        def test_sync(): ...

        @mark.asyncio(loop_scope="class")
        class TestA:
            async def test_a1(self): ...
            async def test_a2(self): ...
        @mark.asyncio(loop_scope="class")
        class TestB:
            async def test_b1(self): ...
            async def test_b2(self): ...
            @mark.asyncio(loop_scope="function")
            async def test_b3(self): ...
            @mark.asyncio(loop_scope="function")
            async def test_b4(self): ...
    """)
    names = ("test_one", "test_two", "test_four")
    assert [(instance(planned, name), planned.run(name).timeout) for name in names] == [(FILE, 3), (FILE, 3), (FILE, 4)]
    assert len({planned.run(name).reasons for name in names}) == 1
    assert planned.problem("test_wide")
    assert planned.run("test_sync").loop is None
    paths = [
        instance(planned, name).path for name in ("test_a1", "test_a2", "test_b1", "test_b2", "test_b3", "test_b4")
    ]
    assert paths == [
        *["test_it.py::TestA"] * 2,
        *["test_it.py::TestB"] * 2,
        "test_it.py::TestB::test_b3",
        "test_it.py::TestB::test_b4",
    ]


def test_marks_are_merged_keyword_by_keyword_the_nearest_first(project):
    planned = project.plan("""
        from rustest import mark
        pytestmark = mark.asyncio(loop_scope="session", debug=True)

        @mark.asyncio(loop_scope="module", timeout=5)
        class TestIt:
            async def test_class(self): ...
            @mark.asyncio(loop_scope="class", debug=False)
            async def test_method(self): ...
            @mark.asyncio(timeout=60)
            async def test_longer(self): ...
    """)
    assert loop(planned, "test_class") == LoopPlan(FILE, debug=True)
    assert loop(planned, "test_longer") == LoopPlan(FILE, debug=True)
    assert loop(planned, "test_method") == LoopPlan(ScopeInstance(Scope.CLASS, "test_it.py::TestIt"), debug=False)
    assert [planned.run(name).timeout for name in ("test_class", "test_method", "test_longer")] == [5, 5, 60]


def test_a_class_loop_needs_a_class(project):
    planned = project.plan("""
        from rustest import mark

        @mark.asyncio(loop_scope="class")
        async def test_it(): ...
    """)
    assert 'say loop_scope="module"' in planned.problem("test_it")


def test_strict_mode_asks_for_the_mark(project):
    source = """
        from rustest import mark

        async def test_plain(): ...
        @mark.asyncio
        async def test_marked(): ...
        def test_sync(): ...
    """
    planned = project.plan(source, asyncio_mode=AsyncioMode.STRICT)
    assert "@mark.asyncio" in planned.problem("test_plain")
    assert "asyncio_mode" in planned.problem("test_plain")
    assert loop(planned, "test_marked").is_private()
    assert planned.run("test_sync").loop is None


def test_users_of_a_wide_async_fixture_share_the_loop_of_its_scope(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(scope="module")
        async def server(): yield 1
        @fixture
        def client(server): ...

        async def test_direct(server): ...
        async def test_through(client): ...
        @mark.asyncio(loop_scope="module")
        async def test_said(server): ...
        async def test_other(): ...
    """)
    for name in ("test_direct", "test_through", "test_said"):
        assert instance(planned, name) == FILE
    assert instance(planned, "test_other").scope is Scope.FUNCTION
    assert planned.run("test_through").reasons[0] == "shares the module's loop: its async fixture `server`"


def test_narrow_async_fixtures_and_wide_sync_ones_leave_the_loop_private(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture
        async def connection(): ...
        @fixture(scope="session")
        def config(): ...
        @fixture(scope="class")
        async def of_class(): ...

        async def test_it(connection, config): ...
        async def test_function(of_class): ...
    """)
    assert loop(planned, "test_it").is_private()
    assert loop(planned, "test_function").is_private()  # outside a class, class scope ends with the test


def test_a_fixture_that_uses_a_wider_one_takes_all_its_users_along(project):
    planned = project.plan(
        {
            "conftest.py": """
            from rustest import fixture
            @fixture(scope="session")
            async def server(): ...
        """,
            "test_a.py": """
            from rustest import fixture

            @fixture(scope="module")
            async def schema(server): ...
            @fixture(scope="module")
            async def apart(): ...

            async def test_schema(schema): ...
            async def test_apart(apart): ...
        """,
            "test_b.py": """
            async def test_b(server): ...
        """,
        }
    )
    assert instance(planned, "test_schema") == SESSION
    assert instance(planned, "test_b") == SESSION
    assert instance(planned, "test_apart") == (Scope.MODULE, "test_a.py")


def test_one_test_that_uses_two_wide_fixtures_brings_all_users_of_both_together(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture(scope="session")
        async def wide(): ...
        @fixture(scope="module")
        async def narrow(): ...

        async def test_narrow(narrow): ...
        async def test_both(narrow, wide): ...
    """)
    assert instance(planned, "test_narrow") == SESSION
    assert instance(planned, "test_both") == SESSION


def test_instances_of_one_fixture_are_apart(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture(scope="class")
        async def shared(): ...

        class TestA:
            async def test_a(self, shared): ...
        class TestB:
            async def test_b(self, shared): ...
    """)
    assert instance(planned, "test_a") == (Scope.CLASS, "test_it.py::TestA")
    assert instance(planned, "test_b") == (Scope.CLASS, "test_it.py::TestB")


@pytest.mark.parametrize("scope", ["function", "class"])
def test_a_loop_scope_that_cannot_hold_is_a_problem_with_its_mend(project, scope):
    planned = project.plan(f"""
        from rustest import fixture, mark

        @fixture(scope="module")
        async def server(): ...

        class TestIt:
            @mark.asyncio(loop_scope="{scope}")
            async def test_it(self, server): ...
            async def test_right(self, server): ...
    """)
    message = planned.problem("test_it")
    assert (
        f'loop_scope="{scope}" cannot hold: the async fixture `server` of this test lives on the module\'s loop'
        in message
    )
    assert 'say loop_scope="module", leave loop_scope out' in message
    assert instance(planned, "test_right") == FILE


def test_a_wider_loop_scope_holds_and_takes_the_other_users_along(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(scope="module")
        async def server(): ...

        @mark.asyncio(loop_scope="session")
        async def test_wider(server): ...
        async def test_plain(server): ...
    """)
    assert instance(planned, "test_wider") == SESSION
    assert instance(planned, "test_plain") == SESSION
    assert planned.run("test_plain").reasons[0].startswith("shares the session's loop")


def test_a_sync_test_with_an_async_fixture_gets_its_loop_by_the_same_rule(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture
        async def narrow(): ...
        @fixture(scope="module")
        async def wide(): ...

        def test_narrow(narrow): ...
        def test_wide(wide): ...
        async def test_async(wide): ...
    """)
    assert loop(planned, "test_narrow").is_private()
    assert instance(planned, "test_wide") == instance(planned, "test_async") == FILE


LOOP_KINDS = """
    import asyncio
    from rustest import mark

    def factory(): return asyncio.SelectorEventLoop()

    @mark.asyncio(loop_scope="module")
    async def test_first(): ...
    @mark.asyncio(loop_scope="module", debug=True, loop_factory=factory)
    async def test_second(): ...
    @mark.asyncio(loop_scope="module", debug=False)
    async def test_debug(): ...
    @mark.asyncio(loop_scope="module", debug=False)
    async def test_debug_too(): ...
    @mark.asyncio(loop_scope="module", loop_factory=asyncio.SelectorEventLoop)
    async def test_factory(): ...
    @mark.asyncio(debug=False)
    async def test_private(): ...
"""


def test_tests_on_one_loop_agree_on_how_it_is_made(project):
    planned = project.plan(LOOP_KINDS)
    first, second = loop(planned, "test_first"), loop(planned, "test_second")
    assert first == second
    assert (first.debug, getattr(first.factory, "__name__", None)) == (True, "factory")
    assert loop(planned, "test_private").debug is False


def test_a_test_that_contradicts_an_earlier_one_on_its_loop_is_a_problem(project):
    planned = project.plan(LOOP_KINDS)
    assert "asks for debug=True, this one for debug=False" in planned.problem("test_debug")
    assert planned.problem("test_debug_too") == planned.problem("test_debug")
    assert "asks for loop_factory=" in planned.problem("test_factory")


def test_marks_made_without_validation_are_problems(project):
    planned = project.plan("""
        from rustest import mark
        from rustest.model.marks import Mark

        class TestIt:
            pytestmark = [Mark("asyncio", (), {"loop_scope": "galaxy"})]
            async def test_scope(self): ...
        class TestDebug:
            pytestmark = [Mark("asyncio", (), {"debug": "yes"})]
            async def test_debug(self): ...
        class TestFactory:
            pytestmark = [Mark("asyncio", (), {"loop_factory": 3})]
            async def test_factory(self): ...
    """)
    assert "loop_scope must be one of 'function'" in planned.problem("test_scope")
    assert "True or False" in planned.problem("test_debug")
    assert "loop_factory must be a function" in planned.problem("test_factory")


def test_a_fixture_that_insists_on_a_wider_loop_takes_its_users_along(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(loop_scope="module")
        async def insists(): ...
        @fixture(scope="class", loop_scope="session")
        async def of_class(): ...

        async def test_one(insists): ...
        async def test_two(insists): ...
        def test_sync(insists): ...
        class TestIt:
            async def test_method(self, of_class): ...
            async def test_both(self, of_class, insists): ...
        @mark.asyncio(loop_scope="class")
        class TestNarrow:
            async def test_narrow(self, insists): ...
        async def test_alone(): ...
    """)
    assert {instance(planned, name) for name in ("test_one", "test_two", "test_sync")} == {FILE}
    assert {instance(planned, name) for name in ("test_method", "test_both")} == {SESSION}
    assert loop(planned, "test_alone").is_private()
    reason = 'shares the module\'s loop: loop_scope="module" of its fixture `insists`'
    assert planned.run("test_one").reasons == (reason,)
    assert "the async fixture `insists` of this test lives on the module's loop" in planned.problem("test_narrow")


def test_the_settings_decide_where_no_mark_does(project):
    def made():
        raise AssertionError("not while planning")

    planned = project.plan(
        """
        from rustest import fixture, mark
        def own(): ...

        @fixture(scope="module")
        async def shared(): ...

        async def test_plain(): ...
        @mark.asyncio(debug=False, loop_factory=own)
        async def test_own(): ...
        async def test_shared(shared): ...
        @mark.asyncio(debug=False)
        async def test_shared_too(shared): ...
        def test_sync(): ...
    """,
        asyncio_debug=True,
        loop_factory=made,
    )
    plain, own, shared = (loop(planned, f"test_{name}") for name in ("plain", "own", "shared"))
    assert (plain.debug, plain.factory) == (True, made)
    assert (own.debug, own.factory.__name__) == (False, "own")
    assert (shared.debug, shared.factory) == (False, made)
    assert loop(planned, "test_shared_too") == shared
    assert planned.run("test_sync").loop is None


def test_a_loop_factory_of_the_settings_may_be_named(project):
    project.write({"kinds.py": "class Loops:\n    def make(): ...", "conftest.py": "", "pkg/conftest.py": ""})
    planned = project.plan("async def test_it(): ...", loop_factory="kinds:Loops.make")
    assert loop(planned, "test_it").factory.__qualname__ == "Loops.make"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("no_such_module:make", "'no_such_module:make', which cannot be imported: ModuleNotFoundError"),
        ("asyncio:no_such", "'asyncio:no_such', which cannot be imported: AttributeError"),
        ("sys:path", r"'sys:path', which is no function but \["),
    ],
)
def test_a_loop_factory_that_is_none_is_a_usage_error(project, name, complaint):
    with pytest.raises(UsageError, match=complaint):
        project.plan("async def test_it(): ...", loop_factory=name)
