"""`rustest merge-reports OUT IN...`: the reports of a suite's shards become one, whatever kind of report they are."""

import json
import os
from collections.abc import Callable, Mapping, Sequence

from rustest.model.durations import durations_text, is_durations
from rustest.model.errors import UsageError
from rustest.model.report import ExitStatus
from rustest.report.machine.joined_jsonl import is_event, join_jsonl
from rustest.report.machine.parts import Joined, Part, check_apart
from rustest.report.machine.report_file import create
from rustest.report.messages import count

COMMAND = "merge-reports"
_USAGE = f"{COMMAND} needs the file to write, and behind it the reports to join: rustest {COMMAND} OUT IN..."

Join = Callable[[Mapping[str, str]], Joined]
Tell = Callable[[str], object]


def merge_reports(arguments: Sequence[str], tell: Tell) -> ExitStatus:
    """Write the joined report and say what it amounts to; the status is that of the whole suite.

    Raises UsageError where the reports cannot be joined.
    """
    out, *paths = arguments or ("",)
    if not paths or any(argument.startswith("-") for argument in arguments):
        raise UsageError(_USAGE)
    if os.path.realpath(out) in map(os.path.realpath, paths):
        raise UsageError(f"{COMMAND}: {out} is to be written and read; write the joined report to another file")
    joined = _join({path: _read(path) for path in paths})
    check_apart(joined.parts)
    with open(create(out, COMMAND), "w", encoding="utf-8", newline="\n") as file:
        file.write(joined.text)
    tell(f"{out}: {count(joined.tests, 'test')} of {count(len(joined.parts), 'report')}")
    for loss in joined.losses:
        tell(loss)
    return joined.status


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", newline="\n") as file:
            text = file.read()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise UsageError(f"{COMMAND}: cannot read {path}: {reason}; mend the path, or leave it out") from None
    if not text.strip():
        raise UsageError(f"{COMMAND}: {path} is empty: its run was killed; run that shard again, or leave it out")
    return text


def _join(texts: Mapping[str, str]) -> Joined:
    kinds = {path: _kind(path, text) for path, text in texts.items()}
    (first, join), *others = kinds.items()
    for path, other in others:
        if other is not join:
            raise UsageError(
                f"{COMMAND}: {first} and {path} are reports of different kinds; join those of one kind at a time"
            )
    return join(texts)


def _kind(path: str, text: str) -> Join:
    """What joins reports like this one, by what is in it."""
    if text.lstrip("\ufeff \r\n\t").startswith("<"):
        from rustest.report.machine.joined_junit import join_junit

        return join_junit
    if is_event(text.partition("\n")[0]):
        return join_jsonl
    try:
        found: object = json.loads(text)
    except ValueError:
        found = None
    if is_durations(found):
        return _join_durations
    raise UsageError(
        f"{COMMAND}: {path} is no report that can be joined; "
        "give files that --junit-xml, --report-jsonl or --durations-to wrote"
    )


def _join_durations(texts: Mapping[str, str]) -> Joined:
    parts = {path: json.loads(text) for path, text in texts.items()}
    whole = {node_id: seconds for part in parts.values() for node_id, seconds in part.items()}
    return Joined(durations_text(whole), tuple(Part(path, frozenset(part)) for path, part in parts.items()))
