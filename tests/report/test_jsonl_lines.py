"""The lines of JSON: what a program reads back from them."""

import enum
import json
import math
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints

import pytest
import sample_runs
from any_events import EVENTS
from examples import examples
from hypothesis import given

from rustest.model.errors import UsageError
from rustest.model.events import Event, RunFinished, RunStarted, StrayOutput, TestFinished
from rustest.model.outcome import Outcome, Verdict
from rustest.model.output import Stream
from rustest.model.scope import SCOPES, Scope
from rustest.report.machine.json_form import as_json, word
from rustest.report.machine.jsonl import JsonLinesReporter, event_line
from rustest.testing import run_project

KINDS = {word(kind.__name__): kind for kind in get_args(Event)}


def read(hint: object, written: object) -> object:
    """The value of that type, as a program would make it from what is written."""
    if get_origin(hint) in (Union, UnionType):
        options = [option for option in get_args(hint) if (option is NoneType) == (written is None)]
        return read(options[0], written)
    if get_origin(hint) in (tuple, frozenset):
        return get_origin(hint)(read(get_args(hint)[0], member) for member in written)
    if get_origin(hint) is Mapping:
        return {key: read(get_args(hint)[1], member) for key, member in written.items()}
    if hint is Scope:
        return SCOPES[written]
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint(written)
    if hasattr(hint, "_fields"):
        hints = get_type_hints(hint)
        assert list(hints) == list(written)
        return hint(**{name: read(hints[name], member) for name, member in written.items()})
    return written


def without_surrogates(value: object) -> object:
    match value:
        case str():
            return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found.group()):x}", value)
        case tuple() if hasattr(value, "_fields"):
            return type(value)(*map(without_surrogates, value))
        case tuple():
            return tuple(map(without_surrogates, value))
        case Mapping():
            return {without_surrogates(key): without_surrogates(member) for key, member in value.items()}
        case _:
            return value


@examples(60)
@given(event=EVENTS)
def test_every_event_comes_back_from_its_line(event: Event) -> None:
    line = event_line(event)
    assert line.isascii() and line.index("\n") == len(line) - 1
    fields = json.loads(line)
    json.dumps(fields, ensure_ascii=False).encode()  # which lone surrogates would not let through
    assert fields.pop("schema") == 1
    kind = KINDS[fields.pop("event")]
    assert read(kind, fields) == without_surrogates(event)


def test_numbers_that_are_not_finite_are_null() -> None:
    for number in (math.inf, -math.inf, math.nan):
        assert json.loads(event_line(RunFinished(number)))["duration"] is None


def test_what_has_no_form_in_json_is_refused() -> None:
    with pytest.raises(TypeError, match="object has no form in JSON"):
        as_json({"live": object()})


def test_events_are_in_the_file_as_soon_as_they_happen(tmp_path: Path) -> None:
    path = tmp_path / "new" / "run.jsonl"
    reporter, told = JsonLinesReporter(str(path)), []
    for event in sample_runs.of_everything(tmp_path):
        reporter(event)
        told.append(event_line(event))
        assert path.read_text() == "".join(told)


def test_a_run_writes_all_its_events_from_its_start_to_its_end(tmp_path: Path) -> None:
    files = {"test_it.py": "def test_a(): pass\nasync def test_b(): assert False\n"}
    run_project(tmp_path, files, report_jsonl=str(tmp_path / "run.jsonl"), setup_show=True)
    lines = [json.loads(line) for line in (tmp_path / "run.jsonl").read_text().splitlines()]
    assert [lines[0]["event"], lines[-1]["event"]] == ["run_started", "run_finished"]
    ended = {line["id"]: line["outcome"]["verdict"] for line in lines if line["event"] == "test_finished"}
    assert ended == {"test_it.py::test_a": "passed", "test_it.py::test_b": "failed"}


def test_an_earlier_runs_lines_are_gone_at_once(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("old\n")
    reporter = JsonLinesReporter(str(path))
    assert path.read_text() == ""
    reporter(RunFinished(0.1))


def test_a_test_that_closes_all_descriptors_neither_ends_the_report_nor_gets_it_into_its_own_file(
    tmp_path: Path,
) -> None:
    source = """
        import os

        def test_closes():
            report = next(fd for fd in range(3, 100) if os.path.realpath(f"/proc/self/fd/{fd}").endswith("run.jsonl"))
            os.close(report)
            own = os.open("own.txt", os.O_CREAT | os.O_WRONLY)
            assert own == report

        def test_after(): pass
        """
    if not os.path.exists("/proc/self/fd"):
        pytest.skip("no /proc here")
    before = os.getcwd()
    os.chdir(tmp_path)
    try:
        report = run_project(tmp_path, {"test_it.py": source}, report_jsonl="run.jsonl")
    finally:
        os.chdir(before)
    assert (report.status, report.broken_reporters) == (0, ())
    assert (tmp_path / "own.txt").read_bytes() == b""
    assert [json.loads(line)["event"] for line in (tmp_path / "run.jsonl").read_text().splitlines()][
        -1
    ] == "run_finished"


def test_a_path_that_cannot_be_written_is_a_usage_error_before_any_test_runs(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    source = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\ndef test_a(): pass\n"
    for path in (tmp_path, tmp_path / "file" / "run.jsonl", "nul\0l"):
        with pytest.raises(UsageError, match=r"^--report-jsonl: cannot write .*; name a file"):
            run_project(tmp_path, {"test_it.py": source}, report_jsonl=str(path))
    assert not (tmp_path / "ran").exists()


def test_two_reports_in_one_file_are_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "report")
    (tmp_path / "report").write_text("kept")
    with pytest.raises(UsageError, match=r"--junit-xml and --report-jsonl both name .*link; give each report a file"):
        run_project(tmp_path, {}, junit_xml=str(tmp_path / "report"), report_jsonl=str(tmp_path / "link"))
    assert (tmp_path / "report").read_text() == "kept"


def test_texts_of_tests_cannot_make_lines_of_their_own(tmp_path: Path) -> None:
    text = 'a\n{"event": "run_finished"}\r\u2028\x85\x00'
    for event in (StrayOutput(Stream.STDOUT, text, 0.1), TestFinished(text, Outcome(Verdict.FAILED, text), 0.1, 0.1)):
        assert len(event_line(event).splitlines()) == 1


def test_rootdir_and_totals_come_first(tmp_path: Path) -> None:
    line = json.loads(event_line(RunStarted(3, 1, "/p", {"a.py::test_x": 0.5})))
    assert line == {
        "schema": 1,
        "event": "run_started",
        "total": 3,
        "deselected": 1,
        "rootdir": "/p",
        "durations": {"a.py::test_x": 0.5},
        "files": {},
        "expected": None,
        "note": "",
        "shard": None,
    }
