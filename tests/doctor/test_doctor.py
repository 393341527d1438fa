"""`rustest doctor`: what differs between pytest and rustest is listed with its reason."""

import os
import subprocess
import sys

from rustest.testing import write_project

TESTS = """
    import asyncio
    import pytest

    @pytest.mark.parametrize("x", [1, 2])
    def test_same(x): pass

    @pytest.mark.asyncio
    async def test_waits(): await asyncio.sleep(0.2)

    @pytest.mark.asyncio
    async def test_waits_too(): await asyncio.sleep(0.2)
"""
ABSENT = "from pytest import HookRecorder\ndef test_of_a_plugin(): pass\n"
EXTRA = """
    class Extra(__import__("pytest").Function):
        def runtest(self): pass

    def pytest_collect_file(file_path, parent):
        if file_path.suffix == ".extra":
            return Extras.from_parent(parent, path=file_path)

    class Extras(__import__("pytest").File):
        def collect(self):
            yield Extra.from_parent(self, name="extra", callobj=lambda: None)
"""


def examine(folder, files, *arguments):
    write_project(folder, {"pytest.ini": "[pytest]\n", **files})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment.pop("PYTEST_ADDOPTS", None)
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "pytest_asyncio.plugin"}  # which is all
    command = [sys.executable, "-m", "rustest", "doctor", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def test_where_nothing_differs_it_says_so_and_how_long_tests_wait(tmp_path):
    done = examine(tmp_path, {"test_a.py": TESTS}, "--run")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("4 tests under pytest, 4 under rustest, 4 the same\n")
    assert "test_a.py::test_waits_too" in done.stdout
    saved = next(line for line in done.stdout.splitlines() if line.startswith("overlap can save"))
    assert float(saved.split()[3]) > 0.1


def test_what_waiting_costs_a_suite_that_is_not_of_pytests_is_measured_as_rustest_runs_it(tmp_path):
    tests = "import asyncio\n" + "".join(f"async def test_{n}(): await asyncio.sleep(0.2)\n" for n in range(2))
    done = examine(tmp_path, {"test_a.py": f"{tests}async def test_bad(): raise OSError\n"}, "--run")
    assert "1 of them went wrong, and might have waited longer" in done.stdout
    saved = next(line for line in done.stdout.splitlines() if line.startswith("overlap can save"))
    assert float(saved.split()[3]) > 0.1


def test_what_differs_is_listed_with_its_reason(tmp_path):
    files = {"test_a.py": TESTS, "test_b.py": ABSENT, "conftest.py": EXTRA, "data.extra": ""}
    done = examine(tmp_path, files)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.startswith("6 tests under pytest, 4 under rustest, 4 the same\n")
    there = done.stdout.partition("only under pytest (2):")[2]
    assert "tests that look inside pytest need pytest itself" in there.partition("test_b.py::test_of_a_plugin")[0]
    reason = "pytest_collect_file of conftest.py collects tests that rustest does not run: data.extra"
    assert reason in there.partition("data.extra::extra")[0]


def test_paths_and_options_that_both_know_choose_the_tests(tmp_path):
    done = examine(tmp_path, {"test_a.py": TESTS, "test_b.py": ABSENT}, "test_a.py", "-k", "waits")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "2 tests under pytest, 2 under rustest, 2 the same")


def test_an_option_that_nobody_knows_is_a_usage_error(tmp_path):
    done = examine(tmp_path, {"test_a.py": TESTS}, "--nobody-knows")
    assert done.returncode == 4
    assert "--nobody-knows" in done.stderr
