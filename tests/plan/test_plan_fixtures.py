"""The fixtures of each test, in the order of set-up."""

from rustest.model.plan import RunStep
from rustest.model.scope import OWN, SESSION, Scope, ScopeInstance


def order(step: RunStep) -> list[str]:
    return [use.definition.name for use in step.fixtures]


def places(step: RunStep) -> list[str]:
    return [f"{use.definition.name}@{use.definition.place}" for use in step.fixtures]


def wiring(step: RunStep) -> dict[str, dict[str, str]]:
    """For each fixture, and for the test as "", which place fills each argument."""
    filled = {use.definition.key: use.arguments for use in step.fixtures} | {"": step.arguments}
    return {
        key: {name: step.fixtures[position].definition.key for name, position in arguments}
        for key, arguments in filled.items()
        if arguments
    }


def test_a_test_that_asks_for_nothing_has_no_fixtures(project):
    step = project.plan("def test_it(): ...").run("test_it")
    assert (step.fixtures, step.arguments) == ((), ())


def test_autouse_comes_before_usefixtures_before_arguments(project):
    step = project.plan("""
        from rustest import fixture, mark

        @fixture
        def argument(): ...
        @fixture
        def used(): ...
        @fixture(autouse=True)
        def always(): ...

        @mark.usefixtures("used")
        def test_it(argument): ...
    """).run("test_it")
    assert order(step) == ["always", "used", "argument"]
    assert step.arguments == (("argument", 2),)


def test_wider_scopes_come_first_and_otherwise_the_order_of_asking(project):
    step = project.plan("""
        from rustest import fixture

        @fixture
        def f1(): ...
        @fixture
        def f2(): ...
        @fixture(scope="class")
        def c(): ...
        @fixture(scope="module")
        def m(): ...
        @fixture(scope="package")
        def p(): ...
        @fixture(scope="session")
        def s(): ...

        class TestIt:
            def test_it(self, f2, c, f1, s, m, p): ...
    """).run("test_it")
    assert order(step) == ["s", "p", "m", "c", "f2", "f1"]


def test_autouse_fixtures_come_from_the_outermost_place_inwards(project):
    step = project.plan(
        {
            "conftest.py": """
            from rustest import fixture
            @fixture(autouse=True)
            def root(): ...
        """,
            "a/conftest.py": """
            from rustest import fixture
            @fixture(autouse=True)
            def folder(): ...
        """,
            "b/conftest.py": """
            from rustest import fixture
            @fixture(autouse=True)
            def elsewhere(): ...
        """,
            "a/test_it.py": """
            from rustest import fixture

            class TestIt:
                @fixture(autouse=True)
                def of_class(self): ...
                def test_it(self): ...

            class TestOther:
                @fixture(autouse=True)
                def of_other(self): ...

            @fixture(autouse=True)
            def of_file(): ...
        """,
        }
    ).run("test_it")
    assert order(step) == ["root", "folder", "of_file", "of_class"]


def test_what_a_fixture_asks_for_comes_before_it(project):
    step = project.plan("""
        from rustest import fixture

        @fixture
        def top(left, right): ...
        @fixture
        def left(base): ...
        @fixture
        def right(base): ...
        @fixture
        def base(): ...

        def test_it(top, right): ...
    """).run("test_it")
    assert order(step) == ["base", "left", "right", "top"]
    assert step.fixtures[3].arguments == (("left", 1), ("right", 2))
    assert step.arguments == (("top", 3), ("right", 2))


OVERRIDES = {
    "conftest.py": """
        from rustest import fixture
        @fixture
        def name(): return "root"
        @fixture
        def greeting(name): ...
    """,
    "a/conftest.py": """
        from rustest import fixture
        @fixture
        def name(name): return name + " a"
    """,
    "a/test_it.py": """
        from rustest import fixture

        @fixture
        def name(name): return name + " file"

        def test_function(greeting): ...

        class TestIt:
            @fixture
            def name(self, name): return name + " class"
            def test_method(self, name): ...

            class TestInner:
                @fixture
                def name(self): return "inner"
                def test_inner(self, name): ...
    """,
    "test_root.py": "def test_root(name): ...",
}


