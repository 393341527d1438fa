"""`pytest.mark` under rustest: what marks take, and what they do."""

import pytest

from rustest.compat.names.marks import mark
from rustest.model.marks import Mark
from rustest.model.outcome import Verdict
from rustest.testing import run_project


def project(body: str) -> dict[str, str]:
    return {"test_one.py": f"import pytest\n\n{body}"}


def test_a_mark_decorates_a_function_or_class_and_takes_anything_else():
    def target(): ...

    class Target: ...

    assert mark.slow(target) is target
    assert mark.slow(1, key="x")(Target) is Target
    assert target.pytestmark == [Mark("slow")]
    assert Target.pytestmark == [Mark("slow", (1,), {"key": "x"})]


@pytest.mark.parametrize("call", [lambda mark: mark(len, 1), lambda mark: mark(lambda: 1), lambda mark: mark(key=1)])
def test_marks_take_the_arguments_that_pytests_take(call):
    own, witness = call(mark.usefixtures), call(pytest.mark.usefixtures)
    assert [type(arg) for arg in own.args] == [type(arg) for arg in witness.args]
    assert own.kwargs == witness.kwargs
    assert own.name == witness.name


def test_with_args_takes_a_function_as_an_argument():
    assert mark.slow.with_args(len, key=1).mark == Mark("slow", (len,), {"key": 1})


def test_calls_add_up():
    assert mark.slow(1, a=1)(2, b=2).mark == Mark("slow", (1, 2), {"a": 1, "b": 2})


def test_parametrize_says_what_was_written():
    values = [1, 2]
    written = mark.parametrize("one", values, ids=str)
    assert (written.args, written.kwargs) == (("one", values), {"ids": str})
    assert mark.parametrize(argnames="one", argvalues=iter("ab")).kwargs == {"argnames": "one", "argvalues": ("a", "b")}


def test_parametrize_takes_pytests_order_of_arguments(tmp_path):
    report = run_project(
        tmp_path,
        project(
            """
            @pytest.fixture
            def one(request): return request.param

            @pytest.mark.parametrize("one", [1, 2], True, ["a", "b"], "module")
            def test_one(one): assert one in (1, 2)

            def endless():
                yield from ("first", "second")
                while True:
                    yield "more"

            @pytest.mark.parametrize(argnames="x", argvalues=iter([1, 2]), ids=endless())
            def test_two(x): assert x in (1, 2)
            """.replace("            ", "")
        ),
        pytest_compat="on",
    )
    assert report.ids(Verdict.PASSED) == (
        "test_one.py::test_one[a]",
        "test_one.py::test_one[b]",
        "test_one.py::test_two[first]",
        "test_one.py::test_two[second]",
    )


@pytest.mark.parametrize(
    ("written", "retries"),
    [
        ("flaky", 1),
        ("flaky(reruns=2)", 2),
        ("flaky(3, 0)", 3),
        ("flaky(reruns=2, condition=False)", 0),
        ("flaky(max_runs=3, min_passes=1)", 2),
    ],
)
def test_flaky_tries_again_as_the_plugin_for_reruns_does(tmp_path, written, retries):
    test = f"def test_one():\n    tries.append(1)\n    assert len(tries) > {retries}\n"
    body = f"tries = []\n\n@pytest.mark.{written}\n{test}"
    assert run_project(tmp_path, project(body), pytest_compat="on").status == 0


def test_users_own_names_are_no_more_than_names(tmp_path):
    body = "@pytest.mark.concurrency\n@pytest.mark.serial\n@pytest.mark.anything(1, x=2)\ndef test_one(): pass\n"
    assert run_project(tmp_path, project(body), pytest_compat="on").status == 0


def test_an_expected_failure_does_not_excuse_a_fixture_that_is_not_there(tmp_path):
    body = "@pytest.mark.xfail\ndef test_one(nowhere): pass\n"
    report = run_project(tmp_path, project(body), pytest_compat="on")
    assert report.ids(Verdict.ERROR) == ("test_one.py::test_one",)
