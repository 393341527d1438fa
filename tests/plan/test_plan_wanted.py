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
        project.plan_as_it_is("test_it.py::test_first", f"test_it.py::{wanted}")
    assert str(raised.value).startswith(message)


def test_a_method_without_its_class_is_found_for_the_message_in_any_class(project):
    methods = "    def test_add(self): pass\n"
    project.write({"test_it.py": f"class TestSum:\n{methods}class TestList:\n{methods}def test_added(): pass\n"})
    with pytest.raises(UsageError) as raised:
        project.plan_as_it_is("test_it.py::test_add")
    assert str(raised.value).endswith("did you mean test_it.py::TestList::test_add or test_it.py::TestSum::test_add?")


def test_names_that_have_little_more_than_test_in_common_are_not_guessed(project):
    project.write({"test_it.py": "def test_group(): pass\ndef test_gather(): pass\n"})
    with pytest.raises(UsageError) as raised:
        project.plan_as_it_is("test_it.py::test_pay")
    assert str(raised.value) == "no such test: test_it.py::test_pay"


def test_problems_of_what_is_not_wanted_are_left_out(project):
    source = """
        from rustest import parametrize
        def test_good(): pass
        @parametrize("y", [1])
        def test_bad(): pass
        class TestOld:
            def setup_method(self): yield
            def test_a(self): pass
        """
    project.write({"test_it.py": source})
    assert project.ids("test_it.py::test_good") == ["test_it.py::test_good"]
    for wanted, where in [("test_bad[1]", "test_bad"), ("TestOld::test_a", "TestOld")]:
        plan = project.plan_as_it_is(f"test_it.py::{wanted}")
        assert [problem.where for problem in plan.problems] == [f"test_it.py::{where}"]
        assert plan.windows == ()


def test_an_id_in_a_file_that_cannot_be_imported_is_a_problem_of_the_file(project):
    project.write({"test_it.py": "1 / 0"})
    (problem,) = project.plan_as_it_is("test_it.py::test_a").problems
    assert problem.where == "test_it.py"


PARAMS = """
    from rustest import fixture, parametrize
    @fixture(params=[1, 3], ids=["m1", "m3"], scope="module")
    def number(request): return request.param
    @parametrize("text", ["a", "b"])
    def test_both(number, text): pass
    class TestIt:
        def test_method(self, number): pass
    def test_plain(): pass
    """


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("test_both[m3-a]", ["test_both[m3-a]"]),
        ("test_both", ["test_both[m1-a]", "test_both[m1-b]", "test_both[m3-a]", "test_both[m3-b]"]),
        ("TestIt", ["TestIt::test_method[m1]", "TestIt::test_method[m3]"]),
    ],
)
def test_ids_of_tests_whose_fixtures_have_params_name_one_or_all_of_them(project, wanted, found):
    project.write({"test_it.py": PARAMS})
    assert project.ids(f"test_it.py::{wanted}") == [f"test_it.py::{name}" for name in found]


def test_a_param_that_does_not_exist_is_a_usage_error_with_near_names(project):
    project.write({"test_it.py": PARAMS})
    with pytest.raises(UsageError, match=r"no such test: test_it.py::test_both\[m2-a\]; did you mean .*\[m[13]-a\]"):
        project.ids("test_it.py::test_both[m2-a]")


def test_a_file_that_cannot_be_read_tells_why_rather_than_that_the_test_is_missing(project):
    project.write({"test_it.py": "pytestmark = 3\ndef test_a(): pass"})
    (problem,) = project.plan_as_it_is("test_it.py::test_a").problems
    assert problem.where == "test_it.py"
