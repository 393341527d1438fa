"""From run to run: what failed, what is new, and where a run step by step goes on."""

import io

import pytest
from project_runs import record

from rustest.model.events import RunStarted
from rustest.testing import run, run_project, write_project

FLAKY = """
    import asyncio, os
    from rustest import mark

    def fails(name):
        return name in os.environ["FAILING"].split()

    def test_a(): assert not fails("a")
    def test_b(): assert not fails("b")
    async def test_c(): assert not fails("c")
    def test_d(): assert not fails("d")

    @mark.xfail
    def test_x(): assert 0
"""


@pytest.fixture
def go(tmp_path, monkeypatch):
    write_project(tmp_path, {"test_it.py": FLAKY, "test_other.py": "import os\ndef test_e(): pass"})

    def run_with(failing: str, **settings):
        monkeypatch.setenv("FAILING", failing)
        report = run(tmp_path, rootdir=str(tmp_path), **settings)
        ran = {name[-1]: one.outcome.verdict.value for name, one in report.finished.items()}
        return "".join(sorted(name for name, verdict in ran.items() if verdict != "not run"))

    return run_with


def test_what_fails_runs_again_until_nothing_does(go):
    assert go("a c") == "abcdex"
    assert go("c", lf=True) == "ac"
    assert go("", lf=True) == "c"
    assert go("", lf=True) == "abcdex"


def test_step_by_step_each_run_goes_on_where_the_last_one_stopped(go):
    step = {"sw": True, "concurrency": 1}
    assert go("b d", **step) == "ab"
    assert go("b d", **step) == "b"
    assert go("d", **step) == "bcd"
    assert go("", **step) == "dex"
    assert go("", **step) == "abcdex"


def test_a_run_that_is_not_step_by_step_ends_the_steps(go):
    assert go("b", sw=True, concurrency=1) == "ab"
    assert go("b") == "abcdex"
    assert go("b", sw=True, concurrency=1) == "b"  # what failed comes first


def test_step_by_step_what_overlaps_and_had_not_ended_runs_again(tmp_path):
    source = """
        import asyncio, sys
        async def test_fails():
            await asyncio.sleep(0.01)
            assert 0
        async def test_quick(): pass
        async def test_slow(): await asyncio.sleep(0.02 if "--" in sys.argv else 60)
    """
    first = run_project(tmp_path, {"test_it.py": source}, sw=True)
    verdicts = {name.rpartition("_")[2]: one.outcome.verdict.value for name, one in first.finished.items()}
    assert verdicts == {"fails": "failed", "quick": "passed", "slow": "not run"}
    second = run_project(tmp_path, {"test_it.py": source.replace("assert 0", "").replace("60", "0")}, sw=True)
    assert {name.rpartition("_")[2] for name in second.finished} == {"fails", "slow"}


def test_files_without_failures_are_not_even_read(tmp_path):
    files = {"test_it.py": "def test_it(): assert 0", "test_other.py": "def test_other(): pass"}
    run_project(tmp_path, files)
    report = run_project(tmp_path, {"test_other.py": "1 / 0"}, lf=True)
    assert [*report.finished] == ["test_it.py::test_it"]
    assert report.problems == ()


def test_where_the_failed_test_is_gone_the_other_files_are_read_after_all(tmp_path):
    files = {"test_it.py": "def test_it(): assert 0", "test_other.py": "def test_other(): pass"}
    run_project(tmp_path, files)
    report = run_project(tmp_path, {"test_it.py": "def test_new(): pass"}, lf=True)
    assert {*report.finished} == {"test_it.py::test_new", "test_other.py::test_other"}
    assert report.status == 0


def test_a_file_that_could_not_be_imported_runs_again(tmp_path):
    files = {"test_it.py": "1 / 0", "test_other.py": "def test_other(): pass"}
    assert run_project(tmp_path, files).status == 1
    assert run_project(tmp_path, {}, lf=True).status == 1
    report = run_project(tmp_path, {"test_it.py": "def test_it(): pass"}, lf=True)
    assert [*report.finished] == ["test_it.py::test_it"]
    assert {*run_project(tmp_path, {}, lf=True).finished} == {"test_it.py::test_it", "test_other.py::test_other"}


def test_a_failed_test_stays_remembered_while_others_run(tmp_path):
    files = {"test_it.py": "def test_a(): assert 0\ndef test_b(): assert 0"}
    run_project(tmp_path, files)
    run_project(tmp_path, files, keyword="test_b")
    assert {*run_project(tmp_path, files, lf=True).finished} == {"test_it.py::test_a", "test_it.py::test_b"}


def test_the_heading_says_what_was_chosen(tmp_path):
    files = {"test_it.py": "def test_a(): assert 0\ndef test_b(): pass"}
    run_project(tmp_path, files)
    stream = io.StringIO()
    run_project(tmp_path, files, stream=stream, lf=True, randomize=3)
    assert stream.getvalue().splitlines()[1:3] == [
        "running only the 1 test that failed last time",
        "shuffled: --randomize 3 gives this order again",
    ]


def test_a_run_is_told_how_long_its_tests_took_last_time(tmp_path):
    source = "import asyncio\nasync def test_a(): await asyncio.sleep(0.05)\ndef test_b(): pass"
    (first,) = [event for event in record(tmp_path, source).events if isinstance(event, RunStarted)]
    assert first.durations == {}
    (second,) = [event for event in record(tmp_path, source).events if isinstance(event, RunStarted)]
    assert set(second.durations) == {"test_it.py::test_a", "test_it.py::test_b"}
    assert second.durations["test_it.py::test_a"] >= 0.05
