"""The file of durations that a run leaves, for `--durations-from` of later ones."""

import os

from rustest.model.durations import write_durations
from rustest.model.errors import UsageError
from rustest.model.events import Event, RunFinished, TestFinished
from rustest.model.outcome import Verdict

FLAG = "--durations-to"
_DID_NOT_RUN = (Verdict.SKIPPED, Verdict.NOT_RUN)


class DurationsReporter:
    """Writes down how long the tests of this run took, and of no other; raises UsageError where it cannot.

    The file that is there stays until the run has ended: it may be the one that the run goes by.
    """

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self._durations: dict[str, float] = {}
        folder = os.path.dirname(self._path)
        try:
            os.makedirs(folder, exist_ok=True)
        except (OSError, ValueError) as error:
            raise _refusal(path, error.strerror if isinstance(error, OSError) else str(error)) from None
        if path.endswith(".py"):
            raise UsageError(f"{FLAG}: {path} is a Python file, which would be replaced; name another file")
        if os.path.isdir(self._path) or not os.access(folder, os.W_OK | os.X_OK):
            raise _refusal(path, "Is a directory" if os.path.isdir(self._path) else "Permission denied")

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        if isinstance(event, TestFinished) and event.outcome.verdict not in _DID_NOT_RUN:
            self._durations[event.id] = event.took
        elif isinstance(event, RunFinished):
            write_durations(self._path, self._durations)


def _refusal(path: str, reason: str | None) -> UsageError:
    return UsageError(f"{FLAG}: cannot write {path}: {reason}; name a file in a folder that you may write to")
