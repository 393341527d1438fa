"""Parametrized tests: their cases, ids and marks, held against pytest's own."""

import os
import subprocess
import sys
from textwrap import dedent

import pytest

from rustest.model.fixtures import FixtureParam

VALUES = """
    import enum, re
    class Colour(enum.Enum): RED = 1
    class Number(enum.IntEnum): ONE = 1
    class Text(str, enum.Enum): X = "x"
    class Bits(enum.Flag): A = 1; B = 2
    class Plain: pass
    class Named:
        __name__ = "named"
    class OddName:
        __name__ = 3
    values = [
        "x", "", "é\\n\\t\\r\\x00\\x7f", "back\\\\slash", "☃", "a b", "a::b", "[x]", "y" * 100, "y" * 101,
        b"x", b"\\xff\\n", b"z" * 101, 0, -1, 1.5, 1e300, float("nan"), float("-inf"), True, None, 1 + 2j,
        re.compile("a.b\\n"), re.compile(b"\\xffx"), Colour.RED, Number.ONE, Text.X, Bits.A | Bits.B,
        Plain, Plain(), Named(), OddName(), int, len, print, lambda: 1, re, re.compile,
        (1, 2), [1], {}, {1}, ..., NotImplemented, object(), range(3), type(None),
    ]
    """

TESTS = """
    @parametrize("a", values)
    def test_values(a): pass

    @parametrize("a", ["x", "x", "x0", 1, 1, "1", "1_0", "", "", "a0", "a0", "a", "a", "a1"])
    def test_duplicates(a): pass

    @parametrize("x", [0, 1])
    @parametrize("y", ["a", "b"])
    @parametrize("z", [None])
    def test_stacked(x, y, z): pass

    @parametrize("x", [])
    def test_empty(x): pass

    @parametrize("x,y", [])
    @parametrize("z", "ab")
    def test_empty_stacked(x, y, z): pass

    @parametrize("x", [1, 2])
    class TestClass:
        @parametrize("y", [3, 4])
        def test_method(self, x, y): pass
        class TestInner:
            def test_inner(self, x): pass

    @parametrize(["x"], [(1,), (2,)])
    def test_list(x): pass

    @parametrize("x, y", [(1, "k"), ["l", 2], "mn"[:0] or ("m", "n")])
    def test_pairs(x, y): pass

    @parametrize(("x", "y"), [(1, object())])
    def test_tuple_of_names(x, y): pass

    @parametrize("x", [1, 2, 3], ids=["a", None, "é"])
    def test_ids(x): pass

    @parametrize("x", [1, 2], ids=[1.5, 1.5])
    def test_equal_ids(x): pass

    @parametrize("x,y", [(1, "k"), (2, "l"), (3, "m")], ids=lambda v: {1: "one", 2: Plain(), "m": b"bytes"}.get(v))
    def test_ids_function(x, y): pass

    @parametrize("x", [param(1, id="é"), param(2), param(3, id="é"), param("", id="")])
    def test_param_ids(x): pass

    @parametrize("x", [1, param(2, id="p"), 3], ids=["a", "b", None])
    def test_param_id_wins(x): pass

    @parametrize("x", range(3))
    @parametrize("y", (n for n in (1, 2)))
    def test_other_iterables(x, y): pass

    @parametrize("x", [1])
    def test_single(x): pass

    @parametrize("db", [1], indirect=True)
    def test_indirect(db): pass

    @parametrize("db", [1])
    def test_argument_of_a_fixture(client): pass
    """

FIXTURES = """
    @fixture
    def db(request): pass
    @fixture
    def client(db): pass
    """


def pytest_ids(folder) -> list[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "--collect-only",
            "-q",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore",
            "test_it.py",
        ],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.split("\n\n")[0].splitlines()


def test_cases_and_ids_are_pytests_own(project, tmp_path_factory):
    body = dedent(VALUES) + dedent(FIXTURES) + dedent(TESTS)
    project.write({"test_it.py": "from rustest import fixture, param, parametrize\n" + body})
    theirs = tmp_path_factory.mktemp("pytest")
    head = "from pytest import fixture, mark, param\nparametrize = mark.parametrize\n"
    (theirs / "pytest.ini").write_text("[pytest]\n")
    (theirs / "test_it.py").write_text(head + body)
    assert project.ids() == pytest_ids(theirs)


def cases(project, source: str) -> list:
    project.write({"test_it.py": "from rustest import fixture, mark, param, parametrize\n" + dedent(source)})
    collection = project.collect()
    assert collection.problems == ()
    return list(collection.items)


def test_values_go_to_arguments_and_to_fixtures_where_they_are_indirect(project):
    source = """
        @parametrize("a,b,c", [(1, 2, 3)], indirect=["b"])
        @parametrize("d", [4], indirect=True)
        def test_it(a, b, c, d): pass
        """
    (item,) = cases(project, source)
    assert item.case.direct() == {"a": 1, "c": 3}
    assert item.case.indirect == {"d": FixtureParam(0, 4, "4"), "b": FixtureParam(0, 2, "1-2-3")}