def test_the_definition_at_the_deepest_place_wins(project):
    planned = project.plan(OVERRIDES)
    assert places(planned.run("test_root")) == ["name@"]
    assert places(planned.run("test_inner")) == ["name@a/test_it.py::TestIt::TestInner"]


def test_a_fixture_that_asks_for_its_own_name_gets_the_next_one_up(project):
    planned = project.plan(OVERRIDES)
    chain = ["name@", "name@a", "name@a/test_it.py", "name@a/test_it.py::TestIt"]
    assert places(planned.run("test_method")) == chain
    assert wiring(planned.run("test_method")) == {
        "a::name": {"name": "::name"},
        "a/test_it.py::name": {"name": "a::name"},
        "a/test_it.py::TestIt::name": {"name": "a/test_it.py::name"},
        "": {"name": "a/test_it.py::TestIt::name"},
    }


def test_a_fixture_further_up_uses_the_overriding_one_of_the_test(project):
    step = project.plan(OVERRIDES).run("test_function")
    assert wiring(step)["::greeting"] == {"name": "a/test_it.py::name"}


def test_each_scope_has_its_instance(project):
    files = {
        "a/conftest.py": """
            from rustest import fixture
            @fixture(scope="package")
            def of_package(): ...
        """,
        "a/b/test_it.py": """
            from rustest import fixture

            @fixture(scope="session")
            def s(): ...
            @fixture(scope="package")
            def here(): ...
            @fixture(scope="module")
            def m(): ...
            @fixture(scope="class")
            def c(): ...
            @fixture
            def f(): ...

            class TestOuter:
                class TestInner:
                    def test_method(self, s, of_package, here, m, c, f): ...

            def test_function(c): ...
        """,
    }
    planned = project.plan(files)
    instances = {use.definition.name: use.instance for use in planned.run("test_method").fixtures}
    file = "a/b/test_it.py"
    assert instances == {
        "s": SESSION,
        "of_package": ScopeInstance(Scope.PACKAGE, "a"),  # where it is defined, as in pytest
        "here": ScopeInstance(Scope.PACKAGE, "a/b"),
        "m": ScopeInstance(Scope.MODULE, file),
        "c": ScopeInstance(Scope.CLASS, f"{file}::TestOuter::TestInner"),
        "f": OWN,
    }
    # Outside a class, a class-scoped fixture lives as long as the test that uses it.
    assert planned.run("test_function").fixtures[0].instance is OWN


def test_a_parameter_hides_the_fixture_of_its_name_from_the_test_and_from_its_fixtures(project):
    planned = project.plan("""
        from rustest import fixture, parametrize

        @fixture
        def user(): ...
        @fixture
        def client(user): ...

        @parametrize("user", ["ann", "bob"])
        def test_direct(user): ...

        @parametrize("user", ["ann", "bob"])
        def test_through(user, client): ...
    """)
    assert planned.run("test_direct[ann]").fixtures == ()
    for name in ("ann", "bob"):
        parameter, client = planned.run(f"test_through[{name}]").fixtures
        assert parameter.definition.func() == name
        assert client.arguments == (("user", 0),)
        assert planned.run(f"test_through[{name}]").arguments == (("client", 1),)


def test_tests_of_one_place_that_ask_for_the_same_are_planned_once_and_others_are_not(project):
    planned = project.plan("""
        from rustest import fixture, mark, parametrize

        @fixture
        def f(): ...
        @fixture
        def g(): ...

        def test_a(f): ...
        def test_b(f): ...
        def test_other(g): ...
        async def test_async(g): ...
        @mark.serial("key")
        def test_marked(g): ...
        @parametrize("g", [1])
        def test_case(g): ...

        class TestIt:
            @fixture
            def f(self): ...
            def test_c(self, f): ...
    """)
    a, b, other, marked, c = map(planned.run, ("test_a", "test_b", "test_other", "test_marked", "test_c"))
    assert a.fixtures is b.fixtures
    assert [step.fixtures[0].definition.key for step in (a, other, marked, c)] == [
        "test_it.py::f",
        "test_it.py::g",
        "test_it.py::g",
        "test_it.py::TestIt::f",
    ]
    assert (other.keys, marked.keys) == ((), ("key",))
    assert other.loop is None and planned.run("test_async").loop is not None
    assert planned.run("test_case[1]").fixtures == ()


