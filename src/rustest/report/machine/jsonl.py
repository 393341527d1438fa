"""JSON lines: every event of a run as it happens, for programs that watch it or read it later."""

from rustest.model.events import Event, RunFinished
from rustest.report.machine.json_form import SCHEMA, json_line, word
from rustest.report.machine.report_file import LiveFile

FLAG = "--report-jsonl"


class JsonLinesReporter:
    """Writes each event into a file as one line, at once; nothing follows the line of `RunFinished`.

    Raises UsageError where the file cannot be written, and OSError where that becomes so later.
    """

    def __init__(self, path: str) -> None:
        self._file = LiveFile(path, FLAG)
        self._is_over = False

    def __call__(self, event: Event) -> None:
        """Write one event."""
        if self._is_over:  # another reporter failed at the end
            return
        self._file.append(event_line(event))
        if isinstance(event, RunFinished):
            self._is_over = True
            self._file.close()


def event_line(event: Event) -> str:
    """The event in one line, with its end."""
    return json_line({"schema": SCHEMA, "event": word(type(event).__name__), **event._asdict()})
