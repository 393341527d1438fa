"""Which tests are in flight together, and in what order the run goes through its windows."""

import pytest

from rustest.model.plan import Lane

OVERLAP, SYNC, ALONE = Lane.OVERLAP, Lane.SYNC, Lane.ALONE


def test_async_tests_of_all_files_overlap_in_the_first_window(project):
    planned = project.plan(
        {
            "test_a.py": """
                def test_sync_a(): ...
                async def test_a(): ...
            """,
            "test_b.py": """
                async def test_b(): ...
                def test_sync_b(): ...
            """,
        }
    )
    assert planned.windows() == [
        (OVERLAP, "the whole run", ["test_a", "test_b"]),
        (SYNC, "test_a.py", ["test_sync_a"]),
        (SYNC, "test_b.py", ["test_sync_b"]),
    ]


@pytest.mark.parametrize("scope", ["function", "module", "package", "session"])
def test_a_loop_scope_alone_restricts_nothing(project, scope):
    source = f"""
        from rustest import mark
        pytestmark = mark.asyncio(loop_scope="{scope}")

        async def test_one(): ...
        async def test_two(): ...
    """
    windows = project.plan({f"p/test_{name}.py": source for name in "abc"}).windows()
    assert windows == [(OVERLAP, "the whole run", ["test_one", "test_two"] * 3)]


def test_session_fixtures_restrict_nothing(project):
    planned = project.plan("""
        from rustest import fixture

        @fixture(scope="session")
        def config(): ...
        @fixture(scope="session")
        async def server(): ...
        @fixture
        async def client(server): ...

        async def test_one(config, client): ...
        async def test_two(): ...
    """)
    assert planned.windows() == [(OVERLAP, "the whole run", ["test_one", "test_two"])]


FIXTURES = {
    "p/conftest.py": """
        from rustest import fixture
        @fixture(scope="package")
        def of_package(): ...
    """,
    "p/test_a.py": """
        from rustest import fixture, mark

        @fixture(scope="module")
        def of_module(): ...
        @fixture(scope="class")
        async def of_class(): ...

        class TestIt:
            async def test_a_class(self, of_class, of_module, of_package): ...
            async def test_a_class_2(self, of_class): ...
            async def test_a_plain(self): ...

        @mark.serial
        async def test_a_serial(of_module): ...
        async def test_a_module(of_module): ...
        async def test_a_module_2(of_module, of_package): ...
        async def test_a_package(of_package): ...
        def test_a_sync(of_module): ...
    """,
    "p/test_b.py": """
        from rustest import fixture

        @fixture(scope="module", autouse=True)
        def of_module(): ...

        class TestOuter:
            @fixture(scope="class")
            def own(self): ...
            async def test_b_outer(self, own): ...
            class TestInner:
                async def test_b_inner(self, own): ...
    """,
    "p/test_c.py": """
        async def test_c_package(of_package): ...
        async def test_c_plain(): ...
    """,
}


def test_users_of_narrower_fixtures_overlap_with_users_of_the_same_narrowest_instance(project):
    assert project.plan(FIXTURES).windows() == [
        (OVERLAP, "the whole run", ["test_a_plain", "test_c_plain"]),
        (OVERLAP, "fixtures of package p", ["test_a_package", "test_c_package"]),
        (SYNC, "p/test_a.py", ["test_a_sync"]),
        (OVERLAP, "fixtures of module p/test_a.py", ["test_a_module", "test_a_module_2"]),
        (OVERLAP, "fixtures of class p/test_a.py::TestIt", ["test_a_class", "test_a_class_2"]),
        (ALONE, "p/test_a.py", ["test_a_serial"]),
        (OVERLAP, "fixtures of class p/test_b.py::TestOuter", ["test_b_outer"]),
        (OVERLAP, "fixtures of class p/test_b.py::TestOuter::TestInner", ["test_b_inner"]),
    ]


def test_no_fixture_of_a_file_is_alive_while_the_users_of_its_packages_fixtures_run(project):
    """The fixtures of a module are set up for its sync tests first: what they change would be seen by other files."""
    lanes = [title for _, title, _ in project.plan(FIXTURES).windows()]
    assert lanes.index("fixtures of package p") < lanes.index("p/test_a.py")