def test_an_unknown_argument_is_the_problem_of_that_test_alone(project):
    planned = project.plan(
        {
            "conftest.py": """
            from rustest import fixture
            @fixture
            def database(): ...
        """,
            "a/test_it.py": """
            def test_typo(databse): ...
            def test_right(database): ...
        """,
        }
    )
    message = planned.problem("test_typo")
    assert "the test asks for `databse`, which is neither a parameter nor a fixture" in message
    assert "looked in: a/test_it.py, a/conftest.py, conftest.py" in message
    assert "did you mean `database`?" in message
    assert order(planned.run("test_right")) == ["database"]


def test_the_plugin_of_a_well_known_fixture_is_named(project):
    planned = project.plan("def test_mock(mocker): ...\nasync def test_loop(event_loop): ...\n")
    assert "it comes with pytest-mock: install that" in planned.problem("test_mock")
    assert "asyncio.get_running_loop() gives the loop" in planned.problem("test_loop")


def test_a_fixture_that_stands_elsewhere_is_named_with_its_place(project):
    message = project.plan(
        {
            "a/conftest.py": """
            from rustest import fixture
            @fixture
            def database(): ...
        """,
            "a/test_there.py": "def test_there(database): ...",
            "b/test_it.py": "def test_it(database): ...",
        }
    ).problem("test_it")
    assert "out of its sight: `database` (a/conftest.py:3)" in message


def test_what_a_fixture_asks_for_in_vain_is_told_with_the_fixture(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture
        def client(server): ...
        @fixture
        def own(own): ...

        def test_client(client): ...
        def test_own(own): ...
        @mark.usefixtures("nothing")
        def test_used(): ...
    """)
    assert "fixture `client` (test_it.py:4) asks for `server`, which is no fixture" in planned.problem("test_client")
    assert "`own` (test_it.py:6) asks for its own name, and no other fixture" in planned.problem("test_own")
    assert "did you mean" not in planned.problem("test_own")
    assert "gets `nothing` by usefixtures, in a mark or in the settings" in planned.problem("test_used")
    assert "define a fixture `nothing` there, or leave its name out" in planned.problem("test_used")


def test_a_circle_is_told_with_its_chain(project):
    message = project.plan("""
        from rustest import fixture

        @fixture
        def a(b): ...
        @fixture
        def b(c): ...
        @fixture
        def c(b): ...

        def test_it(a): ...
    """).problem("test_it")
    assert "`b` (test_it.py:6) -> `c` (test_it.py:8) -> `b` (test_it.py:6)" in message


def test_a_wide_fixture_cannot_ask_for_a_narrow_one(project):
    message = project.plan("""
        from rustest import fixture

        @fixture
        def narrow(): ...
        @fixture(scope="module")
        def wide(narrow): ...

        def test_it(wide): ...
    """).problem("test_it")
    assert "`wide` (test_it.py:6) lives for a whole module and asks for `narrow` (test_it.py:4)" in message
    assert 'give `narrow` scope="module", or give `wide` scope="function"' in message


def test_a_wide_fixture_cannot_ask_for_a_parameter(project):
    message = project.plan("""
        from rustest import fixture, parametrize

        @fixture
        def user(): ...
        @fixture(scope="module")
        def client(user): ...

        @parametrize("user", ["ann"])
        def test_it(user, client): ...
    """).problem("test_it[ann]")
    assert "`client` (test_it.py:6) lives for a whole module and asks for `user`" in message
    assert "parametrized" in message


def test_a_problem_is_told_of_every_test_that_has_it(project):
    planned = project.plan("""
        def test_a(missing): ...
        def test_b(missing): ...
    """)
    assert "asks for `missing`" in planned.problem("test_a")
    assert planned.problem("test_a") == planned.problem("test_b")
