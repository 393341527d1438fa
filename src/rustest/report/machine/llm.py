"""Failures only, one JSON object a line, for language models: what they need to mend a test, and nothing twice."""

import os
from collections.abc import Iterator
from typing import TextIO

from rustest.model.events import Event, ReporterFailed, RunFinished, TestFinished
from rustest.model.failure import Failure, Frame
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem
from rustest.model.outcome import Outcome
from rustest.model.output import Output
from rustest.model.report import Folding, Report, bad_tests
from rustest.model.settings import Settings
from rustest.report.failure.failures import failure_text, headline
from rustest.report.machine.excerpts import bounded, tail
from rustest.report.machine.json_form import json_line
from rustest.report.places import below, file_of, innermost, source_of
from rustest.report.rerun import command

MESSAGE, DETAILS, OUTPUT = 2000, 4000, 1500
"""How many characters of each there may be."""
FRAMES = 20
"""How many frames: the innermost."""

Record = dict[str, object]


class LlmReporter:
    """Writes what went wrong to a text stream when the run has finished, in an order that is the same each time."""

    def __init__(self, stream: TextIO, settings: Settings) -> None:
        self._stream = stream
        self._rootdir = settings.rootdir
        self._cwd = os.getcwd()  # tests may change it
        self._folding = Folding()
        self._is_over = False

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        self._folding(event)
        if isinstance(event, RunFinished):
            self._is_over = True
            self._write(self._records(self._folding.report()))
        elif isinstance(event, ReporterFailed) and self._is_over:
            self._write(iter([_broken(event)]))

    def _write(self, records: Iterator[Record]) -> None:
        self._stream.writelines(map(json_line, records))
        self._stream.flush()

    def _records(self, report: Report) -> Iterator[Record]:
        yield from map(self._failed, bad_tests(report.unusual))
        yield from map(self._problem, report.problems)
        yield from map(_broken, report.broken_reporters)
        yield {"summary": _summary(report)}

    def _failed(self, ended: TestFinished) -> Record:
        outcome = ended.outcome
        record: Record = {"id": ended.id, "verdict": outcome.verdict}
        if outcome.failures:
            record |= self._told(ended.id, outcome.failures[0])
        else:
            record |= {"file": ended.id.partition(SEPARATOR)[0], "line": None, "message": outcome.reason, "frames": []}
        record |= _beside(outcome)
        if ended.output:
            record["output"] = _tails(ended.output)
        return record | self._rerun(ended.id)

    def _problem(self, problem: Problem) -> Record:
        return {"problem": problem.where, **self._told(problem.where, problem.failure), **self._rerun(problem.where)}

    def _told(self, where: str, failure: Failure) -> Record:
        file = file_of(where, self._rootdir)
        place = innermost(failure, file)
        record: Record = {"file": below(self._rootdir, place.file if place else file)}
        record |= {"line": place.line if place else None, "phase": failure.phase}
        if failure.subject is not None:
            record["fixture"] = failure.subject
        record["message"] = bounded(headline(failure), MESSAGE)
        record["frames"] = [self._frame(frame) for frame in failure.frames[-FRAMES:]]
        if failure.cause or failure.members or failure.notes:
            record["details"] = bounded(failure_text(failure, self._rootdir), DETAILS)
        return record

    def _frame(self, frame: Frame) -> Record:
        file = below(self._rootdir, frame.file)
        return {"file": file, "line": frame.line, "function": frame.function, "source": source_of(frame)}

    def _rerun(self, where: str) -> Record:
        """The command that runs this again, from the folder in which this run was started; empty if there is none."""
        if not where.partition(SEPARATOR)[0] or not os.path.exists(file_of(where, self._rootdir)):
            return {}
        return {"rerun": command(where, self._rootdir, self._cwd)}


def _beside(outcome: Outcome) -> Record:
    record: Record = {"notes": outcome.notes} if outcome.notes else {}
    if more := outcome.failures[1:]:
        record["also"] = [bounded(headline(failure), MESSAGE) for failure in more]
    return record


def _tails(output: tuple[Output, ...]) -> dict[str, str]:
    streams: dict[str, str] = {}
    for piece in output:
        streams[piece.stream.value] = streams.get(piece.stream.value, "") + piece.text
    return {stream: tail(text, OUTPUT) for stream, text in streams.items()}


def _broken(event: ReporterFailed) -> Record:
    return {"broken_reporter": event.reporter, "message": event.message}


def _summary(report: Report) -> Record:
    counts: Record = {verdict.value: number for verdict, number in report.counts().items()}
    counts |= {"problems": len(report.problems), "skipped_files": len(report.skipped_files)}
    counts |= {"deselected": report.deselected, "planned": report.total}
    summary: Record = {**counts, "seconds": round(report.duration, 3), "exit_status": int(report.status)}
    if cut := report.interrupted:
        summary |= {"ended_early": cut.reason, "running_then": list(cut.running)}
    return summary
