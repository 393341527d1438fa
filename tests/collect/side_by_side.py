"""The same test files under pytest and under rustest: how each test ended, and what was noted on the way."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple
from xml.etree import ElementTree

HEADER = """
import os
from {runner} import fixture, mark, skip, xfail
def note(*words):
    with open(os.environ["NOTES"], "a") as notes:
        print(*words, file=notes)
"""


class Run(NamedTuple):
    """What one runner made of the files."""

    outcomes: dict[str, str]
    """By the test's dotted name, the word that its JUnit entry begins with."""
    notes: list[str]
    """What the files noted, in order."""


class SideBySide(NamedTuple):
    pytest: Run
    rustest: Run


def run_side_by_side(folder: Path, files: Mapping[str, str]) -> SideBySide:
    """Run the files, which find `fixture`, `mark`, `skip`, `xfail` and `note` in their names, once with each runner."""
    return SideBySide(
        _run(folder / "by_pytest", files, "pytest", "-p", "no:cacheprovider", "-q"),
        _run(folder / "by_rustest", files, "rustest"),
    )


def _run(folder: Path, files: Mapping[str, str], runner: str, *options: str) -> Run:
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    for name, source in files.items():
        (folder / name).write_text(HEADER.format(runner=runner) + dedent(source))
    junit, notes = folder / "junit.xml", folder / "notes.txt"
    notes.touch()
    command = [sys.executable, "-m", runner, *options, f"--junitxml={junit}"]
    environment = {**os.environ, "NOTES": str(notes), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60)
    assert junit.exists(), done.stdout + done.stderr
    return Run(_outcomes(junit), notes.read_text().splitlines())


RESULTS = ("failure", "error", "skipped")


def _outcomes(junit: Path) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        results = [f"{one.tag} {one.get('type', '')}".strip() for one in case if one.tag in RESULTS]
        # pytest has a second entry for a test that failed and could not be torn down either
        outcomes.setdefault(f"{case.get('classname')}.{case.get('name')}", results[0] if results else "passed")
    return outcomes
