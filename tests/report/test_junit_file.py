"""The JUnit file: what servers and scripts read back from it."""

import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from pathlib import Path

import pytest
import sample_runs

from rustest.model.errors import UsageError
from rustest.model.events import (
    Event,
    ProblemFound,
    RunFinished,
    RunStarted,
    StrayOutput,
    TestFinished,
    WarningIssued,
)
from rustest.model.failure import Phase, describe, problem
from rustest.model.item import Problem
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.model.output import Output, Stream
from rustest.model.report import Report
from rustest.report.machine.junit import JUnitReporter

RESULTS = {"failure", "error", "skipped"}


def written(folder: Path, events: Iterable[Event]) -> ET.Element:
    path = folder / "results.xml"
    reporter = JUnitReporter(str(path))
    for event in events:
        reporter(event)
    return ET.parse(path).getroot()


def one_case(folder: Path, outcome: Outcome, node_id: str = "a/test_x.py::test_y") -> ET.Element:
    events = [RunStarted(1, 0, "/p"), TestFinished(node_id, outcome, 0.5, 0.0123), RunFinished(1.0)]
    (case,) = written(folder, events).iter("testcase")
    return case


def test_the_file_is_built_as_junit_readers_expect(tmp_path: Path) -> None:
    root = written(tmp_path, sample_runs.of_everything(tmp_path))
    assert root.tag == "testsuites"
    (suite,) = root
    assert suite.tag == "testsuite"
    assert set(suite.attrib) == {"name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", suite.attrib["timestamp"])
    assert suite.attrib["time"] == "83.200"
    for case in suite:
        assert case.tag == "testcase"
        assert set(case.attrib) == {"classname", "name", "time"}
        assert re.fullmatch(r"\d+\.\d{3}", case.attrib["time"])
        results = [child for child in case if child.tag != "properties"]
        assert len(results) <= 1
        for result in results:
            assert result.tag in RESULTS
            assert "message" in result.attrib


def test_the_totals_are_the_numbers_of_the_cases(tmp_path: Path) -> None:
    root = written(tmp_path, sample_runs.of_everything(tmp_path))
    suite = root[0]
    assert int(suite.attrib["tests"]) == len(suite) == 14
    for attribute, tag, number in [("errors", "error", 4), ("failures", "failure", 4), ("skipped", "skipped", 3)]:
        assert int(suite.attrib[attribute]) == len(list(suite.iter(tag))) == number


def test_cases_stand_in_the_order_in_which_they_ended(tmp_path: Path) -> None:
    names = ["test_c", "test_a", "test_b"]
    events = [TestFinished(f"x.py::{name}", PASSED, 0.0, 0.0) for name in names]
    root = written(tmp_path, [RunStarted(3, 0, "/p"), *events, RunFinished(0.1)])
    assert [case.get("name") for case in root.iter("testcase")] == names


def test_names_are_pytests_own_form(tmp_path: Path) -> None:
    case = one_case(tmp_path, PASSED, "a/test_x.py::TestOuter::TestInner::test_y[b.py::c-1/2]")
    assert case.attrib == {"classname": "a.test_x.TestOuter.TestInner", "name": "test_y[b.py::c-1/2]", "time": "0.012"}


@pytest.mark.parametrize(
    ("verdict", "tag", "attributes"),
    [
        (Verdict.PASSED, None, {}),
        (Verdict.XPASSED, None, {}),
        (Verdict.FAILED, "failure", {"message": "why"}),
        (Verdict.TIMED_OUT, "failure", {"message": "why"}),
        (Verdict.ERROR, "error", {"message": "why"}),
        (Verdict.CRASHED, "error", {"message": "why"}),
        (Verdict.SKIPPED, "skipped", {"message": "why", "type": "pytest.skip"}),
        (Verdict.XFAILED, "skipped", {"message": "why", "type": "pytest.xfail"}),
        (Verdict.NOT_RUN, "skipped", {"message": "not run: why", "type": "pytest.skip"}),
    ],
)
def test_every_verdict_has_its_element(
    verdict: Verdict, tag: str | None, attributes: dict[str, str], tmp_path: Path
) -> None:
    results = list(one_case(tmp_path, Outcome(verdict, "why")))
    assert [(result.tag, result.attrib) for result in results] == ([(tag, attributes)] if tag else [])


def test_the_message_begins_with_the_headline_and_the_text_holds_it_all(tmp_path: Path) -> None:
    body, teardown = describe(RuntimeError("went wrong"), Phase.CALL), describe(OSError("x"), Phase.TEARDOWN)
    (result,) = one_case(tmp_path, Outcome(Verdict.FAILED, failures=(body, teardown)))
    assert result.get("message") == "RuntimeError: went wrong (and 1 more failure)"
    assert result.text == "RuntimeError: went wrong\n\nteardown: OSError: x"


def test_traceback_files_are_relative_to_the_root(tmp_path: Path) -> None:
    failed = sample_runs.finished("test_x", Outcome(Verdict.ERROR, failures=(sample_runs.raised(tmp_path, "db"),)))
    root = written(tmp_path, [RunStarted(1, 0, str(tmp_path)), failed, RunFinished(0.1)])
    (error,) = root.iter("error")
    assert "\n  shop/test_cart.py:27 in db\n" in (error.text or "")


