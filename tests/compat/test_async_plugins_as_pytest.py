"""Suites for pytest-asyncio, anyio and pytest-trio have the outcomes here that they have under pytest."""

import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from async_suites import ANYIO, ASYNCIO, FACTORIES, JUMPING_CLOCK, LYING, TRIO

from rustest.testing import run_project, write_project


def outcomes(junit):
    """What a JUnit file says of each test, by its class and name."""
    found = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        said = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        found[f"{case.get('classname')}::{case.get('name')}"] = said
    return found


def pytests_own(folder, files, ini, plugin):
    write_project(folder, files)
    junit = folder / "pytest.xml"
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "--rootdir", ".", "-q", f"-p{plugin}"]
    command += ["--junit-xml", str(junit), *(f"-o{key}={value}" for key, value in ini.items())]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
    return outcomes(junit)


def ours(folder, files, ini, **settings):
    lines = "".join(f"{key} = {value}\n" for key, value in ini.items())
    junit = folder / "rustest.xml"
    project = {"pytest.ini": f"[pytest]\n{lines}", **files}
    run_project(folder, project, pytest_compat="on", junit_xml=str(junit), **settings)
    return outcomes(junit)


def ran(found):
    """Which tests were begun at all, in their order."""
    return [name for name, said in found.items() if said != "error"]


@pytest.mark.parametrize(
    ("files", "plugin", "ini"),
    [
        pytest.param(ASYNCIO, "pytest_asyncio.plugin", {}, id="asyncio, strict"),
        pytest.param(ASYNCIO, "pytest_asyncio.plugin", {"asyncio_mode": "auto"}, id="asyncio, auto"),
        pytest.param(FACTORIES, "pytest_asyncio.plugin", {}, id="asyncio, factories"),
        pytest.param(JUMPING_CLOCK, "pytest_asyncio.plugin", {}, id="asyncio, a loop with a clock of its own"),
        pytest.param(LYING, "pytest_asyncio.plugin", {}, id="asyncio, a loop that says it is closed"),
        pytest.param(ANYIO, "anyio.pytest_plugin", {}, id="anyio"),
        pytest.param(TRIO, "pytest_trio.plugin", {"trio_mode": "true"}, id="trio"),
    ],
)
def test_outcomes_are_pytests_and_one_at_a_time_the_order_is_too(tmp_path, files, plugin, ini):
    expected = pytests_own(tmp_path / "pytest", files, ini, plugin)
    assert len(expected) > 2
    assert ours(tmp_path / "overlapping", files, ini) == expected
    assert ran(ours(tmp_path / "in_order", files, ini, concurrency=1)) == ran(expected)
