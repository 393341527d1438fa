"""Parametrized fixtures: who gets which param, what is shared, and which tests never meet."""

import pytest

from rustest.model.plan import REQUEST, Lane, RunStep
from rustest.model.scope import OWN

OVERLAP, SYNC, ALONE = Lane.OVERLAP, Lane.SYNC, Lane.ALONE


def params(step: RunStep) -> dict[str, object]:
    return {use.definition.key: use.param.value for use in step.fixtures if use.param}


def values(planned) -> dict[str, set[object]]:
    """By fixture key the variants of its shared values, over the whole run."""
    found: dict[str, set[object]] = {}
    for window in planned.plan.windows:
        for step in window.steps:
            assert isinstance(step, RunStep), step
            for use in step.fixtures:
                if use.instance.scope > 0:
                    found.setdefault(use.definition.key, set()).add(use.variant)
    return found


def test_each_param_makes_a_test_with_the_params_marks(project):
    planned = project.plan("""
        from rustest import fixture, mark, param

        @fixture(params=[1, param(2, marks=mark.timeout(5)), param(3, marks=mark.skip(reason="never"))])
        def number(request): ...

        @mark.timeout(9)
        def test_it(number): ...
    """)
    first, second = planned.run("test_it[1]"), planned.run("test_it[2]")
    assert (params(first), first.timeout) == ({"test_it.py::number": 1}, 9)
    assert (params(second), second.timeout) == ({"test_it.py::number": 2}, 5)
    assert second.fixtures[0].param.number == 1
    assert planned.skip("test_it[3]").reason == "never"


def test_a_fixture_without_any_params_to_choose_from_skips_its_tests(project):
    planned = project.plan("""
        from rustest import fixture
        @fixture(params=[])
        def number(request): ...
        def test_it(number): ...
    """)
    assert planned.skip("test_it[NOTSET]").reason == "got empty parameter set for (number)"


def test_request_is_an_argument_that_no_fixture_fills(project):
    step = project.plan("""
        from rustest import fixture
        @fixture
        def name(request): ...
        def test_it(name, request): ...
    """).run("test_it")
    assert step.arguments == (("name", 0), ("request", REQUEST))
    assert step.fixtures[0].arguments == (("request", REQUEST),)


def test_indirect_values_go_to_the_fixture_in_place_of_its_own_params(project):
    planned = project.plan("""
        from rustest import fixture, parametrize

        @fixture(params=["own"])
        def user(request): ...
        @fixture
        def client(user): ...

        @parametrize("user, expected", [("ann", 1), ("bob", 2)], indirect=["user"])
        def test_one(user, expected): ...
        @parametrize("user", ["ann", "bob"], indirect=True)
        def test_through(client): ...
        def test_own(client): ...
    """)
    assert params(planned.run("test_one[bob-2]")) == {"test_it.py::user": "bob"}
    assert planned.run("test_one[bob-2]").item.case.direct() == {"expected": 2}
    assert params(planned.run("test_through[ann]")) == {"test_it.py::user": "ann"}
    assert params(planned.run("test_own[own]")) == {"test_it.py::user": "own"}


def test_an_overriding_fixture_shares_the_params_of_the_one_that_it_asks_for(project):
    planned = project.plan(
        {
            "conftest.py": """
                from rustest import fixture
                @fixture(params=["a", "b"])
                def name(request): ...
            """,
            "test_it.py": """
                from rustest import fixture
                @fixture
                def name(name, request): ...
                def test_it(name): ...
            """,
            "test_hidden.py": """
                from rustest import fixture
                @fixture
                def name(): ...
                def test_hidden(name): ...
            """,
        }
    )
    assert params(planned.run("test_it[b]")) == {"::name": "b", "test_it.py::name": "b"}
    assert params(planned.run("test_hidden")) == {}


def test_a_direct_parameter_hides_the_params_of_the_fixture_of_its_name(project):
    planned = project.plan("""
        from rustest import fixture, parametrize
        @fixture(params=["a", "b"])
        def name(request): ...
        @parametrize("name", ["direct"])
        def test_it(name): ...
    """)
    assert planned.run("test_it[direct]").fixtures == ()