@pytest.mark.parametrize(
    ("where", "name"), [("a/test_x.py", "a.test_x"), ("a/test_x.py::TestC", "a.test_x.TestC"), ("", "rustest")]
)
def test_a_problem_is_an_error_named_by_its_module(where: str, name: str, tmp_path: Path) -> None:
    found = ProblemFound(Problem(where, problem(Phase.COLLECT, "cannot be imported")))
    (case,) = written(tmp_path, [RunStarted(0, 0, "/p"), found, RunFinished(0.1)]).iter("testcase")
    assert (case.get("classname"), case.get("name")) == ("", name)
    (error,) = case
    assert (error.tag, error.get("message")) == ("error", "cannot be imported")


def test_special_characters_come_back_as_they_were(tmp_path: Path) -> None:
    text = "a < b & c > \"d\" ]]> 'e'\n\tü€😀\r\n"
    (result,) = one_case(tmp_path, Outcome(Verdict.FAILED, failures=(problem(Phase.CALL, text),)))
    assert result.get("message") == text
    assert result.text == text


def test_what_xml_forbids_is_visible(tmp_path: Path) -> None:
    text = "\x00\x1b[31mred\x0b \ud800 \ufffe \uffff"
    (result,) = one_case(tmp_path, Outcome(Verdict.FAILED, failures=(problem(Phase.CALL, text),)))
    assert result.get("message") == result.text == r"\x00\x1b[31mred\x0b \ud800 \ufffe \uffff"


def test_results_can_be_saved_before_the_end_and_again_at_it(tmp_path: Path) -> None:
    path = tmp_path / "results.xml"
    reporter = JUnitReporter(str(path))
    ended = [TestFinished(f"x.py::test_{name}", PASSED, 0.0, 0.0) for name in "ab"]
    reporter(RunStarted(2, 0, "/p"))
    reporter(ended[0])
    reporter.write(Report({ended[0].id: ended[0]}))
    assert [case.get("name") for case in ET.parse(path).getroot().iter("testcase")] == ["test_a"]
    reporter(ended[1])
    reporter(RunFinished(1.0))
    assert [case.get("name") for case in ET.parse(path).getroot().iter("testcase")] == ["test_a", "test_b"]


def test_missing_folders_are_made_and_an_earlier_runs_results_are_gone_at_once(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "results.xml"
    JUnitReporter(str(path))
    path.write_text("<old />")
    JUnitReporter(str(path))
    assert path.read_text() == ""


def test_a_test_that_changes_the_folder_does_not_move_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    reporter = JUnitReporter("results.xml")
    (tmp_path / "elsewhere").mkdir()
    os.chdir(tmp_path / "elsewhere")
    reporter(RunFinished(0.1))
    assert (tmp_path / "results.xml").read_text().startswith("<?xml")


def test_a_path_that_cannot_be_written_is_a_usage_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (tmp_path, tmp_path / "file" / "results.xml"):
        with pytest.raises(UsageError, match=r"^--junit-xml: cannot write .*; name a file"):
            JUnitReporter(str(path))


def test_output_and_warnings_stand_with_the_test_that_made_them(tmp_path: Path) -> None:
    output = (
        Output(Phase.SETUP, Stream.STDOUT, "opened\n"),
        Output(Phase.CALL, Stream.STDOUT, "in\n"),
        Output(Phase.CALL, Stream.STDERR, "oh\n"),
        Output(Phase.TEARDOWN, Stream.LOG, "INFO closed"),
    )
    events = [
        RunStarted(1, 0, "/p"),
        WarningIssued("x.py::test_a", "DeprecationWarning", "old", "/p/x.py", 3),
        WarningIssued(None, "UserWarning", "nobody's", "/p/y.py", 4),
        StrayOutput(Stream.STDOUT, "stray ", 0.1),
        StrayOutput(Stream.STDOUT, "out", 0.2),
        TestFinished("x.py::test_a", PASSED, 0.5, 0.1, output),
        RunFinished(1.0),
    ]
    suite = written(tmp_path, events)[0]
    (case,) = suite.iter("testcase")
    assert case.findtext("system-out") == "--- stdout (set-up) ---\nopened\n\n--- stdout (call) ---\nin\n"
    assert case.findtext("system-err") == (
        "--- stderr (call) ---\noh\n\n--- log (teardown) ---\nINFO closed\n/p/x.py:3: DeprecationWarning: old"
    )
    assert suite.findtext("system-out") == "stray out"
    assert suite.findtext("system-err") == "/p/y.py:4: UserWarning: nobody's"


def test_a_python_file_is_never_taken_for_the_report(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text("def test_one(): pass")
    with pytest.raises(UsageError, match="is a Python file, which the report would replace; name another file"):
        JUnitReporter(str(tmp_path / "test_it.py"))
    assert (tmp_path / "test_it.py").read_text() == "def test_one(): pass"
