"""Signs that a project is pytest's, as cheap as each start can afford: nothing is parsed, and no module loaded."""

import os
from collections.abc import Sequence

from rustest.model.folders import common_folder, folders_of, upward

INI_MENTIONS = {
    "pytest.toml": b"",
    ".pytest.toml": b"",
    "pytest.ini": b"",
    ".pytest.ini": b"",
    "pyproject.toml": b"tool.pytest",
    "tox.ini": b"[pytest]",
    "setup.cfg": b"[tool:pytest]",
}
"""The files that may hold pytest's settings, by rank, and what stands in those that do; empty where any will do."""


def has_ini(paths: Sequence[str]) -> bool:
    """Whether there is a file that seems to hold pytest's settings for these paths."""
    starts = folders_of(paths)
    return any(
        _seems_so(os.path.join(folder, name), mention)
        for start in {common_folder(starts), *starts}
        for folder in upward(start)
        for name, mention in INI_MENTIONS.items()
    )


def _seems_so(path: str, mention: bytes) -> bool:
    try:
        with open(path, "rb") as file:
            return not mention or mention in file.read()
    except OSError:
        return False
