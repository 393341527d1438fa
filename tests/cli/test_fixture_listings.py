"""`--fixtures`, `--fixtures-per-test` and `--setup-show` from the command line; and what a broken JUnit file does."""

import subprocess
import sys
from pathlib import Path

import pytest

from rustest.testing import write_project

PROJECT = {
    "conftest.py": '''
        from rustest import fixture

        @fixture(scope="session")
        def db():
            """The database."""
            yield 1
    ''',
    "test_it.py": """
        def test_it(db, tmp_path): open("ran", "w").close()
    """,
}


def rustest(folder: Path, *arguments: str, project: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    write_project(folder, PROJECT if project is None else project)
    command = [sys.executable, "-m", "rustest", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


def test_fixtures_lists_what_tests_can_see_and_runs_nothing(tmp_path):
    done = rustest(tmp_path, "--fixtures")
    assert (done.returncode, done.stderr) == (0, "")
    assert "conftest.py\n  db  [session]  conftest.py:4\n    The database.\n" in done.stdout
    assert "monkeypatch" in done.stdout
    assert not (tmp_path / "ran").exists()


def test_fixtures_per_test_lists_what_each_test_uses_and_runs_nothing(tmp_path):
    done = rustest(tmp_path, "--fixtures-per-test")
    assert (done.returncode, done.stderr) == (0, "")
    names = [line.split()[0] for line in done.stdout.splitlines() if "  [" in line]
    assert done.stdout.startswith("test_it.py::test_it\n")
    assert names == ["db", "tmp_path_factory", "tmp_path"]
    assert "monkeypatch" not in done.stdout
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("flag", ["--fixtures", "--fixtures-per-test"])
def test_a_listing_has_the_status_of_the_plan(tmp_path, flag):
    assert rustest(tmp_path, flag, project={"test_it.py": ""}).returncode == 5
    broken = rustest(tmp_path, flag, project={"test_it.py": "def test_it(nobody): pass"})
    assert broken.returncode == 1
    assert "asks for `nobody`" in broken.stdout


def test_setup_show_runs_the_tests_and_tells_of_their_fixtures_also_when_quiet(tmp_path):
    done = rustest(tmp_path, "--setup-show", "-q")
    assert done.returncode == 0
    assert [" ".join(line.split()) for line in done.stdout.splitlines() if line] == [
        "SETUP session db",
        "SETUP session tmp_path_factory",
        "SETUP function tmp_path test_it.py::test_it",
        "TEARDOWN function tmp_path test_it.py::test_it",
        "TEARDOWN session tmp_path_factory",
        "TEARDOWN session db",
        f"1 passed in {done.stdout.split()[-2]} s",
    ]
    assert (tmp_path / "ran").exists()


def test_a_junit_file_that_cannot_be_written_is_told_before_the_summary_line(tmp_path):
    project = {"test_it.py": "import os\n\ndef test_it(): os.remove('r.xml'); os.mkdir('r.xml')"}
    done = rustest(tmp_path, "--junit-xml", "r.xml", project=project)
    assert done.returncode == 3
    told = done.stdout.index("reporter 'JUnit' failed")
    assert told < done.stdout.index("1 passed in ")
    assert done.stdout.splitlines()[-1].startswith("1 passed in ")
