"""The files that reports are written to: made at once, so that a path that cannot be is known before any test runs."""

import os
from collections.abc import Mapping

from rustest.model.errors import UsageError
from rustest.report.places import resolved


def create(path: str, flag: str) -> str:
    """Make an empty file and the folders above it, and give its absolute path, for tests may change the current folder.

    An earlier run's report is emptied: nobody shall take it for that of a run which was killed. Raises UsageError,
    which names the flag, where the file cannot be written.
    """
    file = LiveFile(path, flag)
    file.close()
    return file.path


class LiveFile:
    """A new file as `create` makes it, that is written bit by bit while tests run in the same process."""

    def __init__(self, path: str, flag: str) -> None:
        if path.endswith(".py"):  # as when the file is forgotten: `--junit-xml tests/test_it.py`
            raise UsageError(f"{flag}: {path} is a Python file, which the report would replace; name another file")
        self.path = os.path.abspath(path)
        try:
            os.makedirs(os.path.dirname(self.path), exist_ok=True)
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise UsageError(
                f"{flag}: cannot write {path}: {reason}; name a file in a folder that you may write to"
            ) from None
        self._identity = _identity(self._descriptor)

    def append(self, text: str) -> None:
        """Write more, in one go as far as the system lets us, so that what a killed run has written is whole."""
        if _identity(self._descriptor) != self._identity:  # tests that start daemons close all descriptors
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND)
            self._identity = _identity(self._descriptor)
        left = memoryview(text.encode())
        while left:
            left = left[os.write(self._descriptor, left) :]

    def close(self) -> None:
        """End the file."""
        if _identity(self._descriptor) == self._identity:
            os.close(self._descriptor)


def _identity(descriptor: int) -> tuple[int, int] | None:
    """What tells the file behind a descriptor from all others; None if there is none."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def check_apart(paths: Mapping[str, str | None]) -> None:
    """Raise UsageError where two flags name one file; a flag without a path was not given."""
    taken: dict[str, str] = {}
    for flag, path in paths.items():
        earlier = taken.setdefault(resolved(path), flag) if path else flag
        if earlier != flag:
            raise UsageError(f"{earlier} and {flag} both name {path}; give each report a file of its own")
