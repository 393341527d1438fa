"""Runs on a Dask cluster: a scheduler and two workers on this machine."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rustest.model.errors import UsageError
from rustest.model.events import Event, TestFinished
from rustest.model.outcome import Verdict
from rustest.model.report import ExitStatus
from rustest.report.fanout import NamedReporter
from rustest.testing import run, run_project, write_project

pytest.importorskip("distributed", reason="needs distributed: pip install 'rustest[dask]'")
pytestmark = pytest.mark.filterwarnings("default")  # Dask's own are not ours

QUIET = {"DASK_LOGGING__DISTRIBUTED": "critical"}


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self._folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, *arguments: str) -> None:
        log = subprocess.DEVNULL
        command = [sys.executable, "-m", "dask", *arguments, "--scheduler-file", str(self.file), "--no-dashboard"]
        environment = {**os.environ, **QUIET}
        self._processes.append(subprocess.Popen(command, env=environment, cwd=self._folder, stdout=log, stderr=log))

    @property
    def address(self) -> str:
        return json.loads(self.file.read_text())["address"]

    def with_workers(self, number: int) -> None:
        """Have so many workers there."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            for _ in range(number - len(client.nthreads())):
                self.start("worker", "--no-nanny", "--nthreads", "1", "--host", "127.0.0.1")
            client.wait_for_workers(number, timeout=60)

    def end(self) -> None:
        for process in self._processes:
            process.kill()
            process.wait()


def wait_until(holds) -> None:
    while not holds():
        time.sleep(0.02)


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        cluster.start("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_until(lambda: cluster.file.exists() and cluster.file.read_text().endswith("}"))
        yield cluster
    finally:
        cluster.end()


@pytest.fixture
def cluster(scheduler) -> Cluster:
    scheduler.with_workers(2)
    return scheduler


FILES = {
    **{f"test_{number}.py": "import os\ndef test_it(worker_id): print(worker_id)" for number in range(6)},
    "test_async.py": """
        import asyncio

        async def test_waits(tmp_path):
            (tmp_path / "file").write_text("x")
            await asyncio.sleep(0.01)

        async def test_fails(): assert 1 == 2
        async def test_skips():
            import rustest
            rustest.skip("so")
        """,
}


def test_without_a_worker_the_run_says_so_and_how_to_start_one(scheduler, tmp_path):
    with pytest.raises(
        UsageError, match=r"^--dask: no worker has joined tcp://.*; start some with 'dask worker tcp://"
    ):
        run_project(tmp_path, FILES, dask=scheduler.address)


MEETS = """
    import time
    from pathlib import Path

    def test_it(worker_id):
        print(worker_id)
        Path(__file__).with_name(f"{worker_id}.there").touch()
        until = time.monotonic() + 30
        while worker_id != "master" and time.monotonic() < until:
            if len([*Path(__file__).parent.glob("gw*.there")]) == 2: break
            time.sleep(0.01)
"""


def test_outcomes_are_those_of_a_run_without_a_cluster(cluster, tmp_path):
    """The tests of one worker wait for the other, which on a busy machine comes when all could be over."""
    files = {name: MEETS if "worker_id" in source else source for name, source in FILES.items()}
    expected = run_project(tmp_path, files)
    report = run_project(tmp_path, files, dask=cluster.address)
    verdicts = {node_id: finished.outcome.verdict for node_id, finished in report.finished.items()}
    assert verdicts == {node_id: finished.outcome.verdict for node_id, finished in expected.finished.items()}
    assert report.status is expected.status is ExitStatus.FAILURES
    said = {piece.text for finished in report.finished.values() for piece in finished.output}
    assert said == {"gw0\n", "gw1\n"}


def test_a_test_that_crashes_leaves_the_dask_worker_alive(cluster, tmp_path):
    files = {"test_it.py": "import os\ndef test_a(): os._exit(3)\ndef test_b(): pass"}
    for _ in range(2):
        report = run_project(tmp_path, files, dask=cluster.address)
        assert report.ids(Verdict.CRASHED) == ("test_it.py::test_a",)
        assert report.ids(Verdict.PASSED) == ("test_it.py::test_b",)


def test_maxfail_ends_what_is_in_flight_elsewhere(cluster, tmp_path):
    files = {
        "test_fails.py": "import time\ndef test_it(): time.sleep(0.5); assert False",
        "test_waits.py": "import asyncio\nasync def test_it(): await asyncio.sleep(60)",
    }
    report = run_project(tmp_path, files, dask=cluster.address, workers=2, maxfail=1)
    assert report.ids(Verdict.NOT_RUN) == ("test_waits.py::test_it",)


