"""A worker that dies costs the test whose step it was, and nobody else."""

import json

import pytest

from rustest.model.outcome import Verdict
from rustest.testing import run_project

CRASHES = """
import asyncio, ctypes, os, signal, sys
from rustest import fixture, mark

@fixture(scope="module")
def shared():
    with open("set_up", "a") as file:
        file.write("x")
    yield

def test_before(shared): pass
def test_segfaults(shared):
    print("last words")
    print("to stderr", file=sys.stderr)
    ctypes.string_at(0)
def test_leaves(shared): os._exit(3)
def test_is_killed(shared): os.kill(os.getpid(), signal.SIGKILL)
def test_after(shared): pass

async def test_waits(): await asyncio.sleep(0.05)
async def test_segfaults_beside_others():
    await asyncio.sleep(0.01)
    ctypes.string_at(0)
async def test_waits_too(): await asyncio.sleep(0.05)
"""
CRASHED = {"test_segfaults", "test_leaves", "test_is_killed", "test_segfaults_beside_others"}


@pytest.fixture
def crashes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return run_project(tmp_path, {"test_it.py": CRASHES}, workers=1, worker_start="fork")


def names(ids):
    return {node_id.partition("::")[2] for node_id in ids}


def test_the_test_that_killed_its_worker_has_crashed_and_all_others_pass(crashes):
    assert names(crashes.ids(Verdict.CRASHED)) == CRASHED
    assert len(crashes.ids(Verdict.PASSED)) == crashes.total - len(CRASHED)
    assert not crashes.problems


def message(report, name):
    (failure,) = report.outcome(f"test_it.py::{name}").failures
    return failure.message


def test_it_is_told_what_the_worker_died_of(crashes):
    assert message(crashes, "test_segfaults") == "worker gw0 was killed by SIGSEGV while this test was running"
    assert message(crashes, "test_leaves") == "worker gw0 ended its process with status 3 while this test was running"
    assert "SIGKILL, which comes from outside" in message(crashes, "test_is_killed")


def test_a_segmentation_fault_is_told_with_the_line_of_the_test(crashes):
    (failure,) = crashes.outcome("test_it.py::test_segfaults").failures
    assert [frame.function for frame in failure.frames] == ["test_segfaults", "string_at"]
    assert failure.notes == ("Fatal Python error: Segmentation fault",)


def test_what_it_printed_last_is_kept(crashes):
    finished = crashes.finished["test_it.py::test_segfaults"]
    assert [(output.stream.value, output.text) for output in finished.output] == [
        ("stdout", "last words\n"),
        ("stderr", "to stderr\n"),
    ]


def test_the_next_worker_sets_up_anew_what_the_dead_one_had(crashes, tmp_path):
    assert (tmp_path / "set_up").read_text() == "xxxx"


def test_those_in_flight_run_one_by_one_where_nobody_knows_who_it_was(tmp_path):
    """The culprit dies in a thread, while no test's code runs in the main one."""
    source = """
        import asyncio, os, threading
        from rustest import parametrize

        @parametrize("number", range(6))
        async def test_waits(number):
            with open(f"began{number}", "a") as file:
                file.write("x")
            if number == 3:
                threading.Timer(0.1, os._exit, (9,)).start()
            await asyncio.sleep(0.3)
    """
    report = run_project(tmp_path, {"test_it.py": source, "conftest.py": CHANGE_FOLDER}, workers=1, worker_start="fork")
    assert report.ids(Verdict.CRASHED) == ("test_it.py::test_waits[3]",)
    assert len(report.ids(Verdict.PASSED)) == 5
    assert {(tmp_path / f"began{number}").read_text() for number in range(6)} == {"xx"}


CHANGE_FOLDER = """
import os
os.chdir(os.path.dirname(__file__))
"""


def test_a_worker_that_dies_in_a_fixture_costs_the_test_for_which_that_is_set_up(tmp_path):
    source = """
        import os
        from rustest import fixture

        @fixture(scope="session")
        async def deadly():
            os._exit(1)

        async def test_asks(deadly): pass
        async def test_does_not(): pass
    """
    report = run_project(tmp_path, {"test_it.py": source}, workers=2, worker_start="fork")
    assert report.ids(Verdict.CRASHED) == ("test_it.py::test_asks",)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_does_not",)


def test_a_worker_that_dies_after_its_last_test_fails_the_run(tmp_path):
    source = """
        import atexit, os
        def test_it(): atexit.register(os._exit, 4)
    """
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="fork")
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_it",)
    assert [problem.where for problem in report.problems] == ["worker gw0"]


def test_a_test_that_no_signal_ends_costs_its_worker_and_the_others_go_on(tmp_path):
    source = """
        import asyncio, time
        from rustest import mark

        @mark.timeout(0.1)
        def test_stuck():
            while True:
                try:
                    time.sleep(10)
                except BaseException:
                    pass

        def test_after_it(): pass
    """
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="fork", timeout_grace=0.05)
    assert report.ids(Verdict.TIMED_OUT) == ("test_it.py::test_stuck",)
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_after_it",)
    assert report.interrupted is None


def test_reports_for_machines_know_of_crashes(tmp_path):
    source = {"test_it.py": "import os\ndef test_leaves(): os._exit(3)"}
    files = {"junit_xml": str(tmp_path / "junit.xml"), "report_jsonl": str(tmp_path / "events.jsonl")}
    run_project(tmp_path, source, workers=1, worker_start="fork", **files)
    assert "worker gw0 ended its process with status 3" in (tmp_path / "junit.xml").read_text()
    events = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]
    assert [event["outcome"]["verdict"] for event in events if event["event"] == "test_finished"] == ["crashed"]
