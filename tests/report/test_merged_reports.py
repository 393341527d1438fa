"""`rustest merge-reports`: the reports of shards become one."""

import json
from xml.etree import ElementTree

import pytest

from rustest.merging import merge_reports
from rustest.model.errors import UsageError
from rustest.model.report import ExitStatus
from rustest.testing import run_project

FILES = {
    "test_broken.py": "import no_such_module",
    **{f"test_{number}.py": f"def test_it(): assert {number} != 3" for number in range(8)},
    "test_out.py": "async def test_out(): print('<&>')",
}


@pytest.fixture
def shards(tmp_path):
    """The folder in which two shards have left their reports of each kind."""

    def run(files, of=2):
        for number in range(1, of + 1):
            kinds = {"junit_xml": "xml", "report_jsonl": "jsonl", "durations_to": "json"}
            reports = {key: str(tmp_path / f"{number}.{suffix}") for key, suffix in kinds.items()}
            run_project(tmp_path / "project", files, shard=f"{number}/{of}", **reports)
        return tmp_path

    (tmp_path / "project").mkdir()
    return run


def merged(folder, suffix, *names):
    told: list[str] = []
    paths = [str(folder / f"{name}.{suffix}") for name in names]
    status = merge_reports([str(folder / f"out.{suffix}"), *paths], told.append)
    return status, (folder / f"out.{suffix}").read_text(), told


def test_junit_files_become_one_with_all_tests_and_each_problem_once(shards):
    status, text, told = merged(shards(FILES), "xml", 1, 2)
    suites = [*ElementTree.fromstring(text)]
    cases = [case for suite in suites for case in suite.iter("testcase")]
    assert sorted(case.get("name") for case in cases if case.get("classname")) == ["test_it"] * 8 + ["test_out"]
    assert [case.get("name") for case in cases if not case.get("classname")] == ["test_broken"]
    assert sum(int(suite.get("tests")) for suite in suites) == len(cases) == 10
    assert sum(int(suite.get("errors")) for suite in suites) == 1
    assert "\n<&>\n" in "".join(ElementTree.fromstring(text).itertext())
    assert status is ExitStatus.FAILURES
    assert told[0].endswith("out.xml: 9 tests of 2 reports")


def test_json_lines_become_those_of_one_run(shards):
    status, text, _ = merged(shards(FILES), "jsonl", 1, 2)
    first, *lines, last = map(json.loads, text.splitlines())
    assert (first["event"], first["total"], first["shard"]) == ("run_started", 9, None)
    assert len(first["files"]) == 9
    events = [line["event"] for line in lines]
    assert (events.count("test_finished"), events.count("problem_found")) == (9, 1)
    assert {"run_started", "run_finished"}.isdisjoint(events)
    assert (last["event"], status) == ("run_finished", ExitStatus.FAILURES)


def test_durations_become_those_of_the_suite(shards):
    status, text, _ = merged(shards(FILES), "json", 1, 2)
    assert len(json.loads(text)) == 9
    assert status is ExitStatus.OK


@pytest.mark.parametrize("suffix", ["xml", "jsonl"])
def test_the_whole_is_green_where_all_shards_are_though_one_has_no_tests(shards, suffix):
    folder = shards({"test_it.py": "def test_it(): pass"})
    assert merged(folder, suffix, 1, 2)[0] is ExitStatus.OK


@pytest.mark.parametrize("suffix", ["xml", "jsonl"])
def test_a_shard_whose_report_is_missing_is_named_and_the_whole_is_not_green(shards, suffix):
    status, _, told = merged(shards({"test_it.py": "def test_it(): pass"}, of=3), suffix, 1, 3)
    assert (status, told[1:]) == (
        ExitStatus.INTERNAL_ERROR,
        ["shard 2/3 is missing; add its report, or run it"],
    )


def test_a_run_that_was_killed_is_named_and_the_whole_has_no_end(shards):
    folder = shards({"test_it.py": "def test_it(): pass"})
    killed = folder / "1.jsonl"
    killed.write_text("\n".join(killed.read_text().splitlines()[:-1]) + '\n{"schema": 1, "eve')
    status, text, told = merged(folder, "jsonl", 1, 2)
    assert (status, told[1:]) == (
        ExitStatus.INTERNAL_ERROR,
        [f"{killed}: its run was killed before it ended; run that shard again"],
    )
    assert "run_finished" not in text


def test_reports_without_tests_are_a_run_without_tests(shards):
    assert merged(shards({}), "xml", 1, 2)[0] is ExitStatus.NO_TESTS


GREEN = '<testsuite name="a"><testcase classname="a" name="b"/></testsuite>'


def test_files_of_other_programs_can_be_joined(tmp_path):
    (tmp_path / "1.xml").write_text(f"<testsuites>{GREEN}</testsuites>")
    (tmp_path / "2.xml").write_text(GREEN.replace('"a"', '"c"'))
    status, text, _ = merged(tmp_path, "xml", 1, 2)
    assert (status, text.count("<testcase")) == (ExitStatus.OK, 2)


@pytest.mark.parametrize(
    ("one", "other", "complaint"),
    [
        (GREEN, GREEN, r"a::b is in .*1 and in .*2; give one report of each shard"),
        (GREEN, "{}", r"1 and .*2 are reports of different kinds; join those of one kind at a time"),
        (GREEN, "", r"2 is empty: its run was killed; run that shard again, or leave it out"),
        (GREEN, "<testsuite>", r"2 is no whole XML file: .*; run that shard again"),
        (GREEN, "<html/>", r"2 is no JUnit file: it holds a <html>; leave it out"),
        (GREEN, None, r"cannot read .*2: No such file or directory; mend the path, or leave it out"),
        (GREEN, "words", r"2 is no report that can be joined; give files that --junit-xml"),
        (GREEN, b"\xff\xfe", r"cannot read .*2: it is no text in UTF-8"),
        ('{"schema": 1, "event": "x"}\nwords\n', "", r"2 is empty"),
        ('{"schema": 1, "event": "x"}\nwords\n', '{"schema": 1, "event": "x"}\n', r"1:2 is no event; give the file"),
        ('{"schema": 9, "event": "x"}\n', '{"schema": 1, "event": "x"}\n', r"1 was written by another version"),
    ],
)
def test_reports_that_cannot_be_joined_are_a_usage_error(tmp_path, one, other, complaint):
    for name, text in (("1", one), ("2", other)):
        if text is not None:
            (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    out = tmp_path / "out"
    with pytest.raises(UsageError, match=f"^merge-reports: .*{complaint}"):
        merge_reports([str(out), str(tmp_path / "1"), str(tmp_path / "2")], print)
    assert not out.exists()


@pytest.mark.parametrize("arguments", [[], ["out.xml"], ["--help", "out.xml"]])
def test_without_files_the_usage_is_told(arguments):
    with pytest.raises(UsageError, match="rustest merge-reports OUT IN"):
        merge_reports(arguments, print)


def test_a_report_is_not_written_over_what_it_is_made_of(tmp_path):
    (tmp_path / "1.xml").write_text(GREEN)
    with pytest.raises(UsageError, match="is to be written and read; write the joined report to another file"):
        merge_reports([str(tmp_path / "1.xml"), str(tmp_path / "1.xml")], print)
