"""The plugin that pytest itself loads, in a process of its own: it writes down what is collected there."""

import json
import os
from typing import Any

TESTIMONY = "RUSTEST_DOCTOR_TESTIMONY"
"""The variable that names the file to write to."""

_errors: dict[str, str] = {}


def pytest_collectreport(report: Any) -> None:
    """Keep what could not be collected."""
    if report.failed:
        _errors[report.nodeid] = str(report.longrepr).strip()


def pytest_collection_finish(session: Any) -> None:
    """Write down the tests that would run."""
    said = {
        "rootdir": str(session.config.rootpath),
        "ids": [item.nodeid for item in session.items],
        "errors": _errors,
    }
    with open(os.environ[TESTIMONY], "w", encoding="utf-8") as file:
        json.dump(said, file)


def pytest_sessionfinish(session: Any) -> None:
    """Write it down as well where errors have ended the collection."""
    if not os.path.exists(os.environ[TESTIMONY]):
        pytest_collection_finish(session)