def test_the_marks_of_a_case_come_before_those_of_its_function(project):
    source = """
        @mark.own
        @parametrize("a", [param(1, marks=[mark.one, mark.two]), 2])
        @parametrize("b", [param(1, marks=mark.three)])
        def test_it(a, b): pass
        """
    first, second = cases(project, source)
    assert [mark.name for mark in first.marks] == ["three", "one", "two", "parametrize", "parametrize", "own"]
    assert [mark.name for mark in first.case.marks] == ["three", "one", "two"]
    assert [mark.name for mark in second.case.marks] == ["three"]


def test_a_test_without_parametrize_has_no_case(project):
    (item,) = cases(project, "@mark.slow\ndef test_it(): pass")
    assert (item.id, item.case, item.marks) == ("test_it.py::test_it", None, item.function.marks)


def test_an_empty_list_of_values_leaves_one_case_that_is_skipped(project):
    (item,) = cases(project, "@parametrize('x,y', [])\ndef test_it(x, y): pass")
    assert (item.id, item.case.direct()) == ("test_it.py::test_it[NOTSET]", {"x": None, "y": None})
    (skip,) = item.case.marks
    assert (skip.name, skip.kwargs) == ("skip", {"reason": "got empty parameter set for (x, y)"})


def test_ids_of_different_decorators_that_join_to_the_same_text_stay_apart(project):
    source = """
        @parametrize("x", ["a", "b-a"])
        @parametrize("y", ["c", "c-b"])
        def test_it(x, y): pass
        """
    assert [item.case.id for item in cases(project, source)] == ["c-a", "c-b-a", "c-b-a_1", "c-b-b-a"]


def test_a_name_may_be_an_argument_of_a_fixture_that_the_test_uses(project):
    source = """
        @fixture
        def db(url): pass
        @fixture
        def client(db): pass
        @fixture(autouse=True)
        def always(level): pass
        @parametrize("url", [1])
        def test_direct(client): pass
        @parametrize("level", [1])
        def test_autouse(): pass
        @mark.usefixtures("client")
        @parametrize("db", [1], indirect=True)
        def test_usefixtures(): pass
        """
    assert len(cases(project, source)) == 3


def test_a_fixture_uses_the_one_that_it_overrides_if_it_asks_for_it(project):
    project.write({"conftest.py": "from rustest import fixture\n@fixture\ndef client(url): pass\n"})
    source = """
        @fixture
        def client(client): pass
        @parametrize("url", [1])
        def test_it(client): pass
        """
    assert len(cases(project, source)) == 1


def test_what_an_overridden_fixture_asks_for_does_not_count_where_nobody_uses_it(project):
    project.write({"conftest.py": "from rustest import fixture\n@fixture\ndef client(url): pass\n"})
    source = """
        from rustest import fixture, parametrize
        @fixture
        def client(): pass
        @parametrize("url", [1])
        def test_it(client): pass
        """
    assert project.problem(source).where == "test_it.py::test_it"


def test_a_fixture_that_only_another_class_sees_does_not_count(project):
    source = """
        from rustest import fixture, parametrize
        class TestA:
            @fixture
            def client(self, url): pass
        @parametrize("url", [1])
        def test_it(client): pass
        """
    assert project.problem(source).where == "test_it.py::test_it"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "@parametrize('x', [1])\n@parametrize('x', [2])\ndef test_it(x): pass",
            "'x' is parametrized twice: merge the two parametrize marks or rename one argument",
        ),
        (
            "@parametrize('y', [1])\ndef test_it(x): pass",
            "parametrize names 'y', which the test does not take (its arguments: x): add it or remove it",
        ),
        (
            "@parametrize('y', [1], indirect=True)\ndef test_it(): pass",
            "parametrize sends values to the fixture 'y', which the test does not use: add the argument",
        ),
        (
            "@parametrize('x', [1])\ndef test_it(x=2): pass",
            "argument 'x' is parametrized and has a default value: remove the default",
        ),
        (
            "@parametrize('request', [1])\ndef test_it(request): pass",
            "'request' is what fixtures are asked with and cannot be parametrized: rename the argument",
        ),
        (
            "@parametrize('x', [1, 0], ids=lambda x: 1 / x)\ndef test_it(x): pass",
            "no id for x1: the ids function raised ZeroDivisionError; give the case one with param(..., id=...)",
        ),
    ],
)
def test_a_parametrization_that_cannot_be_is_a_problem_of_its_test(project, source, message):
    project.write({"test_it.py": f"from rustest import parametrize\n{source}\ndef test_other(): pass"})
    collection = project.collect()
    assert [item.id for item in collection.items] == ["test_it.py::test_other"]
    assert [(problem.where, problem.failure.headline) for problem in collection.problems] == [
        ("test_it.py::test_it", message)
    ]


def test_a_value_whose_name_cannot_be_read_is_a_problem_that_shows_why(project):
    source = """
        from rustest import parametrize
        class Lazy:
            @property
            def __name__(self): raise RuntimeError("not now")
        @parametrize("x", [Lazy()])
        def test_it(x): pass
        """
    failure = project.problem(source).failure
    assert failure.message.startswith("no id for x0: reading the value raised RuntimeError")
    assert failure.cause.headline == "RuntimeError: not now"


def test_many_cases_are_all_there(project):
    items = cases(project, "@parametrize('x', range(50))\n@parametrize('y', range(50))\ndef test_it(x, y): pass")
    assert len({item.id for item in items}) == 2500
