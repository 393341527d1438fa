"""`--isolate`: the test that breaks another one is found among its neighbours, and named."""

import pytest

from rustest.cli.main import main
from rustest.model.report import ExitStatus
from rustest.testing import write_project

APP = """
    import asyncio

    mode = "plain"

    async def turns(number):  # no clock, which on a busy machine has several waits end at once
        for _ in range(number):
            await asyncio.sleep(0)

    def switch(value):
        global mode
        before, mode = mode, value
        return before
"""
TESTS = """
    import asyncio
    import os
    import signal
    import app
    from rustest import mark, parametrize

    async def test_breaks():
        before = app.switch("other")
        await app.turns(40)
        app.switch(before)

    async def test_reads():
        await app.turns(10)
        assert app.mode == "plain"

    @parametrize("number", range(3))
    async def test_bystander(number):
        await app.turns(20)

    async def test_fails():
        await asyncio.sleep(0)
        assert 1 == 2

    async def test_pollutes_its_process():
        await app.turns(40)
        app.switch("left so")

    async def test_kills():
        await app.turns(20)
        if app.mode == "other": os.kill(os.getpid(), signal.SIGKILL)

    @mark.serial
    async def test_serial():
        pass

    async def test_skips():
        import rustest
        rustest.skip("not today")
"""


@pytest.fixture
def isolated(tmp_path, capsys):
    write_project(tmp_path, {"app.py": APP, "test_it.py": TESTS})

    def run(name: str, *arguments: str) -> tuple[ExitStatus, list[str]]:
        status = main([str(tmp_path), f"--rootdir={tmp_path}", "--isolate", name, *arguments])
        return status, capsys.readouterr().out.splitlines()

    return run


def test_the_neighbour_that_breaks_it_is_named_and_no_other(isolated):
    status, told = isolated("test_it.py::test_reads")
    assert status is ExitStatus.FAILURES
    assert told[:2] == ["test_it.py::test_reads", "  alone: passed"]
    assert told[2].startswith("  beside test_it.py::test_breaks: AssertionError: assert 'other' == 'plain'")
    assert told[3] == "1 of 8 neighbours breaks it"
    assert "@mark.serial" in told[-1]


def test_a_test_that_fails_by_itself_is_told_so_at_once(isolated):
    status, told = isolated("test_it.py::test_fails")
    assert status is ExitStatus.FAILURES
    assert told[1].startswith("  alone: AssertionError: assert 1 == 2")
    assert told[2:] == ["it fails by itself: no neighbour is to blame"]


def test_one_that_nobody_breaks_is_tried_beside_all_of_them(isolated):
    status, told = isolated("test_it.py::test_bystander[1]", "-v", "--deselect=test_it.py::test_kills")
    assert status is ExitStatus.OK
    assert [line for line in told if line.endswith(": passed")][:2] == [
        "  alone: passed",
        "  beside test_it.py::test_breaks: passed",
    ]
    assert told[-2:] == ["  beside all 7 neighbours: passed", "no single neighbour breaks it"]


def test_a_test_that_ends_its_process_is_found_too(isolated):
    status, told = isolated("test_it.py::test_kills")
    assert status is ExitStatus.FAILURES
    assert "  beside test_it.py::test_breaks: the process died" in told


def test_a_test_of_a_pytest_suite_is_judged_as_in_its_run_which_only_warns_of_lost_exceptions(tmp_path, capsys):
    losing = """
        import asyncio
        import pytest

        async def lose():
            raise ValueError("lost")

        @pytest.mark.asyncio
        async def test_loses():
            asyncio.ensure_future(lose())
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    """
    write_project(tmp_path, {"test_it.py": losing})
    status = main([str(tmp_path), f"--rootdir={tmp_path}", "--isolate", "test_it.py::test_loses"])
    assert status is ExitStatus.OK
    assert "  alone: passed" in capsys.readouterr().out.splitlines()


def test_one_that_is_planned_alone_has_no_neighbours(isolated):
    status, told = isolated("test_it.py::test_serial")
    assert status is ExitStatus.OK
    assert told[-1] == "nothing runs beside it: alone: marked serial"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("test_it.py::test_none", "there is no test 'test_it.py::test_none' among those that would run"),
        ("test_it.py::test_bystander", "--isolate takes one test, and test_it.py::test_bystander names 3"),
    ],
)
def test_what_is_not_one_test_is_a_usage_error(tmp_path, capsys, name, complaint):
    write_project(tmp_path, {"app.py": APP, "test_it.py": TESTS})
    assert main([str(tmp_path), f"--rootdir={tmp_path}", "--isolate", name]) is ExitStatus.USAGE_ERROR
    assert complaint in capsys.readouterr().err
