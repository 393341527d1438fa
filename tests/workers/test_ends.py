"""How a run with workers ends before its plan does: nothing is lost, and nobody is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from worker_kills import workers_of

from rustest.model.events import Interrupted, StopReason
from rustest.model.outcome import Verdict
from rustest.testing import run_project, write_project

HARD_LIMIT = 60
LONG = """
import os, time
from pathlib import Path
from rustest import fixture

HERE = Path(__file__).parent

@fixture(scope="session")
def shared():
    yield
    (HERE / f"down-{os.getpid()}").touch()

def test_quick(shared): pass
def test_long(shared):
    (HERE / f"began-{os.getpid()}").touch()
    while True: time.sleep(0.05)  # a signal just before a sleep is heard of when it ends
async def test_never(): pass
"""


class Run:
    """A run of two workers, each of which is in the middle of a long test."""

    def __init__(self, folder: Path, source: str, *arguments: str) -> None:
        write_project(folder, {"pyproject.toml": "[tool.rustest]", "test_a.py": source, "test_b.py": source})
        command = [sys.executable, "-m", "rustest", "-n", "2", "-v", "--report-jsonl", "events.jsonl", *arguments]
        self.folder = folder
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.wait_for("began-*", 2)
        self.workers = workers_of(self.process.pid)
        assert len(self.workers) == 2

    def wait_for(self, pattern: str, number: int) -> None:
        deadline = time.monotonic() + HARD_LIMIT
        while len([*self.folder.glob(pattern)]) < number:
            assert time.monotonic() < deadline and self.process.poll() is None, self.process.communicate()
            time.sleep(0.01)

    def send(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> str:
        out, err = self.process.communicate(timeout=HARD_LIMIT)
        assert err == ""
        return out

    def verdicts(self) -> dict[str, str]:
        events = [json.loads(line) for line in (self.folder / "events.jsonl").read_text().splitlines()]
        finished = [event for event in events if event["event"] == "test_finished"]
        verdicts = {event["id"]: event["outcome"]["verdict"] for event in finished}
        assert len(verdicts) == len(finished)
        return verdicts

    def assert_nobody_is_left(self) -> None:
        deadline = time.monotonic() + HARD_LIMIT
        for worker in self.workers:
            with suppress(ProcessLookupError):
                while time.monotonic() < deadline:
                    os.kill(worker, 0)
                    time.sleep(0.01)
                raise AssertionError(f"{worker} is left")


EACH = {
    "test_a.py::test_quick": "passed",
    "test_a.py::test_long": "not run",
    "test_a.py::test_never": "not run",
    "test_b.py::test_quick": "passed",
    "test_b.py::test_long": "not run",
    "test_b.py::test_never": "not run",
}
SYNC_FIRST = LONG.replace("async def test_never(): pass", "def test_never(): pass")


@pytest.fixture
def run(tmp_path):
    run = Run(tmp_path, SYNC_FIRST)
    yield run
    run.process.kill()
    run.process.wait()


def test_ctrl_c_ends_the_tests_in_flight_and_tears_down(run):
    run.send(signal.SIGINT)
    out = run.end()
    assert run.process.returncode == 2
    assert run.verdicts() == EACH
    assert "interrupted; cancelling 2 running tests" in out
    assert {path.name for path in run.folder.glob("down-*")} == {f"down-{worker}" for worker in run.workers}
    run.assert_nobody_is_left()


@pytest.mark.parametrize("is_terminal", [False, True], ids=["the run alone", "all processes, as terminals do"])
def test_ctrl_c_says_where_the_tests_were_in_all_workers(run, is_terminal):
    for process in (*run.workers, run.process.pid) if is_terminal else (run.process.pid,):
        os.kill(process, signal.SIGINT)
    out = run.end()
    told = out.partition("interrupted while running:\n")[2]
    place = "at {0}.py:16: while True: time.sleep(0.05)  # a signal just before a sleep is heard of when it ends"
    for name in ("test_a", "test_b"):
        assert f"  {name}.py::test_long  {place.format(name)}\n" in told
    assert run.verdicts() == EACH


def test_a_worker_that_cannot_say_where_its_test_is_is_not_waited_for(run):
    os.kill(run.workers[0], signal.SIGSTOP)
    run.send(signal.SIGINT)
    deadline = time.monotonic() + HARD_LIMIT
    while '"event": "interrupted"' not in (run.folder / "events.jsonl").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(run.workers[0], signal.SIGCONT)
    told = run.end().partition("interrupted while running:\n")[2].splitlines()[:2]
    assert {line.partition("  at ")[0] for line in told} == {"  test_a.py::test_long", "  test_b.py::test_long"}
    assert sum("  at test_" in line for line in told) == 1
    assert run.verdicts() == EACH


STUBBORN = SYNC_FIRST.replace(
    "    while True: time.sleep(0.05)",
    """
    while True:
        try: time.sleep(0.05)
        except BaseException: (HERE / f'heard-{os.getpid()}').touch()
