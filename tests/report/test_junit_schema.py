"""The JUnit file, held against a schema that servers use, with anything that tests may say in it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import sample_runs
from any_events import RUNS
from examples import examples
from hypothesis import given
from lxml import etree

from rustest.model.events import Event, RunFinished, RunStarted, TestFinished
from rustest.model.failure import Phase, problem
from rustest.model.outcome import PASSED, Note, Outcome, Verdict
from rustest.model.output import Output, Stream
from rustest.model.properties import Property
from rustest.report.machine.junit import JUnitReporter
from rustest.report.machine.xml_text import LONGEST

SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "junit-10.xsd"))
RESULTS = {"failure", "error", "skipped"}


def checked(folder: Path, events: Iterable[Event]) -> etree._Element:
    path = folder / "results.xml"
    reporter = JUnitReporter(str(path))
    for event in events:
        reporter(event)
    root = etree.parse(path).getroot()
    SCHEMA.assertValid(root)
    return root


def says_more_than_its_verdict(event: TestFinished) -> bool:
    outcome = event.outcome
    return any((event.properties, outcome.notes, outcome.blocks, outcome.earlier, *(outcome.interference or ())))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("junit")


@examples(25)
@given(events=RUNS)
def test_whatever_happens_the_file_is_well_formed_and_valid(folder: Path, events: list[Event]) -> None:
    suite = checked(folder, events)[0]
    cases = list(suite.iter("testcase"))
    assert int(suite.get("tests")) == len(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.get(attribute)) == len(list(suite.iter(tag)))
    assert all(len([child for child in case if child.tag in RESULTS]) <= 1 for case in cases)
    ended = {event.id: event for event in events if isinstance(event, TestFinished)}
    blemished = [case for case in cases if case.find("properties") is not None]
    assert len(blemished) == sum(map(says_more_than_its_verdict, ended.values()))


@pytest.mark.parametrize("run", ["of_everything", "all_passed", "without_tests", "interrupted", "with_fixtures"])
def test_runs_without_properties_hold_nothing_beyond_the_strict_schema(run: str, tmp_path: Path) -> None:
    events = [
        event._replace(outcome=event.outcome._replace(notes=frozenset())) if isinstance(event, TestFinished) else event
        for event in getattr(sample_runs, run)(tmp_path)
    ]
    assert list(checked(tmp_path, events).iter("properties")) == []


def test_texts_beyond_what_parsers_take_lose_their_middle(tmp_path: Path) -> None:
    huge = "first " + "\x00" * (4 * LONGEST) + " last"
    failed = Outcome(Verdict.FAILED, failures=(problem(Phase.CALL, huge),))
    ended = TestFinished("a.py::test_x", failed, 0.0, 0.1, (Output(Phase.CALL, Stream.STDOUT, huge),))
    root = checked(tmp_path, [RunStarted(1, 0, "/p"), ended, RunFinished(0.1)])
    (failure,), (out,) = root.iter("failure"), root.iter("system-out")
    for text in (failure.text, failure.get("message"), out.text):
        assert "first" in text[:100]
        assert text.endswith(" last")
        assert "characters left out" in text
        assert len(text) < 5 * LONGEST


def test_notes_and_recorded_properties_stand_with_their_test(tmp_path: Path) -> None:
    ended = TestFinished(
        "a.py::test_x",
        Outcome(Verdict.PASSED, notes=frozenset({Note.INTERFERED, Note.SLOW})),
        0.0,
        0.1,
        properties=(Property("requirement", "R-1\n<2>"),),
    )
    run = [RunStarted(1, 0, "/p"), ended, RunFinished(0.1, (Property("database", "sqlite"),))]
    suite = checked(tmp_path, run)[0]
    assert [(one.get("name"), one.get("value")) for one in suite.iterfind("testcase/properties/property")] == [
        ("requirement", "R-1\n<2>"),
        ("rustest.note", "interfered"),
        ("rustest.note", "slow"),
    ]
    assert [dict(one.attrib) for one in suite.iterfind("properties/property")] == [
        {"name": "database", "value": "sqlite"}
    ]


def test_attributes_that_a_test_asks_for_stand_in_its_element_and_win(tmp_path: Path) -> None:
    attributes = (Property("tag", "x"), Property("text", "<y>"), Property("classname", "mine"), Property("tag", "z"))
    ended = TestFinished("a.py::test_x", PASSED, 0.0, 0.1, xml_attributes=attributes)
    path = tmp_path / "results.xml"
    reporter = JUnitReporter(str(path))
    for event in (RunStarted(1, 0, "/p"), ended, RunFinished(0.1)):
        reporter(event)
    (case,) = etree.parse(path).getroot().iter("testcase")
    assert dict(case.attrib) == {"classname": "mine", "name": "test_x", "time": "0.100", "tag": "z", "text": "<y>"}
