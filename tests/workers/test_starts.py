"""How workers come into being, and what becomes of a run in which they cannot."""

import pytest

from rustest.model.errors import UsageError
from rustest.model.outcome import Verdict
from rustest.model.report import ExitStatus
from rustest.testing import run_project

TELLS = """
import os, sys
from pathlib import Path
with open(Path(__file__).parent / "imports", "a") as file:
    file.write("x")
{more}
def test_it(): pass
"""


def imports(folder):
    return len((folder / "imports").read_text())


def test_forked_workers_have_what_was_collected(tmp_path):
    report = run_project(tmp_path, {"test_it.py": TELLS.format(more="")}, workers=1, worker_start="fork")
    assert (imports(tmp_path), report.status) == (1, ExitStatus.OK)


def test_where_collecting_has_started_a_thread_workers_collect_for_themselves(tmp_path):
    more = "import threading, time\nthreading.Thread(target=time.sleep, args=(2,), daemon=True).start()"
    report = run_project(tmp_path, {"test_it.py": TELLS.format(more=more)}, workers=1)
    assert (imports(tmp_path), report.status) == (2, ExitStatus.OK)


def test_a_spawned_worker_that_finds_other_tests_says_so_at_those_that_it_misses(tmp_path):
    source = """
        import os
        from rustest import parametrize

        @parametrize("process", [os.getpid()])
        def test_it(process): pass
        def test_that(): pass
    """
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="spawn")
    (error,) = report.ids(Verdict.ERROR)
    assert error.startswith("test_it.py::test_it[")
    assert "did not find this test" in report.outcome(error).failures[0].message
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_that",)


def test_a_run_whose_workers_all_die_as_they_start_ends(tmp_path):
    more = "if sys.argv[0] == '-c': os._exit(5)"
    report = run_project(tmp_path, {"test_it.py": TELLS.format(more=more)}, workers=1, worker_start="spawn")
    assert report.status is ExitStatus.FAILURES
    assert report.problems[-1].failure.message == (
        "worker gw0 ended its process with status 5 as it started, as did all before it"
    )


def test_workers_that_are_killed_from_outside_as_they_start_cost_the_next_test_and_not_the_run(tmp_path):
    born = "Path(__file__).with_name('imports').stat().st_size"
    more = f"import signal\nif sys.argv[0] == '-c' and {born} < 6: os.kill(os.getpid(), signal.SIGKILL)"
    source = TELLS.format(more=f"{more}\ndef test_first(): pass")
    report = run_project(tmp_path, {"test_it.py": source}, workers=1, worker_start="spawn")
    assert (report.ids(Verdict.CRASHED), report.problems) == (("test_it.py::test_first",), ())
    assert report.ids(Verdict.PASSED) == ("test_it.py::test_it",)


def test_settings_that_cannot_be_handed_to_a_spawned_worker_are_refused(tmp_path):
    with pytest.raises(UsageError, match="name the loop_factory by a text"):
        run_project(
            tmp_path, {"test_it.py": "def test_it(): pass"}, workers=1, worker_start="spawn", loop_factory=lambda: None
        )


def test_with_a_debugger_asked_for_there_are_no_workers(tmp_path):
    source = "def test_it(worker_id): assert worker_id == 'master'"
    assert run_project(tmp_path, {"test_it.py": source}, workers=2, pdb=True).status is ExitStatus.OK