@pytest.mark.parametrize("marks", ["mark.usefixtures('nubmer')", "parametrize('nubmer', [1], indirect=True)"])
def test_an_unknown_name_is_the_problem_of_that_test_with_the_names_near_it(project, marks):
    planned = project.plan(f"""
        from rustest import fixture, mark, parametrize
        @fixture
        def number(request): ...
        @{marks}
        def test_it({"nubmer" if "indirect" in marks else ""}): ...
    """)
    message = planned.problem("test_it[1]" if "indirect" in marks else "test_it")
    assert "did you mean `number`?" in message
    assert ("is parametrized with indirect values for `nubmer`, and there is no such fixture" in message) is (
        "indirect" in marks
    )


def test_a_fixture_that_one_case_alone_uses_multiplies_that_case_and_its_params_come_last_in_the_ids(project):
    planned = project.plan("""
        from rustest import fixture, mark, param, parametrize
        @fixture(params=["a", "b"])
        def letter(request): ...
        @fixture(params=[1, 2])
        def number(request): ...
        @fixture(params=[param("x", marks=mark.usefixtures("number")), "y"])
        def deep(request): ...
        @parametrize("x", [param("u", marks=mark.usefixtures("number")), param("v", marks=mark.usefixtures("deep"))])
        def test_case(letter, x): ...
        def test_deep(deep, letter): ...
    """)
    assert [test for _, _, tests in planned.windows() for test in tests] == [
        *(f"test_case[a-{case}]" for case in ("u-1", "u-2", "v-x-1", "v-x-2", "v-y")),
        *(f"test_case[b-{case}]" for case in ("u-1", "u-2", "v-x-1", "v-x-2", "v-y")),
        *("test_deep[x-a-1]", "test_deep[x-a-2]", "test_deep[x-b-1]", "test_deep[x-b-2]"),
        *("test_deep[y-a]", "test_deep[y-b]"),
    ]
    assert params(planned.run("test_case[b-v-x-2]")) == {
        "test_it.py::letter": "b",
        "test_it.py::deep": "x",
        "test_it.py::number": 2,
    }


SHARED = """
    from rustest import fixture, parametrize

    @fixture(scope="session", params=["pg", "lite"])
    def db(request): ...
    @fixture(scope="session")
    def pool(db): ...
    @fixture(scope="session")
    def clock(): ...
"""


def test_two_params_of_a_session_fixture_are_windows_of_their_own(project):
    files = {
        "conftest.py": SHARED,
        "test_a.py": """
            async def test_a(pool, clock): ...
            def test_sync_a(db): ...
            async def test_plain_a(): ...
            def test_sync_plain_a(): ...
        """,
        "test_b.py": """
            async def test_b(db): ...
            def test_sync_plain_b(clock): ...
        """,
    }
    planned = project.plan(files)
    assert planned.windows() == [
        (OVERLAP, "the whole run, with db[pg]", ["test_a[pg]", "test_b[pg]", "test_plain_a"]),
        (SYNC, "test_a.py, with db[pg]", ["test_sync_a[pg]"]),
        (OVERLAP, "the whole run, with db[lite]", ["test_a[lite]", "test_b[lite]"]),
        (SYNC, "test_a.py, with db[lite]", ["test_sync_a[lite]", "test_sync_plain_a"]),
        (SYNC, "test_b.py", ["test_sync_plain_b"]),
    ]
    assert {key: len(variants) for key, variants in values(planned).items()} == {"::db": 2, "::pool": 2, "::clock": 1}


def test_params_of_a_modules_fixture_divide_that_file_alone(project):
    source = """
        from rustest import fixture

        @fixture(scope="module", params=[1, 2])
        def number(request): ...
        @fixture(scope="class")
        def of_class(number): ...

        async def test_one(number): ...
        def test_sync(number): ...
        class TestIt:
            async def test_two(self, of_class): ...
        async def test_plain(): ...
    """
    planned = project.plan({"test_a.py": source, "test_b.py": source})
    (_, title, names), *rest = planned.windows()
    assert (title, names) == ("the whole run", ["test_plain", "test_plain"])
    assert rest == [
        (lane, title.format(file, number), [f"{name}[{number}]"])
        for file in ("test_a.py", "test_b.py")
        for number in (1, 2)
        for lane, title, name in [
            (SYNC, "{0}, with number[{1}]", "test_sync"),
            (OVERLAP, "fixtures of module {0}, with number[{1}]", "test_one"),
            (OVERLAP, "fixtures of class {0}::TestIt, with number[{1}]", "test_two"),
        ]
    ]
    assert {key: len(variants) for key, variants in values(planned).items()} == {
        f"{file}::{name}": 2 for file in ("test_a.py", "test_b.py") for name in ("number", "of_class")
    }


