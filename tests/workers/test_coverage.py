"""`--cov`: what the tests have run of the project, added up over all processes."""

import os
import subprocess
import sys

import pytest

from rustest.testing import write_project

PROJECT = {
    "pyproject.toml": "[tool.rustest]\npythonpath = ['.']",
    "app.py": """
        def by_line():
            return 1

        async def by_loop():
            return 2

        def by_nobody():
            return 3
    """,
    "test_line.py": "import app\ndef test_it(): assert app.by_line() == 1",
    "test_loop.py": "import app\nasync def test_it(): assert await app.by_loop() == 2",
}
TOO_LITTLE = "83% of the lines are covered, and at least 90% are asked for"


def run_command(folder, *arguments):
    write_project(folder, PROJECT)
    command = [sys.executable, "-m", "rustest", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def last_row(done):
    """The last row of the table, below which stands nothing but the verdict."""
    row, blank, verdict = done.stdout.splitlines()[-3:]
    assert blank == ""
    assert " in " in verdict
    return row.split()


@pytest.mark.parametrize("how", [["-n", "0"], ["-n", "2"], ["-n", "2", "--worker-start", "spawn"]])
def test_lines_that_ran_in_any_process_are_covered(tmp_path, how):
    done = run_command(tmp_path, *how, "--cov", "app")
    assert done.returncode == 0, done.stdout + done.stderr
    assert last_row(done) == ["TOTAL", "6", "1", "83%"]
    assert (tmp_path / ".coverage").exists()


def test_where_nothing_is_measured_it_says_so(tmp_path):
    done = run_command(tmp_path, "--cov", "nothing_of_that_name")
    assert done.returncode == 0
    assert "No data" in done.stdout
    assert "CoverageWarning: Module nothing_of_that_name was never imported" in done.stdout


def test_too_little_coverage_fails_the_run(tmp_path):
    done = run_command(tmp_path, "--cov", "app", "--cov-fail-under", "90")
    assert done.returncode == 1
    assert f"PROBLEM coverage\n  {TOO_LITTLE}\n" in done.stdout
    assert last_row(done) == ["TOTAL", "6", "1", "83%"]
    assert run_command(tmp_path, "--cov", "app", "--cov-fail-under", "80").returncode == 0


@pytest.mark.parametrize("workers", ["0", "2"])
def test_all_reports_know_of_too_little_coverage(tmp_path, workers):
    reports = ["--junit-xml", "junit.xml", "--report-jsonl", "events.jsonl", "--llm"]
    done = run_command(tmp_path, "-n", workers, "--cov", "app", "--cov-fail-under", "90", *reports)
    assert done.returncode == 1
    for told in (done.stdout, *((tmp_path / name).read_text() for name in ("junit.xml", "events.jsonl"))):
        assert TOO_LITTLE in told


def test_a_run_that_is_cut_short_is_not_blamed_for_what_it_has_not_covered(tmp_path):
    (tmp_path / "test_fails.py").write_text("def test_it(): assert 1 == 2")
    done = run_command(tmp_path, "-x", "--cov", "app", "--cov-fail-under", "90", "test_fails.py", "test_line.py")
    assert done.returncode == 1
    assert "PROBLEM" not in done.stdout
    assert last_row(done)[0] == "TOTAL"


def test_a_plugin_of_coverage_that_is_not_installed_is_a_usage_error(tmp_path):
    (tmp_path / ".coveragerc").write_text("[run]\nplugins = nowhere_to_be_found\n")
    done = run_command(tmp_path, "--cov", "app")
    assert done.returncode == 4
    assert "No module named 'nowhere_to_be_found'; install what coverage.py's settings name, or give --no-cov" in (
        done.stderr
    )


def test_no_cov_has_the_last_word(tmp_path):
    done = run_command(tmp_path, "--cov", "app", "--cov-fail-under", "90", "--no-cov")
    assert done.returncode == 0
    assert not (tmp_path / ".coverage").exists()


def test_reports_go_where_they_are_asked_for(tmp_path):
    reports = ["--cov-report", "xml:out/c.xml", "--cov-report", "term-missing"]
    done = run_command(tmp_path, "--cov", "app", *reports)
    assert last_row(done) == ["TOTAL", "6", "1", "83%"]
    assert ["app.py", "6", "1", "83%", "9"] in [line.split() for line in done.stdout.splitlines()]
    assert 'filename="app.py"' in (tmp_path / "out" / "c.xml").read_text()


def test_a_cov_without_a_path_measures_what_coverages_settings_name(tmp_path):
    (tmp_path / "measured.cfg").write_text("[run]\nsource = app\n")
    done = run_command(tmp_path, "--cov-config", "measured.cfg", "--cov")
    assert last_row(done) == ["TOTAL", "6", "1", "83%"]


def test_in_a_pytest_suite_the_options_of_pytest_cov_and_xdist_count_wherever_they_stand(tmp_path):
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\naddopts = -n auto --maxprocesses 1 --dist loadgroup --cov=app\nasyncio_mode = auto\n"
    )
    (tmp_path / "test_worker.py").write_text(
        "import pytest\n"
        "def test_it(worker_id, request):\n"
        "    assert worker_id == 'gw0'\n"
        "    assert (request.config.option.numprocesses, request.config.option.dist) == (1, 'loadgroup')\n"
    )
    done = run_command(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "--dist loadgroup: mark.xdist_group has no effect here" in done.stdout
    assert last_row(done) == ["TOTAL", "6", "1", "83%"]
