"""Suites for pytest-asyncio, anyio and pytest-trio have the outcomes here that they have under pytest."""

import json
import os
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from async_suites import ANYIO, ASYNCIO, FACTORIES, JUMPING_CLOCK, LYING, TRIO

from rustest.testing import run_project, write_project

SUITES = {
    "asyncio, strict": (ASYNCIO, "pytest_asyncio.plugin", {}),
    "asyncio, auto": (ASYNCIO, "pytest_asyncio.plugin", {"asyncio_mode": "auto"}),
    "asyncio, factories": (FACTORIES, "pytest_asyncio.plugin", {}),
    "asyncio, a loop with a clock of its own": (JUMPING_CLOCK, "pytest_asyncio.plugin", {}),
    "asyncio, a loop that says it is closed": (LYING, "pytest_asyncio.plugin", {}),
    "anyio": (ANYIO, "anyio.pytest_plugin", {}),
    "trio": (TRIO, "pytest_trio.plugin", {"trio_mode": "true"}),
}
"""The files, pytest's plugin for them and its settings."""


def outcomes(junit):
    """What a JUnit file says of each test, by its class and name."""
    found = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        said = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        found[f"{case.get('classname')}::{case.get('name')}"] = said
    return found


ASK_PYTEST = """
import json, os, sys
import pytest, pytest_asyncio.plugin, pytest_trio.plugin

sys.path.remove('')
for folder, options in json.load(sys.stdin):
    if not (child := os.fork()):  # each project in a process of its own, and pytest loaded once for all
        os.chdir(folder)
        sys.path.insert(0, folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(pytest.main(["-c", os.devnull, "--rootdir", ".", "-q", "-Wignore", *options]))
    os.waitpid(child, 0)
"""


@pytest.fixture(scope="module")
def witness(tmp_path_factory):
    """What pytest with the plugin makes of each suite."""
    folders = {name: tmp_path_factory.mktemp("pytest") for name in SUITES}
    for name, folder in folders.items():
        write_project(folder, SUITES[name][0])
    jobs = []
    for name, folder in folders.items():
        _, plugin, ini = SUITES[name]
        options = [f"-o{key}={value}" for key, value in ini.items()]
        jobs.append((str(folder), [f"-p{plugin}", "--junit-xml=pytest.xml", *options]))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-c", ASK_PYTEST]
    subprocess.run(command, input=json.dumps(jobs), env=environment, text=True, capture_output=True, timeout=240)
    return {name: outcomes(folder / "pytest.xml") for name, folder in folders.items()}


def ours(folder, files, ini, **settings):
    lines = "".join(f"{key} = {value}\n" for key, value in ini.items())
    junit = folder / "rustest.xml"
    project = {"pytest.ini": f"[pytest]\n{lines}", **files}
    run_project(folder, project, pytest_compat="on", junit_xml=str(junit), **settings)
    return outcomes(junit)


def ran(found):
    """Which tests were begun at all, in their order."""
    return [name for name, said in found.items() if said != "error"]


@pytest.mark.parametrize("suite", SUITES)
def test_outcomes_are_pytests_and_one_at_a_time_the_order_is_too(tmp_path, suite, witness):
    files, _, ini = SUITES[suite]
    expected = witness[suite]
    assert len(expected) > 2
    assert ours(tmp_path / "overlapping", files, ini) == expected
    assert ran(ours(tmp_path / "in_order", files, ini, concurrency=1)) == ran(expected)
