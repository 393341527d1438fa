"""Events: what a run tells its reporters while it goes on. They hold no live objects.

A run is `RunStarted`, then for each planned test at most one `TestStarted` and exactly one `TestFinished`, with
`ProblemFound`, `FileSkipped` and `Interrupted` anywhere between, then `RunFinished`; only a `ReporterFailed` may
follow that. Times are seconds since the run started.
"""

import enum
from collections.abc import Callable
from typing import NamedTuple

from rustest.model.item import Problem, SkippedFile
from rustest.model.outcome import Outcome


class RunStarted(NamedTuple):
    """The plan is made, the first test is about to start."""

    total: int
    deselected: int
    rootdir: str


class TestStarted(NamedTuple):
    """A test's set-up begins."""

    id: str
    at: float


class TestFinished(NamedTuple):
    """A test has its verdict; `duration` covers set-up, body and teardown, and is 0 for one that never started."""

    id: str
    outcome: Outcome
    at: float
    duration: float


class ProblemFound(NamedTuple):
    """Something other than a test went wrong: a file that cannot be imported, a fixture left over at the end."""

    problem: Problem


class StopReason(enum.Enum):
    """Why a run ended before its plan did; the value is what users read."""

    USER = "interrupted"
    MAXFAIL = "stopped after too many failures"
    BLOCKED = "stopped: a test holds the process, and no signal ends it"


class FileSkipped(NamedTuple):
    """A test file skipped itself as it was imported, so that nobody knows its tests."""

    skipped: SkippedFile


class Interrupted(NamedTuple):
    """The run ends before its plan does; these tests were running."""

    reason: StopReason
    running: tuple[str, ...]


class ReporterFailed(NamedTuple):
    """A reporter raised and was switched off."""

    reporter: str
    message: str


class RunFinished(NamedTuple):
    """Nothing more will happen."""

    duration: float


RunEvent = RunStarted | ProblemFound | FileSkipped | Interrupted | ReporterFailed | RunFinished
Event = TestStarted | TestFinished | RunEvent
Emit = Callable[[Event], None]
