"""`pytest.exit`: who calls it ends the run, wherever that is."""

import subprocess
import sys
from pathlib import Path

import pytest

from rustest.model.outcome import Verdict
from rustest.model.report import ExitStatus
from rustest.testing import run_project, write_project

LATER = "def test_later(): pass\n"


@pytest.mark.parametrize(
    "body",
    [
        "def test_one(): pytest.exit('enough')",
        "@pytest.fixture\ndef end(): pytest.exit('enough')\ndef test_one(end): pass",
        "async def test_one(): pytest.exit('enough')",
    ],
    ids=["test", "fixture", "async test"],
)
def test_it_ends_a_run_that_goes_on(tmp_path: Path, body: str) -> None:
    files = {"test_one.py": f"import pytest\n{body}\n", "test_two.py": LATER}
    report = run_project(tmp_path, files, pytest_compat="on", asyncio_mode="auto")
    assert report.status == ExitStatus.INTERRUPTED
    assert set(report.ids(Verdict.NOT_RUN)) == {"test_one.py::test_one", "test_two.py::test_later"}


def test_in_a_hook_it_says_the_status(tmp_path: Path) -> None:
    hook = "import pytest\ndef pytest_configure(config): pytest.exit('no database', returncode=9)\n"
    write_project(tmp_path, {"conftest.py": hook, "test_two.py": LATER, "pytest.ini": "[pytest]\n"})
    command = [sys.executable, "-m", "rustest"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (9, "rustest: exit() was called: no database\n")
