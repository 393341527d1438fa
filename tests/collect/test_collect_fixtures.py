"""Which fixtures a module holds, where they are seen, and their params."""

from rustest.model.calls import CallKind


def test_fixtures_are_found_in_modules_and_classes_at_their_places(project):
    source = """
        from rustest import fixture
        @fixture(name="renamed", scope="module", autouse=True, serial="db")
        def original(): yield
        @fixture
        def test_client(): pass
        class Base:
            @fixture
            async def over(self, renamed): pass
            @fixture
            def base(self): pass
        class TestA(Base):
            @fixture
            async def over(self): yield
            @staticmethod
            @fixture
            def static(): pass
            @classmethod
            @fixture
            def bound(cls, over): pass
            class TestB:
                @fixture
                def inner(self): pass
                def test_a(self): pass
        """
    project.write({"test_it.py": source})
    collection = project.collect()
    assert [item.id for item in collection.items] == ["test_it.py::TestA::TestB::test_a"]
    found = {(fixture.place, fixture.name): fixture for fixture in collection.fixtures}
    assert list(found) == [
        ("test_it.py", "renamed"),
        ("test_it.py", "test_client"),
        ("test_it.py::TestA", "base"),
        ("test_it.py::TestA", "over"),
        ("test_it.py::TestA", "static"),
        ("test_it.py::TestA", "bound"),
        ("test_it.py::TestA::TestB", "inner"),
    ]
    renamed, _, base, over, static, bound, _ = found.values()
    assert (renamed.scope.label, renamed.autouse, renamed.kind, renamed.cls) == (
        "module",
        True,
        CallKind.GENERATOR,
        None,
    )
    assert (renamed.serial, renamed.file, renamed.line) == (("db",), "test_it.py", 3)
    assert (over.kind, over.arguments, over.cls) == (CallKind.ASYNC_GENERATOR, (), base.cls)
    assert base.cls.__name__ == "TestA"
    assert (static.cls, bound.cls, bound.arguments) == (None, None, ("over",))


def test_a_fixtures_params_become_parameter_sets_with_their_ids(project):
    source = """
        from rustest import fixture, mark, param
        @fixture(params=[1, param("x", id="named", marks=mark.slow), [2], 1])
        def plain(): pass
        @fixture(params=["a", "b"], ids=str.upper)
        def upper(): pass
        """
    project.write({"test_it.py": source})
    plain, upper = project.collect().fixtures
    assert [(each.id, each.values, [mark.name for mark in each.marks]) for each in plain.params] == [
        ("1_0", (1,), []),
        ("named", ("x",), ["slow"]),
        ("plain2", ([2],), []),
        ("1_1", (1,), []),
    ]
    assert [each.id for each in upper.params] == ["A", "B"]


def test_a_fixture_whose_ids_fail_is_a_problem_at_its_place(project):
    problem = project.problem("from rustest import fixture\n@fixture(params=[0], ids=lambda x: 1 / x)\ndef a(): pass")
    assert problem.where == "test_it.py::a"
    assert problem.failure.message.startswith("no id for a0: the ids function raised ZeroDivisionError")
    assert problem.failure.cause.frames[-1].line == 2


def test_a_param_of_several_values_is_a_problem_of_its_fixture(project):
    problem = project.problem("from rustest import fixture, param\n@fixture(params=[1, param(1, 2)])\ndef a(): pass")
    assert (problem.where, problem.failure.headline) == (
        "test_it.py::a",
        "param 1 of fixture 'a' has 2 values: give it one, or a tuple",
    )
