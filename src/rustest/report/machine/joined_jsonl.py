"""Files of JSON lines joined to one, that reads as the file of one run.

The shards' events follow one upon the other, between one beginning and one end; their times stay those of their own
runs. Where a shard was killed, the whole has no end either.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from rustest.model.choices import Shard
from rustest.model.errors import UsageError
from rustest.model.events import (
    FileSkipped,
    Interrupted,
    ProblemFound,
    ReporterFailed,
    RunFinished,
    RunStarted,
    StopReason,
    TestFinished,
)
from rustest.model.outcome import Verdict
from rustest.model.report import STOPPED, ExitStatus
from rustest.report.machine.json_form import SCHEMA, json_line, word
from rustest.report.machine.parts import Joined, Part

Line = Mapping[str, Any]


def is_event(text: str) -> bool:
    """Whether that line is one of an event."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return False
    return isinstance(found, dict) and "event" in found and "schema" in found


def join_jsonl(texts: Mapping[str, str]) -> Joined:
    """Join the texts, by path; raises UsageError where one is no file of events."""
    runs = {path: [*_read(path, text)] for path, text in texts.items()}
    starts = [line for run in runs.values() for line in _of(run, RunStarted)]
    ends = [line for run in runs.values() for line in _of(run, RunFinished)]
    whole = [*_begin(starts), *_between(runs.values())]
    if len(ends) == len(runs):
        whole.append(_end(ends))
    return Joined("".join(map(json_line, whole)), tuple(_part(path, run) for path, run in runs.items()))


def _read(path: str, text: str) -> Iterator[Line]:
    lines = text.split("\n")
    lines.pop()  # what follows the last line's end: nothing, or a line that a killed run has not written to its end
    for number, line in enumerate(lines, 1):
        if not is_event(line):
            raise UsageError(f"merge-reports: {path}:{number} is no event; give the file as --report-jsonl wrote it")
        event = cast("Line", json.loads(line))
        if event["schema"] != SCHEMA:
            raise UsageError(
                f"merge-reports: {path} was written by another version of rustest; run all shards with one version"
            )
        yield event


def _of(run: Iterable[Line], *kinds: type) -> list[Line]:
    names = {word(kind.__name__) for kind in kinds}
    return [line for line in run if line["event"] in names]


def _begin(starts: list[Line]) -> Iterator[Line]:
    if not starts:
        return
    expected = [line["expected"] for line in starts if line["expected"] is not None]
    yield {
        **starts[0],
        "total": sum(line["total"] for line in starts),
        "deselected": max(line["deselected"] for line in starts),
        "durations": _sum_of(starts, "durations"),
        "files": _added(starts),
        "expected": max(expected, default=None),
        "note": "\n".join(dict.fromkeys(line["note"] for line in starts if line["note"])),
        "shard": None,
    }


def _sum_of(lines: Iterable[Line], field: str) -> dict[str, Any]:
    return {key: value for line in lines for key, value in line[field].items()}


def _added(starts: Iterable[Line]) -> dict[str, int]:
    """How many tests each file has in all of them."""
    numbers: dict[str, int] = {}
    for line in starts:
        for file, number in line["files"].items():
            numbers[file] = numbers.get(file, 0) + number
    return numbers


def _between(runs: Iterable[Iterable[Line]]) -> Iterator[Line]:
    """All events but the first and the last, what is wrong with files only once."""
    once = {word(ProblemFound.__name__), word(FileSkipped.__name__)}
    ends = {word(RunStarted.__name__), word(RunFinished.__name__)}
    told: list[Line] = []
    for run in runs:
        for line in run:
            if line["event"] in ends or (line["event"] in once and line in told):
                continue
            if line["event"] in once:
                told.append(line)
            yield line


def _end(ends: list[Line]) -> Line:
    properties = [entry for line in ends for entry in line["properties"]]
    distinct = [entry for number, entry in enumerate(properties) if entry not in properties[:number]]
    return {
        **ends[0],
        "duration": max(line["duration"] for line in ends),
        "properties": distinct,
        "worked": sum(line["worked"] for line in ends),
    }


def _part(path: str, run: list[Line]) -> Part:
    finished = _of(run, TestFinished)
    tests = frozenset(line["id"] for line in finished)
    starts = _of(run, RunStarted)
    if not _of(run, RunFinished):
        lost = "its run was killed before it ended; run that shard again"
    elif sum(line["total"] for line in starts) > len(tests):
        lost = "some of its tests have no verdict"
    else:
        lost = ""
    return Part(path, tests, _status(run, finished), next(filter(None, map(_shard, starts)), None), lost)


def _status(run: list[Line], finished: list[Line]) -> ExitStatus:
    """As `Report.status` has it."""
    for line in _of(run, Interrupted):
        if StopReason(line["reason"]) in STOPPED:
            return ExitStatus.INTERRUPTED
    if _of(run, ReporterFailed):
        return ExitStatus.INTERNAL_ERROR
    if _of(run, ProblemFound) or any(Verdict(line["outcome"]["verdict"]).is_bad for line in finished):
        return ExitStatus.FAILURES
    return ExitStatus.OK if finished else ExitStatus.NO_TESTS


def _shard(start: Line) -> Shard | None:
    shard = start.get("shard")
    return Shard(shard["number"], shard["of"]) if shard else None
