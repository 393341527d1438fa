"""For all tests: where they run on GitHub, the small projects that they run are none of GitHub's business."""

import compileall
import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
    os.environ.pop(name, None)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in a shell's background, and then in all that tests start
    signal.signal(signal.SIGINT, signal.default_int_handler)

_TEMPORARY = os.path.realpath(tempfile.gettempdir())
_OURS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
"""The checkout, which may itself be somewhere temporary."""


compileall.compile_dir(os.path.join(_OURS, "src"), quiet=2)  # once, and not in each program that tests start


@pytest.fixture(autouse=True)
def _modules_of_small_projects_forgotten() -> Iterator[None]:
    """The command, called in this process, leaves the test files that it has imported: the next test has its own."""
    before = set(sys.modules)
    yield
    for name in sys.modules.keys() - before:
        file = str(getattr(sys.modules[name], "__file__", None))
        if file.startswith(_TEMPORARY) and not file.startswith(_OURS):
            del sys.modules[name]


@pytest.fixture
def imports_undone(tmp_path, monkeypatch) -> Iterator[Path]:
    """The test's folder, from which it may import what it likes: then paths and modules are as they were."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    path, modules = sys.path[:], dict(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(str(tmp_path)):
            del sys.modules[name]
    sys.modules.update(modules)
