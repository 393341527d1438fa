"""The node ids of hundreds of ways to write a test, and their order: to the letter as pytest has them.

The folder `collected` holds the project, as text, so that nobody takes its files for tests of ours.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent / "collected"
ADDRESS = re.compile(r"0x[0-9a-f]+")

TWICE = "test_ids_ids.py::test_stacked_collide2[a-b-c]"
"""pytest has two tests by this name; here a name means one test."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("collected")
    for text in PROJECT.rglob("*.txt"):
        path = folder / text.relative_to(PROJECT).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.read_bytes())
    (folder / "pyproject.toml").touch()
    return folder


def collected(runner: str, folder: Path, *options: str) -> list[str]:
    command = [sys.executable, "-m", runner, "-q", "--collect-only", *options]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    return [ADDRESS.sub("0x", line) for line in lines if re.match(r"[\w/]+\.py::", line)]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("sub", "test_classes.py"),
        ("test_reorder.py::test_2", "test_reorder.py::TestR", "test_classes.py::TestOuter::TestInner"),
        ("-k", "TestK or collide or (stacked and not hidden)"),
        ("-m", "slow"),
        ("--deselect", "test_ids_values.py::", "--deselect", "sub"),
    ],
    ids=" ".join,
)
def test_ids_and_order_are_pytests(project, options):
    theirs = collected("pytest", project, "-p", "no:cacheprovider", "-p", "no:warnings", *options)
    ours = collected("rustest", project, *options)
    if theirs.count(TWICE) > 1:
        theirs[theirs.index(TWICE, theirs.index(TWICE) + 1)] = TWICE.replace("]", "_1]")
    assert ours == theirs
