"""What the start of the program may load: every module costs each run its time."""

import os
import subprocess
import sys

HEAVY = {
    "argparse",
    "ast",
    "asyncio",
    "concurrent.futures",
    "dataclasses",
    "difflib",
    "dis",
    "importlib.metadata",
    "inspect",
    "linecache",
    "logging",
    "pathlib",
    "re",
    "rich",
    "selectors",
    "socket",
    "tempfile",
    "tokenize",
    "tomllib",
    "traceback",
    "typing",
    "unittest",
    "xml",
}

DOOR_NEEDS = {"argparse", "pathlib", "re", "tomllib", "typing"}
"""What a suite of pytest's may load of these: it has pytest's command line and settings, and its nodes have paths."""

OURS_FOR_MORE = {
    "cli": {"kinds", "option", "options", "parser"},
    "collect": {"case_ids", "case_result", "given", "registered_marks", "unittest_cases"},
    "model": {"description"},
    "plan": {
        "fixtures.binding",
        "fixtures.complaints",
        "fixtures.lives",
        "fixtures.multiply",
        "fixtures.param_order",
        "fixtures.search",
        "fixtures.variants",
        "keys",
        "limits",
        "loop_request",
        "loops",
        "repeats",
        "retries",
        "run_step",
        "skips",
        "stretches",
        "wanted",
        "warning_marks",
    },
    "report": {"accounts", "failure.captured", "failure.failures", "failure.traceback_lines", "lists"},
    "run": {"fixtures.live", "fixtures.request", "fixtures.shown", "hooked", "loop_lane", "station"},
    "workers": {"crew", "work"},
}
"""Modules of rustest's own, by room, that a passing sync test without marks and fixtures has no use for."""

MODULES = 142
"""So many of rustest's own one sync test may load: each takes 0.3 million instructions before it does anything."""

REPORT = """
before = set(sys.modules)
from rustest.cli.main import main
assert main(["test_one.py", *sys.argv[1:]]) == 0
print(*sorted(set(sys.modules) - before), sep=" ")
"""
"""Tells what the run has loaded; what Python itself loads, and what it does for `-c`, is not the run's."""


def loaded_by(tmp_path, test: str, *options: str, **environ: str) -> set[str]:
    (tmp_path / "test_one.py").write_text(test)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    program = [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {source_path()!r}\n{REPORT}", *options]
    environment = {**os.environ, **environ}
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stdout.splitlines()[-1].split())


def source_path() -> list[str]:
    import rustest

    return [rustest.__path__[0].removesuffix("rustest")]


def test_one_sync_test_loads_nothing_that_it_does_not_need(tmp_path):
    loaded = loaded_by(tmp_path, "from rustest import fixture, mark, raises\n\ndef test_one(): pass\n")
    assert loaded & HEAVY == set()


def test_one_bare_sync_test_loads_no_module_that_serves_others(tmp_path):
    loaded = loaded_by(tmp_path, "def test_one(): pass\n")
    assert loaded & {f"rustest.{room}.{name}" for room, names in OURS_FOR_MORE.items() for name in names} == set()


def test_what_may_not_be_loaded_is_there_to_be_loaded():
    """So the test above can fail: a module that was renamed would never be found."""
    from importlib.util import find_spec

    names = [f"rustest.{room}.{name}" for room, names in OURS_FOR_MORE.items() for name in names]
    assert [name for name in names if find_spec(name) is None] == []


def test_one_sync_test_loads_few_modules(tmp_path):
    loaded = loaded_by(tmp_path, "from rustest import fixture, mark, raises\n\ndef test_one(): pass\n")
    assert len([name for name in loaded if name.partition(".")[0] == "rustest"]) <= MODULES


def test_neither_does_it_when_its_result_is_coloured(tmp_path):
    assert loaded_by(tmp_path, "def test_one(): pass\n", FORCE_COLOR="1", NO_COLOR="") & HEAVY == set()


def test_options_load_no_more_than_argparse_and_what_it_needs_itself(tmp_path):
    loaded = loaded_by(tmp_path, "def test_one(): pass\n", "-q", "--maxfail=1", "--concurrency", "3")
    assert loaded & (HEAVY | {"shutil"}) == {"argparse", "re"}


def test_a_suite_of_pytests_loads_no_more_than_it_needs(tmp_path):
    loaded = loaded_by(tmp_path, "import pytest\n\ndef test_one(): pass\n", "--pytest-compat", PYTHONPATH="")
    assert loaded & (HEAVY | {"importlib.abc", "random"}) <= DOOR_NEEDS


def test_an_async_test_loads_asyncio(tmp_path):
    """So the test above can fail: what it forbids does show in what is loaded."""
    assert "asyncio" in loaded_by(tmp_path, "async def test_one(): pass\n")
