"""`--explain`: all that is planned for one test, and where each part comes from."""

import pytest

from rustest.cli.main import main
from rustest.cli.settings import make_settings
from rustest.model.report import ExitStatus
from rustest.model.settings import Settings
from rustest.report.listings.explanation import explain_steps, find_steps
from rustest.testing import plan_project, write_project

PROJECT = {
    "conftest.py": """
        from rustest import fixture

        @fixture(scope="session", limit=3, serial="db")
        async def pool():
            "The pool."
            yield 1
    """,
    "test_it.py": """
        import asyncio, os
        from unittest.mock import patch
        from rustest import mark, param
        pytestmark = mark.slow
        state = {}

        @mark.concurrency(2, "api")
        class TestIt:
            @mark.asyncio(timeout=4)
            @mark.serial("mail")
            @mark.parametrize("case", [param(1, marks=mark.first), 2])
            async def test_pool(self, pool, case):
                with patch("os.getcwd"): pass
                await asyncio.sleep(0)

        async def test_env():
            os.environ["A"] = "1"
            await asyncio.sleep(0)

        async def test_plain(): ...
        async def test_beside(): ...
        async def test_store(): state["a"] = 1
        async def test_read(): assert state
        @mark.skip(reason="not today")
        def test_skipped(): ...
        def test_sync(tmp_path): ...
        async def test_broken(nothing): ...
    """,
}


@pytest.fixture(scope="module")
def explain(tmp_path_factory):
    plan = plan_project(tmp_path_factory.mktemp("project"), PROJECT, timeout=9.0)

    def explain(node_id: str) -> str:
        found = find_steps(plan, node_id)
        assert found
        return "\n".join(explain_steps(plan, found, Settings(timeout=9.0)))

    return explain


def test_of_a_test_with_everything_it_says_where_each_part_comes_from(explain):
    assert (
        explain("test_it.py::TestIt::test_pool[1]")
        == """\
test_it.py::TestIt::test_pool[1]  test_it.py:10
  window:   1 of 3, the whole run: overlapping
  beside:   4 tests, at most 100 at once: test_it.py::test_plain, test_it.py::test_beside, test_it.py::test_store, \
test_it.py::test_read
  because:  never beside other holders of 'db', 'mail'
            never more than 2 at once that use 'api'
            never more than 3 at once that use the fixture `pool`
            shares the session's loop: its async fixture `pool`
  process:  it uses `unittest.mock.patch` at test_it.py:14
            nobody else sees that: it is undone before the test awaits
  loop:     shared loop of its session
  fixtures: pool  [session, async]  conftest.py:4
              The pool.
  timeout:  4 s, from mark.asyncio(timeout=4) of the test
  keys:     'db', one holder at a time, from the fixture `pool`
            'mail', one holder at a time, from the test
            'api', at most 2 at once, from the class TestIt
            the fixture `pool`, at most 3 at once
  marks:    mark.first, from the case
            mark.serial('mail'), from the test
            mark.asyncio(timeout=4), from the test
            mark.concurrency(2, 'api'), from the class TestIt
            mark.slow, from the module"""
    )


def test_of_a_test_alone_it_says_why(explain):
    told = explain("test_it.py::test_env")
    assert "because:  alone: it writes `os.environ` at test_it.py:18" in told
    assert "beside:   no other test" in told
    assert "process:  it writes `os.environ` at test_it.py:18" in told


def test_who_waits_for_whom_is_not_beside_it(explain):
    for name, other in (("test_store", "test_read"), ("test_read", "test_store")):
        told = explain(f"test_it.py::{name}")
        (beside,) = [line for line in told.splitlines() if "beside:" in line]
        assert other not in beside
    assert "after test_store: it reads the global `state` that test_store changes" in told


def test_of_a_sync_test_it_says_that_it_needs_no_loop(explain):
    told = explain("test_it.py::test_sync")
    assert "loop:     none" in told
    assert "timeout:  9 s, from the setting `timeout`, 9" in told
    assert "process:" not in told


def test_of_a_test_that_does_not_run_it_says_why(explain):
    assert "runs:     no: skipped: not today" in explain("test_it.py::test_skipped")
    assert "runs:     no: cannot run" in explain("test_it.py::test_broken")


def test_a_class_or_function_stands_for_all_its_tests(explain):
    assert [line for line in explain("test_it.py::TestIt").splitlines() if "::test_pool[" in line[:40]] == [
        "test_it.py::TestIt::test_pool[1]  test_it.py:10",
        "test_it.py::TestIt::test_pool[2]  test_it.py:10",
    ]


@pytest.mark.parametrize(
    ("node_id", "says"),
    [
        ("test_small.py::test_one", "test_small.py::test_one  test_small.py:1"),
        ("test_small.py::test_deselected", "test_small.py::test_deselected  test_small.py:2"),
        ("test_small.py::test_onne", "error: no such test: test_small.py::test_onne; did you mean"),
        ("test_no.py::test_one", "error: no such file or folder: test_no.py"),
    ],
)
def test_the_command_explains_what_there_is_and_complains_of_what_there_is_not(
    tmp_path, monkeypatch, capsys, node_id, says
):
    write_project(tmp_path, {"test_small.py": "async def test_one(): ...\nasync def test_deselected(): ..."})
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    status = main(["--explain", node_id, "-k", "not deselected"])
    assert status == (ExitStatus.USAGE_ERROR if "error" in says else ExitStatus.OK)
    assert says in "".join(capsys.readouterr())


def test_explain_belongs_to_a_single_run(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.rustest]\nexplain = "x"\n')
    with pytest.raises(Exception, match="belongs to a single run"):
        make_settings({"rootdir": str(tmp_path)})
