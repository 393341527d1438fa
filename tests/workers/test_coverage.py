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


def run_command(folder, *arguments):
    write_project(folder, PROJECT)
    command = [sys.executable, "-m", "rustest", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("how", [["-n", "0"], ["-n", "2"], ["-n", "2", "--worker-start", "spawn"]])
def test_lines_that_ran_in_any_process_are_covered(tmp_path, how):
    done = run_command(tmp_path, *how, "--cov", "app")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].split() == ["TOTAL", "6", "1", "83%"]
    assert (tmp_path / ".coverage").exists()


def test_where_nothing_is_measured_it_says_so(tmp_path):
    done = run_command(tmp_path, "--cov", "nothing_of_that_name")
    assert done.returncode == 0
    assert "No data" in done.stdout