def test_a_limit_is_held_by_marks_and_by_users_of_a_fixture(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(limit=3)
        def pool(): ...
        @fixture
        def client(pool): ...

        @mark.concurrency(4, "api", "net")
        class TestIt:
            async def test_marked(self, client): ...
            @mark.concurrency(4, "api")
            @mark.serial("db")
            async def test_again(self): ...
    """)
    marked, again = planned.run("test_marked"), planned.run("test_again")
    assert [(limit.holders, limit.what) for limit in marked.limits] == [
        (4, "'api'"),
        (4, "'net'"),
        (3, "the fixture `pool`"),
    ]
    assert marked.reasons[-1] == "never more than 3 at once that use the fixture `pool`"
    assert ([limit.key for limit in again.limits], again.keys) == (["api", "net"], ("db",))
    assert [lane for lane, _, _ in planned.windows()] == [OVERLAP]


def test_a_key_has_one_number(project):
    planned = project.plan("""
        from rustest import mark

        @mark.concurrency(4, "api")
        async def test_first(): ...
        @mark.concurrency(4, "api")
        async def test_same(): ...
        @mark.concurrency(5, "api")
        async def test_more(): ...
        @mark.serial("api")
        async def test_serial(): ...
        @mark.concurrency(1, "db")
        async def test_one(): ...
        @mark.serial("db")
        async def test_one_too(): ...
    """)
    assert planned.run("test_same").limits == planned.run("test_first").limits
    assert "test_it.py::test_first" in planned.problem("test_more")
    assert "at most 5 at once" in planned.problem("test_more")
    assert "at most 1 at once" in planned.problem("test_serial")
    assert planned.run("test_one_too").keys == ("db",)


def test_of_two_marks_that_limit_one_key_the_nearest_counts(project):
    planned = project.plan("""
        from rustest import mark

        @mark.concurrency(4, "api", "net")
        class TestIt:
            @mark.concurrency(2, "api")
            async def test_it(self): ...
    """)
    assert [(limit.key, limit.holders) for limit in planned.run("test_it").limits] == [("api", 2), ("net", 4)]


@pytest.mark.parametrize("arguments", [(0, "api"), (True, "api"), ("4", "api"), (4,)], ids=repr)
def test_a_number_of_holders_that_makes_no_sense_is_a_problem(project, arguments):
    planned = project.plan(f"""
        from rustest.model.marks import Mark

        pytestmark = [Mark("concurrency", {arguments})]
        async def test_it(): ...
    """)
    assert "mark.concurrency takes a number and keys" in planned.problem("test_it")


def test_the_reason_is_kept(project):
    planned = project.plan(FIXTURES)
    assert planned.run("test_a_plain").reasons == ()
    assert planned.run("test_a_sync").reasons == ()
    assert planned.run("test_a_serial").reasons == ("alone: marked serial",)
    reason = "overlaps only with users of its class's fixtures, as it uses `of_class`"
    assert planned.run("test_a_class").reasons[-1] == reason
    assert planned.run("test_c_package").reasons == (
        "overlaps only with users of its package's fixtures, as it uses `of_package`",
    )


def test_a_bare_serial_mark_puts_async_tests_alone_and_leaves_sync_ones_in_line(project):
    planned = project.plan("""
        from rustest import mark

        @mark.serial
        class TestIt:
            def test_sync(self): ...
            async def test_async(self): ...
    """)
    assert planned.windows() == [(SYNC, "test_it.py", ["test_sync"]), (ALONE, "test_it.py", ["test_async"])]


def test_serial_keys_of_marks_and_fixtures_are_held_and_restrict_nothing_else(project):
    planned = project.plan("""
        from rustest import fixture, mark

        @fixture(serial="queue")
        def queue(): ...
        @fixture
        def client(queue): ...

        @mark.serial("db")
        class TestIt:
            @mark.serial("mail", "db")
            async def test_both(self, client): ...
            async def test_one(self): ...
        async def test_none(): ...
    """)
    assert planned.windows() == [(OVERLAP, "the whole run", ["test_both", "test_one", "test_none"])]
    assert planned.run("test_both").keys == ("queue", "mail", "db")
    assert planned.run("test_one").keys == ("db",)
    assert planned.run("test_one").reasons == ("never beside other holders of 'db'",)
    assert planned.run("test_none").keys == ()


def test_what_is_skipped_or_cannot_run_stands_beside_the_files_sync_tests(project):
    planned = project.plan("""
        from rustest import mark

        async def test_async(): ...
        @mark.skip
        async def test_skipped(): ...
        async def test_problem(nothing): ...
    """)
    assert planned.windows() == [
        (OVERLAP, "the whole run", ["test_async"]),
        (SYNC, "test_it.py", ["test_skipped", "test_problem"]),
    ]


def test_one_at_a_time_goes_strictly_in_file_order(project):
    source = """
        from rustest import fixture, mark

        @fixture(scope="module")
        def of_module(): ...

        async def test_1(of_module): ...
        @mark.serial
        async def test_2(): ...
        def test_3(): ...
        async def test_4(): ...
        @mark.skip
        async def test_5(): ...
    """
    windows = project.plan({"test_a.py": source, "test_b.py": source}, concurrency=1).windows()
    one_file = [(OVERLAP, ["test_1", "test_2"]), (SYNC, ["test_3"]), (OVERLAP, ["test_4", "test_5"])]
    assert windows == [(lane, file, names) for file in ("test_a.py", "test_b.py") for lane, names in one_file]


LOOP_FACTORIES = """
    import asyncio
    from rustest import fixture, mark

    @fixture(scope="module")
    def of_module(): ...

    @mark.asyncio(loop_factory=asyncio.SelectorEventLoop)
    async def test_private(): ...
    @mark.asyncio(loop_factory=asyncio.SelectorEventLoop, loop_scope="module")
    async def test_shared(): ...
    @mark.asyncio(loop_scope="module")
    async def test_shared_too(): ...
    @mark.asyncio(loop_scope="module")
    async def test_shared_module(of_module): ...
    async def test_module(of_module): ...
    async def test_plain(): ...
"""


def test_a_loop_of_the_users_own_kind_has_windows_of_its_own(project):
    planned = project.plan(LOOP_FACTORIES)
    assert planned.windows() == [
        (OVERLAP, "the whole run", ["test_plain"]),
        (OVERLAP, "fixtures of module test_it.py, on a loop_factory's loop", ["test_shared_module"]),
        (OVERLAP, "fixtures of module test_it.py", ["test_module"]),
        (OVERLAP, "the loop that a loop_factory makes for test_it.py", ["test_shared", "test_shared_too"]),
        (ALONE, "test_it.py", ["test_private"]),
    ]
    assert "loop_factory" in planned.run("test_private").reasons[-1]
    assert "loop_factory" in planned.run("test_shared_too").reasons[-1]


def test_an_empty_collection_has_an_empty_plan(project):
    plan = project.plan({"test_empty.py": ""}).plan
    assert (plan.windows, plan.total) == ((), 0)
