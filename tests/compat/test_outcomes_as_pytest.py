"""What becomes of hundreds of tests that use all that pytest has for test authors: the same as under pytest.

The folder `outcomes` holds the project, as text, so that nobody takes its files for tests of ours.
"""

import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

PROJECT = Path(__file__).parent / "outcomes"

DIFFERENT = {
    "test_builtin.test_subtests_skip": "a part that skips itself is no word on the whole",
    "test_fix.test_direct_call": "a fixture's function is a function, and may be called",
    "test_marks.test_xfail_teardown": "a failed teardown fails the run, xfail or not",
    "test_marks.test_xfail_teardown2": "a failed teardown fails the run, xfail or not",
    "test_unittests.Params.test_p": "told where it is collected, as unittest passes no arguments",
    "test_unittests.Async.test_async": "told where it is collected, as nobody would await it",
    "test_xunit.TestOuter.TestInner.test_in": "a nested class's tests are none of the outer class's methods",
}
"""Tests that end otherwise here, and why."""

WORDS = {"failure": "failed", "error": "error"}


def outcomes(runner: str, folder: Path, *options: str) -> dict[str, str]:
    """By dotted name how each test ended; of several things that were wrong with one the first."""
    for text in PROJECT.glob("*.txt"):
        (folder / f"{text.stem}.py").write_bytes(text.read_bytes())
    (folder / "pyproject.toml").touch()
    junit = folder / "junit.xml"
    command = [sys.executable, "-m", runner, "-q", *options, f"--junitxml={junit}"]
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=240)
    assert done.returncode == 1, done.stdout + done.stderr
    found: dict[str, str] = {}
    for case in ElementTree.parse(junit).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}".lstrip(".")
        results = [result for result in case if result.tag in ("failure", "error", "skipped")]
        found.setdefault(name, _word(results[0]) if results else "passed")
    return found


def _word(result: ElementTree.Element) -> str:
    if result.tag != "skipped":
        return WORDS[result.tag]
    return "xfailed" if result.get("type") == "pytest.xfail" else "skipped"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, str]]:
    theirs, ours = tmp_path_factory.mktemp("pytest"), tmp_path_factory.mktemp("rustest")
    return outcomes("pytest", theirs), outcomes("rustest", ours, "--pytest-compat=on")


def test_each_test_ends_as_under_pytest(both):
    theirs, ours = both
    assert len(theirs) > 350
    assert {
        name: (theirs[name], ours.get(name))
        for name in theirs
        if name not in DIFFERENT and ours.get(name) != theirs[name]
    } == {}
    assert ours.keys() - theirs.keys() <= DIFFERENT.keys()


def test_what_is_said_to_differ_does(both):
    theirs, ours = both
    assert [name for name in DIFFERENT if ours.get(name) == theirs.get(name)] == []