def test_params_of_function_scope_keep_nobody_apart(project):
    planned = project.plan("""
        from rustest import fixture
        @fixture(params=[1, 2])
        def number(request): ...
        async def test_it(number): ...
    """)
    assert planned.windows() == [(OVERLAP, "the whole run", ["test_it[1]", "test_it[2]"])]
    assert all(use.variant == () for use in planned.run("test_it[1]").fixtures)


def test_equal_values_of_two_marks_share_what_is_set_up_for_them(project):
    planned = project.plan("""
        from rustest import fixture, parametrize
        @fixture(scope="session")
        def db(request): ...
        @parametrize("db", ["x", "y"], indirect=True)
        def test_one(db): ...
        @parametrize("db", ["y"], indirect=True)
        def test_two(db): ...
    """)
    assert planned.run("test_one[y]").fixtures[0].variant == planned.run("test_two[y]").fixtures[0].variant
    assert planned.run("test_two[y]").fixtures[0].param.number == 0
    assert len(values(planned)["test_it.py::db"]) == 2


def test_a_test_without_the_indirect_param_of_others_gets_a_value_of_its_own(project):
    planned = project.plan("""
        from rustest import fixture, parametrize
        @fixture(scope="session")
        def db(request): ...
        @parametrize("db", ["x"], indirect=True)
        async def test_one(db): ...
        async def test_two(db): ...
    """)
    assert planned.windows() == [
        (OVERLAP, "the whole run, with db[x]", ["test_one[x]"]),
        (OVERLAP, "the whole run", ["test_two"]),
    ]
    assert planned.run("test_one[x]").fixtures[0].variant != planned.run("test_two").fixtures[0].variant


def test_a_param_whose_turn_comes_again_is_set_up_again(project):
    planned = project.plan(
        """
        from rustest import fixture, parametrize
        @fixture(scope="module", params=["x", "y"])
        def db(request): ...
        @fixture(scope="module", params=[1, 2])
        def n(request): ...
        @fixture(scope="module")
        def pool(db): ...
        def test_one(n, db, pool): ...
    """,
        concurrency=1,
    )
    key = "test_it.py::db"
    names = ["test_one[1-x]", "test_one[1-y]", "test_one[2-y]", "test_one[2-x]"]
    assert list(planned.plan.ids()) == [f"test_it.py::{name}" for name in names]
    lives = [{use.definition.name: use.variant for use in planned.run(name).fixtures} for name in names]
    assert [life["db"] for life in lives] == [((key, number),) for number in (0, 1, 1, 2)]
    assert [life["pool"] for life in lives] == [((key, number),) for number in (0, 1, 1, 2)]


def test_a_modules_fixture_ends_where_a_session_param_leads_to_another_file(project):
    source = """
        from rustest import fixture
        @fixture(scope="module")
        def of_module(): ...
        def test_it(db, of_module): ...
    """
    planned = project.plan({"conftest.py": SHARED, "test_a.py": source, "test_b.py": source})
    order = ["test_a.py::test_it[pg]", "test_b.py::test_it[pg]", "test_a.py::test_it[lite]", "test_b.py::test_it[lite]"]
    assert [step.item.id for window in planned.plan.windows for step in window.steps] == order
    assert {key: len(variants) for key, variants in values(planned).items()} == {
        "::db": 2,
        "test_a.py::of_module": 2,
        "test_b.py::of_module": 2,
    }


def test_users_of_an_async_fixture_share_its_loop_whatever_its_params(project):
    planned = project.plan("""
        from rustest import fixture
        @fixture(scope="session", params=[1, 2])
        async def server(request): ...
        async def test_one(server): ...
        async def test_two(server): ...
    """)
    steps = [planned.run(f"test_{name}[{number}]") for name in ("one", "two") for number in (1, 2)]
    assert len({step.loop for step in steps}) == 1