""",
)


def test_a_second_ctrl_c_leaves_at_once_with_all_results(tmp_path):
    run = Run(tmp_path, STUBBORN)
    run.send(signal.SIGINT)
    run.wait_for("heard-*", 2)
    run.send(signal.SIGINT)
    run.end()
    assert run.process.returncode == 2
    assert run.verdicts() == EACH
    run.assert_nobody_is_left()


def test_whatever_ends_the_run_takes_its_workers_along(run):
    run.send(signal.SIGKILL)
    run.end()
    assert run.process.returncode == -signal.SIGKILL
    run.assert_nobody_is_left()


@pytest.mark.parametrize("is_everybody", [False, True], ids=["the run alone", "all processes"])
def test_sigterm_ends_the_tests_in_flight_and_tears_down(run, is_everybody):
    for process in (*run.workers, run.process.pid) if is_everybody else (run.process.pid,):
        os.kill(process, signal.SIGTERM)
    out = run.end()
    assert run.process.returncode == 143
    assert run.verdicts() == EACH
    told = out.partition("stopped by SIGTERM while running:\n")[2]
    assert all(f"  {name}.py::test_long  at {name}.py" in told for name in ("test_a", "test_b"))
    assert {path.name for path in run.folder.glob("down-*")} == {f"down-{worker}" for worker in run.workers}
    run.assert_nobody_is_left()


def test_sigterm_at_a_worker_is_for_the_run(run):
    os.kill(run.workers[0], signal.SIGTERM)
    run.end()
    assert run.process.returncode == 143
    assert run.verdicts() == EACH
    run.assert_nobody_is_left()


def test_after_sigterm_teardowns_in_workers_that_take_too_long_are_left_and_told(tmp_path):
    slow = SYNC_FIRST.replace("    yield\n", "    yield\n    time.sleep(1000)\n").replace('"session"', '"function"')
    run = Run(tmp_path, slow.replace("def test_quick(shared)", "def test_quick()"), "--sigterm-grace", "0.2")
    run.send(signal.SIGTERM)
    out = run.end()
    assert run.process.returncode == 143
    assert run.verdicts() == EACH
    assert "2 tests run now" in out
    assert "PROBLEM after SIGTERM  teardown: the process ends in the middle of teardowns" in out
    run.assert_nobody_is_left()


def test_asked_what_runs_it_tells_of_all_workers(run):
    run.send(signal.SIGUSR1)
    deadline = time.monotonic() + HARD_LIMIT
    while '"standing"' not in (run.folder / "events.jsonl").read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    run.send(signal.SIGINT)
    out = run.end()
    assert "2 tests run now" in out
    events = [json.loads(line) for line in (run.folder / "events.jsonl").read_text().splitlines()]
    (standing,) = [event for event in events if event["event"] == "standing"]
    assert {one["name"] for one in standing["running"]} == {"test_a.py::test_long", "test_b.py::test_long"}
    assert all(one["frames"][0]["function"] == "test_long" for one in standing["running"])


def test_the_first_failures_end_the_run_in_all_workers(tmp_path):
    """A test in another worker is cancelled, which was to wait for ever."""
    slow = """
        import asyncio
        from pathlib import Path
        BEGAN = Path(__file__).parent / "began"

        async def test_waits():
            BEGAN.touch()
            await asyncio.sleep(600)
    """
    fails = """
        import time
        from pathlib import Path
        BEGAN = Path(__file__).parent / "began"

        def test_fails():
            while not BEGAN.exists(): time.sleep(0.001)
            assert False

        def test_after(): pass
    """
    report = run_project(tmp_path, {"test_a.py": slow, "test_b.py": fails}, workers=2, worker_start="fork", maxfail=1)
    assert report.ids(Verdict.FAILED) == ("test_b.py::test_fails",)
    assert set(report.ids(Verdict.NOT_RUN)) == {"test_a.py::test_waits", "test_b.py::test_after"}
    assert {report.outcome(node_id).reason for node_id in report.ids(Verdict.NOT_RUN)} == {StopReason.MAXFAIL.value}
    assert report.interrupted is not None and report.interrupted.reason is StopReason.MAXFAIL


def test_a_test_whose_process_is_interrupted_ends_the_run(tmp_path):
    interrupt = "subprocess.run(['kill', '-INT', str(os.getpid())])"
    source = f"import os, subprocess, time\ndef test_it(): {interrupt}; time.sleep(1)\ndef test_after(): pass"
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="fork")
    assert isinstance(report.interrupted, Interrupted)
    assert len(report.ids(Verdict.NOT_RUN)) == 2


def test_what_a_test_says_as_it_ends_the_run_is_heard_from_a_worker_too(tmp_path):
    source = "import pytest\ndef test_it(): pytest.exit('no database', returncode=7)\n"
    files = {f"test_{number}.py": source for number in range(4)}
    report = run_project(tmp_path, files, workers=2, pytest_compat="auto", filterwarnings=["ignore:This process"])
    assert report.interrupted is not None and report.interrupted.wish == "exit() was called: no database"
    assert report.exit_status == 7
