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
    "rich",
    "selectors",
    "socket",
    "tempfile",
    "tokenize",
    "tomllib",
    "traceback",
    "unittest",
    "xml",
}

DOOR_NEEDS = {"argparse", "pathlib", "tomllib"}
"""What a suite of pytest's may load of these: it has pytest's command line and settings, and its nodes have paths."""

REPORT = """
import sys
from rustest.cli.main import main
before = set(sys.modules)
assert main(["test_one.py", *sys.argv[1:]]) == 0
print(*sorted(sys.modules), sep=" ")
"""


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


def test_neither_does_it_when_its_result_is_coloured(tmp_path):
    assert loaded_by(tmp_path, "def test_one(): pass\n", FORCE_COLOR="1", NO_COLOR="") & HEAVY == set()


def test_a_suite_of_pytests_loads_no_more_than_it_needs(tmp_path):
    loaded = loaded_by(tmp_path, "import pytest\n\ndef test_one(): pass\n", "--pytest-compat", PYTHONPATH="")
    assert loaded & (HEAVY | {"importlib.abc", "random"}) <= DOOR_NEEDS


def test_an_async_test_loads_asyncio(tmp_path):
    """So the test above can fail: what it forbids does show in what is loaded."""
    assert "asyncio" in loaded_by(tmp_path, "async def test_one(): pass\n")
