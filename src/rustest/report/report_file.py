"""The files that reports are written to: made at once, so that a path that cannot be is known before any test runs."""

import os
from collections.abc import Mapping

from rustest.model.errors import UsageError


def create(path: str, flag: str) -> str:
    """Make an empty file and the folders above it, and give its absolute path, for tests may change the current folder.

    An earlier run's report is emptied: nobody shall take it for that of a run which was killed. Raises UsageError,
    which names the flag, where the file cannot be written.
    """
    absolute = os.path.abspath(path)
    if absolute.endswith(".py"):  # as when the file is forgotten: `--junit-xml tests/test_it.py`
        raise UsageError(f"{flag}: {path} is a Python file, which the report would replace; name another file")
    try:
        os.makedirs(os.path.dirname(absolute), exist_ok=True)
        with open(absolute, "w"):
            return absolute
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"{flag}: cannot write {path}: {reason}; name a file in a folder that you may write to"
        ) from None


def check_apart(paths: Mapping[str, str]) -> None:
    """Raise UsageError where two flags name one file."""
    taken: dict[str, str] = {}
    for flag, path in paths.items():
        earlier = taken.setdefault(os.path.realpath(path), flag)
        if earlier != flag:
            raise UsageError(f"{earlier} and {flag} both name {path}; give each report a file of its own")
