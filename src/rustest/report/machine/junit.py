"""JUnit: the run as the XML file that continuous-integration servers read, in the form that pytest gives it."""

import time

from rustest.model.events import Event, RunFinished, RunStarted
from rustest.model.properties import Property
from rustest.model.report import Folding, Report
from rustest.report.machine.junit_document import SHARD, document
from rustest.report.machine.report_file import create

FLAG = "--junit-xml"


class JUnitReporter:
    """Writes the results to a JUnit file when the run has finished, or whenever it is told to.

    Raises UsageError where the file cannot be written.
    """

    def __init__(self, path: str, prefix: str = "") -> None:
        self._path = create(path, FLAG)
        self._prefix = prefix
        self._rootdir = ""
        self._circumstances: tuple[Property, ...] = ()
        self._began = time.time()
        self._folding = Folding()

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        self._folding(event)
        if isinstance(event, RunStarted):
            self._rootdir = event.rootdir
            if event.shard is not None:
                self._circumstances = (Property(SHARD, str(event.shard)),)
        elif isinstance(event, RunFinished):
            self.write(self._folding.report())

    def write(self, report: Report) -> None:
        """Write the file with what the report holds, also in the middle of a run; raises OSError where that fails."""
        report = report._replace(properties=(*self._circumstances, *report.properties))
        with open(self._path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in document(report, self._began, self._rootdir, self._prefix))