def test_tests_that_hand_over_do_so_anew_for_each_param(project):
    planned = project.plan("""
        from rustest import fixture
        found = {}
        @fixture(scope="module", params=["a", "b"])
        def letter(request): ...
        async def test_store(letter): found["x"] = letter
        async def test_read(letter): assert found["x"] == letter
    """)
    assert planned.after() == {"test_read[a]": ["test_store[a]"], "test_read[b]": ["test_store[b]"]}
    title = "fixtures of module test_it.py, with letter[{}]".format
    assert planned.windows() == [
        (OVERLAP, title(letter), [f"test_store[{letter}]", f"test_read[{letter}]"]) for letter in "ab"
    ]


LOOKUP = """
    from rustest import fixture, parametrize

    @fixture(scope="session", params=["pg", "lite"])
    def db(request): ...
    @fixture(scope="session")
    def pool(db): ...
    @fixture
    def user(name, request): ...
    @fixture
    def name(): ...

    def test_db(db): ...
    @parametrize("name", ["ann"])
    def test_user(name): ...
    def test_plain(): ...
"""


def test_a_fixture_that_only_the_run_asks_for_is_found_as_the_test_sees_it(project):
    planned = project.plan(LOOKUP)
    name, user = planned.plan.resolve(planned.run("test_plain").item, "user")
    assert (name.definition.name, user.arguments) == ("name", (("name", 0), ("request", REQUEST)))
    assert user.instance is OWN
    given, _ = planned.plan.resolve(planned.run("test_user[ann]").item, "user")
    assert given.definition.func() == "ann"


def test_what_is_found_late_has_the_params_of_its_test(project):
    planned = project.plan(LOOKUP)
    step = planned.run("test_db[lite]")
    db, pool = planned.plan.resolve(step.item, "pool")
    assert db == step.fixtures[0]
    assert pool.variant == db.variant != planned.run("test_db[pg]").fixtures[0].variant


def test_what_cannot_be_found_late_says_why(project):
    planned = project.plan(LOOKUP)
    item = planned.run("test_plain").item
    with pytest.raises(LookupError, match=r"asks for `usr`, which is neither .*\n.*\ndid you mean `user`"):
        planned.plan.resolve(item, "usr")
    with pytest.raises(LookupError, match=r"`db` .* has params, and the test has none.*\nask for `db` as an arg"):
        planned.plan.resolve(item, "pool")
    with pytest.raises(LookupError, match="'request' is no fixture"):
        planned.plan.resolve(item, "request")


def test_no_two_tests_have_one_id(project):
    source = """
        from rustest import fixture, parametrize
        @fixture(params=[1, 2], ids=["a-b", "a"])
        def number(request): ...
        @parametrize("x", [1, 2], ids=["c", "b-c"])
        def test_it(number, x): ...
    """
    project.plan(source)
    names = ["test_it[a-b-c]", "test_it[a-b-b-c]", "test_it[a-c]", "test_it[a-b-c_1]"]
    assert project.ids() == [f"test_it.py::{name}" for name in names]
    assert project.ids("test_it.py::test_it[a-b-c_1]") == ["test_it.py::test_it[a-b-c_1]"]


def test_a_fixture_cannot_be_called_request(project):
    project.write({"test_it.py": "from rustest import fixture\n@fixture(name='request')\ndef mine(): ..."})
    (problem,) = project.plan_as_it_is().problems
    assert "'request' is what fixtures ask the run with" in problem.failure.message


def scopes_of(project, source: str) -> list[str]:
    """How long the fixture `number` lives in each of the tests."""
    steps = [step for window in project.plan(source).plan.windows for step in window.steps]
    uses = [use for step in steps for use in step.fixtures if use.definition.name == "number"]
    return [use.instance.scope.label for use in uses]


@pytest.mark.parametrize(
    ("mark", "scope"),
    [
        ('"number", [1, 2], indirect=True', "module"),
        ('"number", [1, 2], indirect=True, scope="function"', "function"),
        ('"number", [1, 2], indirect=True, scope="session"', "session"),
        ('"number, other", [(1, 2), (1, 3)], indirect=["number"]', "function"),
    ],
)
def test_a_parametrization_may_say_how_long_its_fixtures_live(project, mark, scope):
    source = f"""
        from rustest import fixture, parametrize
        @fixture(scope="module")
        def number(request): return request.param
        @fixture(scope="module")
        def user(number): ...
        @parametrize({mark})
        def test_it(number, user{", other" if "other" in mark else ""}): ...
    """
    assert scopes_of(project, source) == [scope, scope]