def test_sigterm_ends_what_is_in_flight_on_the_cluster_and_tears_it_down(cluster, tmp_path):
    source = """
        import time
        from pathlib import Path
        from rustest import fixture

        HERE = Path(__file__).parent

        @fixture
        def around():
            (HERE / "began").touch()
            yield
            (HERE / "torn down").touch()

        def test_it(around):
            while True: time.sleep(0.05)
    """
    write_project(tmp_path, {"pyproject.toml": "[tool.rustest]", "test_it.py": source})
    command = [sys.executable, "-m", "rustest", "--dask", cluster.address, "--sigterm-grace", "60"]
    run = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    wait_until(lambda: (tmp_path / "began").exists() or run.poll() is not None)
    run.terminate()
    out, _ = run.communicate(timeout=60)
    assert run.returncode == 143
    assert "stopped by SIGTERM while running:\n  test_it.py::test_it  at test_it.py" in out
    assert (tmp_path / "torn down").exists()


def test_a_worker_without_the_project_is_named_with_what_it_lacks(cluster, tmp_path):
    from rustest.workers import dask_cluster

    missing = str(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match=r"^--dask: tcp://127.0.0.1:\d+ has no folder .*elsewhere; put the project"):
        dask_cluster.join_cluster(cluster.address, missing)


# From here on workers are lost, which others would have to wait for.

CRASHES = """
    import os, signal, time
    from pathlib import Path

    def test_before(): pass

    def test_loses_the_machine():
        keeper = os.getppid()
        dask_worker = int(Path(f"/proc/{keeper}/stat").read_text().rpartition(")")[2].split()[1])
        time.sleep(0.5)  # long enough to be heard of
        os.kill(dask_worker, %d)
        time.sleep(30)

    def test_after(): pass
"""


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="no /proc here")
def test_a_dask_worker_that_is_lost_costs_its_running_test_and_no_other(cluster, tmp_path):
    files = {**FILES, "test_crash.py": CRASHES % signal.SIGKILL}
    del files["test_async.py"]
    report = run_project(tmp_path, files, dask=cluster.address, workers=2)
    assert report.ids(Verdict.CRASHED) == ("test_crash.py::test_loses_the_machine",)
    assert len(report.ids(Verdict.PASSED)) == 8
    failure = report.outcome("test_crash.py::test_loses_the_machine").failures[0]
    assert "the Dask worker at tcp://127.0.0.1:" in failure.notes[0]


@pytest.mark.skipif(not os.path.exists("/proc/self/stat"), reason="no /proc here")
def test_when_no_dask_worker_is_left_the_run_ends_and_says_so(scheduler, tmp_path, monkeypatch):
    monkeypatch.setattr("rustest.workers.dask_keeper._RETURN", 0.1)
    scheduler.with_workers(1)
    ended: list[Event] = []
    files = {"test_crash.py": CRASHES % signal.SIGKILL}
    while True:  # until the last one is gone
        try:
            write_project(tmp_path, files)
            run(tmp_path, rootdir=str(tmp_path), dask=scheduler.address, workers=1, reporters=[keeping(ended)])
        except UsageError as error:
            assert "no worker is left at tcp://" in str(error)
            break
    verdicts = {event.id: event.outcome.verdict for event in ended if isinstance(event, TestFinished)}
    assert verdicts["test_crash.py::test_after"] is Verdict.NOT_RUN
    assert verdicts["test_crash.py::test_loses_the_machine"] is Verdict.CRASHED


def keeping(events: list[Event]) -> NamedReporter:
    return NamedReporter("kept", events.append)


def test_an_address_without_a_scheduler_is_a_usage_error(tmp_path, monkeypatch):
    monkeypatch.setattr("rustest.workers.dask_cluster._PATIENCE", 0.5)
    with pytest.raises(UsageError, match=r"^--dask: no scheduler answers at tcp://127.0.0.1:1: .*'dask scheduler'"):
        run_project(tmp_path, FILES, dask="tcp://127.0.0.1:1")


def test_coverage_is_refused(tmp_path):
    with pytest.raises(UsageError, match="--cov measures on this machine only"):
        run_project(tmp_path, FILES, dask="tcp://127.0.0.1:1", cov=["x"])
