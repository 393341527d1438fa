"""Suites for pytest-asyncio, anyio and pytest-trio have the outcomes here that they have under pytest."""

import os
from xml.etree import ElementTree

import pytest
from async_suites import ANYIO, ASYNCIO, FACTORIES, IMPORTED_MODE, JUMPING_CLOCK, LONELY, LYING, POLICIES, TRIO
from pytest_witness import ask_pytest

from rustest.testing import run_project, write_project

SUITES = {
    "asyncio, strict": (ASYNCIO, "pytest_asyncio.plugin", {}),
    "asyncio, auto": (ASYNCIO, "pytest_asyncio.plugin", {"asyncio_mode": "auto"}),
    "asyncio, factories": (FACTORIES, "pytest_asyncio.plugin", {}),
    "asyncio, a loop with a clock of its own": (JUMPING_CLOCK, "pytest_asyncio.plugin", {}),
    "asyncio, loops that others cannot wake": (LONELY, "pytest_asyncio.plugin", {}),
    "asyncio, a loop that says it is closed": (LYING, "pytest_asyncio.plugin", {}),
    "asyncio, policies and hypothesis": (POLICIES, "pytest_asyncio.plugin", {}),
    "anyio": (ANYIO, "anyio.pytest_plugin", {}),
    "trio": (TRIO, "pytest_trio.plugin", {"trio_mode": "true"}),
    "trio, by what a conftest imports": (TRIO | IMPORTED_MODE, "pytest_trio.plugin", {}),
}
"""The files, pytest's plugin for them and its settings."""


def outcomes(junit):
    """What a JUnit file says of each test, by its class and name."""
    found = {}
    for case in ElementTree.parse(junit).getroot().iter("testcase"):
        said = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        found[f"{case.get('classname')}::{case.get('name')}"] = said
    return found


@pytest.fixture(scope="module")
def witness(tmp_path_factory):
    """What pytest with the plugin makes of each suite."""
    jobs = []
    for files, plugin, ini in SUITES.values():
        folder = tmp_path_factory.mktemp("pytest")
        write_project(folder, files)
        settings = [f"-o{key}={value}" for key, value in ini.items()]
        alone = ["-c", os.devnull, "--rootdir", ".", "-q", "-Wignore", f"-p{plugin}"]
        jobs.append((folder, [*alone, "--junit-xml=pytest.xml", *settings]))
    ask_pytest(jobs, "pytest_asyncio.plugin", "pytest_trio.plugin")
    return {name: outcomes(folder / "pytest.xml") for name, (folder, _) in zip(SUITES, jobs, strict=True)}


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
