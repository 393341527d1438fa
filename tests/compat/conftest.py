"""What tests of pytest's suites have in common."""

from collections.abc import Callable

import pytest

from rustest.testing import write_project


@pytest.fixture
def project(tmp_path, monkeypatch) -> Callable[[dict[str, str]], None]:
    """Writes a suite of pytest's, whose folder is the current one; it has the plugins that are asked for by name."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.syspath_prepend(tmp_path)
    marks = "[pytest]\nmarkers =\n  slow\n  outer\n  inner\n  mine\n"
    return lambda files: write_project(tmp_path, {"pytest.ini": marks, **files})
