"""`rustest.run` and rustest.testing: runs inside this process, which they leave as it was."""

import io
import os
import sys
import threading

import pytest

import rustest
from rustest.model.errors import UsageError
from rustest.model.events import RunFinished, RunStarted
from rustest.model.outcome import Verdict
from rustest.report.fanout import NamedReporter
from rustest.testing import plan_project, run, run_project, write_project

MIXED = {
    "test_mixed.py": """
        import asyncio

        async def test_passes():
            await asyncio.sleep(0)

        def test_fails():
            assert 1 == 2
    """
}


def test_a_run_gives_its_report(tmp_path):
    report = run_project(tmp_path, MIXED)
    assert report.ids(Verdict.PASSED) == ("test_mixed.py::test_passes",)
    assert report.ids(Verdict.FAILED) == ("test_mixed.py::test_fails",)
    assert report.status == 1
    assert report.total == 2
    assert report.duration > 0


def test_the_package_itself_runs_tests(tmp_path):
    write_project(tmp_path, MIXED)
    assert rustest.run(tmp_path / "test_mixed.py").total == 2
    assert rustest.run(f"{tmp_path}/test_mixed.py::test_passes").status == 0


def test_settings_are_keywords(tmp_path):
    assert run_project(tmp_path, MIXED, keyword="passes").status == 0
    assert run_project(tmp_path, MIXED, maxfail=1, concurrency=1).status == 1


def test_settings_that_cannot_be_are_refused(tmp_path):
    with pytest.raises(UsageError, match=r"^rustest\.run: there is no setting 'keywords'; did you mean 'keyword'\?"):
        run(tmp_path, keywords="x")
    with pytest.raises(UsageError, match=r"^rustest\.run: concurrency is 0, expected a whole number, 1 or more"):
        run(tmp_path, concurrency=0)


def test_nothing_is_printed_unless_a_stream_is_given(tmp_path, capfd):
    stream = io.StringIO()
    run_project(tmp_path, MIXED)
    run_project(tmp_path, MIXED, stream=stream)
    assert capfd.readouterr() == ("", "")
    assert "1 failed" in stream.getvalue()


def test_reporters_are_told_every_event(tmp_path):
    events = []
    write_project(tmp_path, MIXED)
    run(tmp_path, reporters=[NamedReporter("mine", events.append)])
    assert isinstance(events[0], RunStarted)
    assert isinstance(events[-1], RunFinished)
    assert len(events) == 6


def test_a_junit_report_is_written_where_asked(tmp_path):
    run_project(tmp_path, MIXED, junit_xml=str(tmp_path / "report.xml"))
    assert "test_fails" in (tmp_path / "report.xml").read_text()


def test_the_process_is_left_as_it_was(tmp_path):
    files = {
        "test_steps.py": """
            import os, sys
            import of_the_project

            def test_steps(): os.chdir("/"); sys.path.insert(0, "/nowhere")
        """,
        "of_the_project.py": "",
        "conftest.py": "",
    }
    before = sys.path[:], os.getcwd(), sys.dont_write_bytecode, sys.modules.get("conftest")
    assert run_project(tmp_path, files).status == 0
    assert before == (sys.path, os.getcwd(), sys.dont_write_bytecode, sys.modules.get("conftest"))
    assert not {"test_steps", "of_the_project"} & set(sys.modules)


def test_what_the_project_brings_in_from_elsewhere_stays_loaded(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    run_project(tmp_path, {"test_it.py": "import colorsys\n\ndef test_it(): pass"})
    assert "colorsys" in sys.modules


def test_a_file_rewritten_at_once_is_read_again(tmp_path):
    test = "from given import number\n\ndef test_it(): assert number == 1"
    assert run_project(tmp_path, {"test_it.py": test, "given.py": "number = 1"}).status == 0
    assert run_project(tmp_path, {"given.py": "number = 2"}).status == 1


def test_two_projects_may_have_files_of_the_same_name(tmp_path):
    for folder, status in (("a", 0), ("b", 1)):
        files = {
            "test_it.py": "import thing\n\ndef test_it(): assert thing.status == 0",
            "thing.py": f"status = {status}",
        }
        assert run_project(tmp_path / folder, files).status == status


def test_a_run_works_in_a_thread(tmp_path):
    reports = []
    thread = threading.Thread(target=lambda: reports.append(run_project(tmp_path, MIXED)))
    thread.start()
    thread.join(30)
    assert [report.counts() for report in reports] == [{Verdict.PASSED: 1, Verdict.FAILED: 1}]


def test_a_run_works_inside_a_test_of_a_run(tmp_path):
    inner = tmp_path / "inner"
    source = f"""
        from rustest.testing import run_project

        def test_outer():
            report = run_project({str(inner)!r}, {{"test_in.py": "async def test_in(): assert False"}})
            assert report.status == 1
    """
    assert run_project(tmp_path, {"test_out.py": source}).status == 0


def test_a_plan_runs_nothing(tmp_path):
    plan = plan_project(tmp_path, {"test_it.py": "def test_it(): open('ran', 'w')"})
    assert plan.total == 1
    assert not (tmp_path / "ran").exists()


def test_a_report_is_printed_as_one_line(tmp_path):
    report = run_project(tmp_path, {**MIXED, "test_problem.py": "import no_such_module"})
    assert repr(report) == "<Report: 1 passed, 1 failed, 1 problem; status 1>"
    assert repr(run_project(tmp_path / "empty", {"a.txt": ""})) == "<Report: no tests ran; status 5>"
