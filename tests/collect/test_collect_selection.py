"""Node ids on the command line."""

import pytest

from rustest.model.errors import UsageError

SOURCE = """
    from rustest import parametrize
    def test_first(): pass
    @parametrize("x", ["a", "b::c", "d]["])
    def test_cases(x): pass
    class TestOuter:
        def test_a(self): pass
        class TestInner:
            def test_a(self): pass
            def test_b(self): pass
    class TestOuterToo:
        def test_a(self): pass
    """


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (["test_first"], ["test_first"]),
        (["test_cases"], ["test_cases[a]", "test_cases[b::c]", "test_cases[d][]"]),
        (["test_cases[b::c]"], ["test_cases[b::c]"]),
        (["test_cases[d][]"], ["test_cases[d][]"]),
        (["TestOuter"], ["TestOuter::test_a", "TestOuter::TestInner::test_a", "TestOuter::TestInner::test_b"]),
        (["TestOuter::TestInner::test_b", "TestOuter::test_a"], ["TestOuter::test_a", "TestOuter::TestInner::test_b"]),
        (
            ["test_cases[a]", "test_cases", "test_first"],
            ["test_first", "test_cases[a]", "test_cases[b::c]", "test_cases[d][]"],
        ),
    ],
)
def test_an_id_means_a_test_all_its_cases_or_a_class_in_the_order_of_the_file(project, wanted, found):
    project.write({"sub/test_it.py": SOURCE})
    ids = [f"sub/test_it.py::{name}" for name in wanted]
    assert project.ids(*ids) == [f"sub/test_it.py::{name}" for name in found]


def test_ids_and_paths_of_several_files_keep_the_order_in_which_they_are_given(project):
    project.write({"test_a.py": SOURCE, "test_b.py": SOURCE})
    assert project.ids("test_b.py::test_first", "test_a.py::test_first", "test_b.py::TestOuterToo") == [
        "test_b.py::test_first",
        "test_b.py::TestOuterToo::test_a",
        "test_a.py::test_first",
    ]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("test_frist", "no such test: test_it.py::test_frist; did you mean test_it.py::test_first"),
        ("test_cases[b]", "no such test: test_it.py::test_cases[b]; did you mean test_it.py::test_cases"),
        ("zzz", "no such test: test_it.py::zzz"),
        (
            "TestOuter::test_b",
            "no such test: test_it.py::TestOuter::test_b; did you mean test_it.py::TestOuter::test_a",
        ),
        ("", "no such test: test_it.py::"),
    ],
)
def test_an_id_that_matches_nothing_is_a_usage_error_with_near_names(project, wanted, message):
    project.write({"test_it.py": SOURCE})
    with pytest.raises(UsageError) as raised:
        project.collect("test_it.py::test_first", f"test_it.py::{wanted}")
    assert str(raised.value).startswith(message)


def test_problems_of_what_is_not_wanted_are_left_out(project):
    source = """
        from unittest import TestCase
        from rustest import parametrize
        def test_good(): pass
        @parametrize("y", [1])
        def test_bad(): pass
        class TestOld(TestCase):
            def test_a(self): pass
        """
    project.write({"test_it.py": source})
    assert project.ids("test_it.py::test_good") == ["test_it.py::test_good"]
    for wanted, where in [("test_bad[1]", "test_bad"), ("TestOld::test_a", "TestOld")]:
        collection = project.collect(f"test_it.py::{wanted}")
        assert [problem.where for problem in collection.problems] == [f"test_it.py::{where}"]
        assert collection.items == ()


def test_an_id_in_a_file_that_cannot_be_imported_is_a_problem_of_the_file(project):
    project.write({"test_it.py": "1 / 0"})
    (problem,) = project.collect("test_it.py::test_a").problems
    assert problem.where == "test_it.py"
