"""For all tests: where they run on GitHub, the small projects that they run are none of GitHub's business."""

import os
import sys
import tempfile
from collections.abc import Iterator

import pytest

for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
    os.environ.pop(name, None)

_TEMPORARY = os.path.realpath(tempfile.gettempdir())


@pytest.fixture(autouse=True)
def _modules_of_small_projects_forgotten() -> Iterator[None]:
    """The command, called in this process, leaves the test files that it has imported: the next test has its own."""
    before = set(sys.modules)
    yield
    for name in sys.modules.keys() - before:
        if (file := getattr(sys.modules[name], "__file__", None)) and str(file).startswith(_TEMPORARY):
            del sys.modules[name]
