"""Failures for language models: few lines, each whole, in the same order each time."""

import io
import json
import os
import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest
import sample_runs
from any_events import RUNS
from examples import examples
from hypothesis import given

from rustest.model.events import Event, ReporterFailed, RunFinished, RunStarted, TestFinished
from rustest.model.failure import Frame, Phase, problem
from rustest.model.outcome import Outcome, Verdict
from rustest.model.output import Output, Stream
from rustest.model.settings import Settings
from rustest.report.machine.json_form import as_json
from rustest.report.machine.llm import FRAMES, MESSAGE, OUTPUT, LlmReporter
from rustest.testing import run, run_project


def lines_of(events: Iterable[Event], rootdir: Path | str = "/p") -> list[dict[str, object]]:
    stream = io.StringIO()
    reporter = LlmReporter(stream, Settings(rootdir=str(rootdir)))
    for event in events:
        reporter(event)
    assert stream.getvalue().isascii()
    return [json.loads(line) for line in stream.getvalue().split("\n")[:-1]]


@examples(20)
@given(events=RUNS)
def test_there_is_a_line_for_each_failure_and_problem_and_a_summary(events: list[Event]) -> None:
    *told, last = lines_of(events)
    ended = {event.id: event.outcome.verdict.is_bad for event in events if isinstance(event, TestFinished)}
    bad = [as_json(node_id) for node_id, is_bad in sorted(ended.items()) if is_bad]
    assert [line["id"] for line in told if "id" in line] == bad
    assert list(last) == ["summary"]


def test_a_failure_has_what_it_takes_to_find_it(tmp_path: Path) -> None:
    *told, last = lines_of(sample_runs.of_everything(tmp_path), tmp_path)
    by_id = {line.get("id"): line for line in told}
    failed = by_id["shop/test_cart.py::test_no_price"]
    details = failed.pop("details")
    assert "preceded by" in details or "KeyError" in details
    assert failed == {
        "id": "shop/test_cart.py::test_no_price",
        "verdict": "failed",
        "file": "shop/test_cart.py",
        "line": 9,
        "phase": "call",
        "message": "ValueError: a line has no price",
        "frames": [
            {"file": "shop/test_cart.py", "line": 17, "function": "test_no_price", "source": "checkout([{}])"},
            {
                "file": "shop/test_cart.py",
                "line": 9,
                "function": "checkout",
                "source": 'raise ValueError("a line has no price") from error',
            },
        ],
        "also": ["ConnectionError: refused"],
        "rerun": f"rustest {shlex.quote(os.path.relpath(tmp_path / 'shop' / 'test_cart.py') + '::test_no_price')}",
    }
    assert by_id["shop/test_cart.py::test_uses_db"]["fixture"] == "db"
    assert by_id["shop/test_cart.py::test_slow"]["notes"] == ["stuck"]
    assert by_id["shop/test_cart.py::test_segfault"]["message"] == "the process died of SIGSEGV"
    assert by_id[None]["problem"] == "shop/test_till.py"
    ids = [line["id"] for line in told if "id" in line]
    assert ids == sorted(ids)
    assert last["summary"]["failed"] == 3
    assert last["summary"]["timed out"] == 1
    assert last["summary"]["exit_status"] == 1


def test_what_passes_is_not_told_beyond_its_number(tmp_path: Path) -> None:
    assert lines_of(sample_runs.all_passed(tmp_path)) == [
        {
            "summary": {
                "passed": 3,
                "problems": 0,
                "skipped_files": 0,
                "deselected": 0,
                "planned": 3,
                "seconds": 0.75,
                "exit_status": 0,
            }
        }
    ]


def test_long_texts_are_bounded(tmp_path: Path) -> None:
    frames = tuple(Frame("/p/a.py", line, "test_x") for line in range(1, 1000))
    failure = problem(Phase.CALL, "first" + "x" * 100_000 + "last")._replace(frames=frames)
    output = (Output(Phase.SETUP, Stream.STDOUT, "a" * 10_000), Output(Phase.CALL, Stream.STDOUT, "the end\n"))
    ended = TestFinished("a.py::test_x", Outcome(Verdict.FAILED, failures=(failure,)), 0.0, 0.1, output)
    told, _ = lines_of([RunStarted(1, 0, "/p"), ended, RunFinished(0.1)])
    assert len(told["message"]) < MESSAGE + 100
    assert told["message"].startswith("first") and told["message"].endswith("last")
    assert [frame["line"] for frame in told["frames"]] == list(range(1000 - FRAMES, 1000))
    assert told["output"].keys() == {"stdout"}
    assert told["output"]["stdout"].endswith("the end\n")
    assert len(told["output"]["stdout"]) < OUTPUT + 100


def test_a_reporter_that_broke_is_told_also_after_the_end() -> None:
    events = [RunStarted(0, 0, "/p"), ReporterFailed("a", "no"), RunFinished(0.1), ReporterFailed("b", "disk full")]
    broken, last, late = lines_of(events)
    assert broken == {"broken_reporter": "a", "message": "no"}
    assert last["summary"]["exit_status"] == 3
    assert late == {"broken_reporter": "b", "message": "disk full"}


def test_an_interrupted_run_says_so(tmp_path: Path) -> None:
    (last,) = lines_of(sample_runs.interrupted(tmp_path))
    assert last["summary"]["ended_early"] == "interrupted"
    assert len(last["summary"]["running_then"]) == 2


def test_the_setting_puts_it_in_the_place_of_the_terminals_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    stream = io.StringIO()
    files = {
        "sub/test_it.py": """
            from rustest import parametrize

            @parametrize("text", ["a b", "$HOME", "ü"])
            def test_fails(text): assert text == ""

            def test_passes(): pass
            """
    }
    run_project(tmp_path, files, stream=stream, llm=True)
    *told, last = map(json.loads, stream.getvalue().splitlines())
    assert last["summary"]["passed"] == 1
    assert len(told) == 3
    for line in told:
        command, node_id = shlex.split(line["rerun"])
        assert (command, node_id) == ("rustest", line["id"])
        assert run(node_id, rootdir=str(tmp_path)).total == 1
