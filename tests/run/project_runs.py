"""Small projects run in this process, with what their tests and fixtures noted down on the way."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from rustest.model.events import Event, RunFinished, TestFinished, TestStarted
from rustest.model.failure import Failure
from rustest.model.outcome import Outcome
from rustest.model.report import Report
from rustest.report.fanout import NamedReporter
from rustest.testing import run, write_project

NOTES = "log = []\nnote = log.append\n"


class Recording(NamedTuple):
    """A run, and what its project put into `happened.log` by `from happened import note`."""

    report: Report
    events: list[Event]
    log: list

    def outcome(self, test: str) -> Outcome:
        """The outcome of the one test whose id ends so."""
        (found,) = [one.outcome for node_id, one in self.report.finished.items() if node_id.endswith("::" + test)]
        return found

    def failure(self, test: str) -> Failure:
        """The one failure of that test."""
        (failure,) = self.outcome(test).failures
        return failure

    def verdicts(self) -> dict[str, str]:
        """The verdict of each test, by its name."""
        return {node_id.partition("::")[2]: one.outcome.verdict.value for node_id, one in self.report.finished.items()}

    def starts(self) -> list[str]:
        return [event.id for event in self.events if isinstance(event, TestStarted)]

    def most_at_once(self) -> int:
        """How many tests were between their start and their end at once, at most."""
        running, most = 0, 0
        for event in self.events:
            running += isinstance(event, TestStarted) - isinstance(event, TestFinished)
            most = max(most, running)
        return most


def record(folder: Path, files: Mapping[str, str] | str, *reporters: NamedReporter, **settings: object) -> Recording:
    """Run a project of these files, or of one file `test_it.py`."""
    events: list[Event] = []
    log: list = []

    def keep(event: Event) -> None:
        events.append(event)
        if isinstance(event, RunFinished) and "happened" in sys.modules:
            log.extend(sys.modules["happened"].log)

    write_project(folder, {"happened.py": NOTES, **({"test_it.py": files} if isinstance(files, str) else files)})
    mine = NamedReporter("recording", keep)
    settings = {"rootdir": str(folder), "pythonpath": ["."], **settings}
    return Recording(run(folder, reporters=[*reporters, mine], **settings), events, log)
