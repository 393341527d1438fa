"""What reports say of tests that failed beside others."""

import io
import json
from xml.etree import ElementTree

from rustest.testing import run_project

FILES = {
    "test_it.py": """
        import asyncio
        from rustest import parametrize
        attempts = []

        async def test_disturbed():
            attempts.append(1)
            await asyncio.sleep(0)
            assert len(attempts) > 1, "disturbed"

        @parametrize("number", range(12))
        async def test_beside(number):
            await asyncio.sleep(0.02)

        @parametrize("number", range(3))
        async def test_fails(number):
            await asyncio.sleep(0.01)
            assert number == 3
    """
}


def printed(folder, **settings):
    stream = io.StringIO()
    run_project(folder, FILES, stream=stream, **settings)
    return stream.getvalue()


def test_the_summary_tells_of_it_and_lists_no_more_neighbours_than_can_be_read(tmp_path):
    told = printed(tmp_path)
    paragraph = (
        told[told.index("1 test failed beside other tests and passed alone:") :].partition("\n\n")[0].splitlines()
    )
    assert paragraph[1] == "  test_it.py::test_disturbed"
    assert paragraph[2].startswith("    AssertionError: disturbed")
    assert paragraph[3] == "    in flight with it:"
    assert paragraph[14] == "      ... and 5 more"
    assert "@mark.serial" in paragraph[15]
    assert "not run again" not in told


def test_the_summary_counts_what_the_cap_has_left_out(tmp_path):
    assert "2 failed tests were not run again alone: 1 other failed there too (max_reruns)" in printed(
        tmp_path, max_reruns=1, cache_dir=""
    )
    assert "1 failed test was not run again alone: 2 others failed there too (max_reruns)" in printed(
        tmp_path, max_reruns=2, cache_dir=""
    )


def test_a_run_without_interference_does_not_mention_it(tmp_path):
    assert "alone" not in printed(tmp_path, concurrency=1)


def test_json_lines_hold_the_first_failures_and_the_neighbours(tmp_path):
    run_project(tmp_path, FILES, report_jsonl=str(tmp_path / "run.jsonl"))
    lines = map(json.loads, (tmp_path / "run.jsonl").read_text().splitlines())
    outcomes = {line["id"]: line["outcome"] for line in lines if line["event"] == "test_finished"}
    disturbed = outcomes["test_it.py::test_disturbed"]
    assert (disturbed["verdict"], disturbed["notes"], disturbed["failures"]) == ("passed", ["interfered"], [])
    assert disturbed["interference"]["failures"][0]["message"].startswith("disturbed")
    assert len(disturbed["interference"]["neighbours"]) == 15
    assert outcomes["test_it.py::test_beside[0]"]["interference"] is None


def test_junit_files_have_them_as_properties(tmp_path):
    run_project(tmp_path, FILES, junit_xml=str(tmp_path / "junit.xml"))
    cases = ElementTree.parse(tmp_path / "junit.xml").getroot().iter("testcase")
    (case,) = [case for case in cases if case.get("name") == "test_disturbed"]
    assert case.find("failure") is None
    properties = [(one.get("name"), one.get("value")) for one in case.iter("property")]
    assert ("rustest.note", "interfered") in properties
    assert ("rustest.neighbour", "test_it.py::test_beside[3]") in properties
    (failure,) = [value for name, value in properties if name == "rustest.first_failure"]
    assert failure.startswith("AssertionError: disturbed")
