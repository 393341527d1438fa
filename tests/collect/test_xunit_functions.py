"""What `setup_module` and its kin become, and which of them cannot be run."""

import pytest

from rustest.model.calls import CallKind
from rustest.model.scope import Scope


def test_each_pair_is_one_autouse_fixture_of_its_place(project):
    source = """
        def setup_module(): ...
        def teardown_module(): ...
        def teardown_function(): ...

        class TestIt:
            def setup_class(cls): ...
            def setup_method(self): ...
            def teardown_method(self): ...
            def test_a(self): ...
        """
    project.write({"test_it.py": source})
    fixtures = project.collect().fixtures
    assert [(one.name, one.place, one.scope, one.line) for one in fixtures] == [
        ("test_it.setup_module", "test_it.py", Scope.MODULE, 2),
        ("test_it.teardown_function", "test_it.py", Scope.FUNCTION, 4),
        ("TestIt.setup_class", "test_it.py::TestIt", Scope.CLASS, 7),
        ("TestIt.setup_method", "test_it.py::TestIt", Scope.FUNCTION, 8),
    ]
    assert all(one.autouse for one in fixtures)


def test_they_come_before_the_other_fixtures_of_their_place(project):
    source = """
        from rustest import fixture

        @fixture(autouse=True)
        def other(): ...

        def setup_function(): ...
        """
    project.write({"test_it.py": source})
    assert [one.name for one in project.collect().fixtures] == ["test_it.setup_function", "other"]


def test_async_ones_make_an_async_fixture(project):
    source = """
        async def setup_module(): ...

        class TestIt:
            async def setup_method(self): ...
            async def teardown_method(self): ...
            def test_a(self): ...
        """
    project.write({"test_it.py": source})
    assert {one.kind for one in project.collect().fixtures} == {CallKind.ASYNC_GENERATOR}


@pytest.mark.parametrize(
    ("source", "where", "told"),
    [
        ("def setup_module(): yield\n", "test_it.py", "setup_module yields"),
        (
            "def setup_function(): ...\nasync def teardown_function(): ...\n",
            "test_it.py",
            "teardown_function is async and setup_function is not",
        ),
        ("class TestIt:\n  async def setup_method(self): yield\n", "test_it.py::TestIt", "setup_method yields"),
    ],
)
def test_what_cannot_be_run_keeps_its_tests_from_running(project, source, where, told):
    problem = project.problem(source + "  def test_a(self): ...\n" * ("class" in source) + "def test_b(): ...\n")
    assert problem.where == where
    assert told in problem.failure.message
    assert [item.id for item in project.collect().items] == ["test_it.py::test_b"] * ("class" in source)


def test_without_such_functions_there_is_no_fixture(project):
    project.write({"test_it.py": "setup_module = None\n\nclass TestIt:\n    def test_a(self): ...\n"})
    assert project.collect().fixtures == ()
