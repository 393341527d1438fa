"""GitHub: what stands beside the lines of a change, and on the page of a job."""

import io
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import sample_runs
from any_events import RUNS
from examples import examples
from hypothesis import given

from rustest.model.events import Event, ProblemFound, ReporterFailed, RunFinished, RunStarted, TestFinished
from rustest.model.failure import Failure, Frame, Phase, problem
from rustest.model.item import Problem
from rustest.model.outcome import PASSED, Outcome, Verdict
from rustest.model.report import Folding
from rustest.model.settings import Settings
from rustest.report.machine.github import AnnotationReporter, command
from rustest.report.machine.github_summary import StepSummaryReporter
from rustest.report.reporters import make_reporters
from rustest.testing import run_project

COMMAND = re.compile(r"::(error|notice) [a-z]+=[^,:\r\n]*(,[a-z]+=[^,:\r\n]*)*::([^\r\n]*)")


def commands(events: Iterable[Event], rootdir: Path | str = "/p", workspace: Path | str = "") -> list[str]:
    stream = io.StringIO()
    reporter = AnnotationReporter(stream, str(rootdir), str(workspace))
    for event in events:
        reporter(event)
    return stream.getvalue().split("\n")[:-1]


def page(folder: Path, events: Iterable[Event]) -> str:
    reporter = StepSummaryReporter(str(folder / "summary.md"), str(folder))
    for event in events:
        reporter(event)
    return (folder / "summary.md").read_text()


def failed(number: int, message: str = "no", *frames: Frame) -> TestFinished:
    failure = problem(Phase.CALL, message)._replace(frames=frames)
    return TestFinished(f"a/test_x.py::test_{number}", Outcome(Verdict.FAILED, failures=(failure,)), 0.0, 0.1)


def test_a_failure_is_shown_at_the_tests_own_innermost_line_below_the_workspace(tmp_path: Path) -> None:
    run = [event for event in sample_runs.of_everything(tmp_path) if getattr(event, "id", "").endswith("_price")]
    (told,) = commands([*run, RunFinished(0.1)], tmp_path, tmp_path.parent)
    assert told.startswith(
        f"::error file={tmp_path.name}/shop/test_cart.py,title=FAILED test_no_price,line=9::ValueError: a line has no"
    )


def test_a_line_of_the_test_file_wins_over_deeper_ones(tmp_path: Path) -> None:
    frames = [Frame("/p/a/test_x.py", 3, "test_1"), Frame("/p/a/test_x.py", 7, "check"), Frame("/p/b.py", 9, "f")]
    assert ",line=7::" in commands([failed(1, "no", *frames), RunFinished(0.1)])[0]
    (elsewhere,) = commands([failed(1, "no", frames[-1]), RunFinished(0.1)])
    assert elsewhere.startswith("::error file=b.py,title=FAILED test_1,line=9::")


def test_what_commands_are_made_of_is_escaped() -> None:
    assert command("error", "50%\r\nof :a, b", title="a:b,c%\n") == (
        "::error title=a%3Ab%2Cc%25%0A::50%25%0D%0Aof :a, b"
    )


@examples(20)
@given(events=RUNS)
def test_whatever_happens_each_command_is_one_line(events: list[Event]) -> None:
    assert all(COMMAND.fullmatch(line) for line in commands(events))


def test_no_more_are_written_than_are_shown_and_the_rest_is_counted() -> None:
    ten = [failed(number) for number in range(10)]
    assert len(commands([*ten, RunFinished(0.1)])) == 10
    told = commands([*ten, failed(10), failed(11), RunFinished(0.1)])
    assert len(told) == 11
    assert told[-1] == "::notice title=rustest::2 more failures: see the log or the summary of the job"


def test_a_problem_of_the_run_has_no_file() -> None:
    assert commands([ProblemFound(Problem("", problem(Phase.PLAN, "odd"))), RunFinished(0.1)]) == [
        "::error title=PROBLEM the run::odd"
    ]


def test_a_green_run_writes_no_command(tmp_path: Path) -> None:
    assert commands(sample_runs.all_passed(tmp_path)) == []


def test_the_page_has_counts_failures_and_the_slowest_tests(tmp_path: Path) -> None:
    (tmp_path / "summary.md").write_text("what another step has written\n")
    written = page(tmp_path, sample_runs.of_everything(tmp_path))
    assert written.startswith(
        "what another step has written\n### rustest: 7 of 13 tests went wrong, 1 problem in 1 min"
    )
    assert (
        "| passed | failed | error | skipped | xfailed | xpassed | timed out | crashed | problems | deselected |"
        in written
    )
    assert "| 2 | 3 | 2 | 2 | 1 | 1 | 1 | 1 | 1 | 2 |" in written
    assert written.count("<details>") == written.count("</details>") == 8
    assert "<details><summary><code>failed: shop/test_cart.py::test_no_price</code></summary>" in written
    assert "ValueError: a line has no price\n" in written
    assert r"| <code>shop/test\_cart.py::test\_both</code> | 0.25 s |" in written


def test_the_page_lists_no_slowest_tests_of_a_run_in_which_none_is_slow(tmp_path: Path) -> None:
    quick = TestFinished("a.py::test_x", PASSED, 0.0, 0.001)
    assert "slowest" not in page(tmp_path, [RunStarted(1, 0, "/p"), quick, RunFinished(0.1)])


def test_no_text_of_a_test_gets_out_of_its_place_on_the_page(tmp_path: Path) -> None:
    hostile = Failure(Phase.CALL, "", "</details>\n````\n# A heading\n```\n<img src=x>")
    ended = TestFinished("a.py::test_x[</code>|*b*\n]", Outcome(Verdict.FAILED, failures=(hostile,)), 0.0, 0.1)
    written = page(tmp_path, [RunStarted(1, 0, "/p"), ended, ReporterFailed("x", "<b>\n# no"), RunFinished(0.1)])
    inside = written.partition("\n`````\n")[2].partition("\n`````\n")[0]
    assert inside == hostile.message
    outside = written.replace(hostile.message, "")
    assert "test_x[&lt;/code&gt;|*b* ]</code></summary>" in outside
    assert r"test\_x\[&lt;/code&gt;\|\*b\* \]</code> |" in outside
    assert "&lt;b&gt; # no" in outside


def test_a_page_of_many_huge_failures_stays_below_a_megabyte(tmp_path: Path) -> None:
    page(tmp_path, [*(failed(number, "€" * 10**5) for number in range(200)), RunFinished(0.1)])
    assert (tmp_path / "summary.md").stat().st_size < 2**20
    assert "... and 150 more" in (tmp_path / "summary.md").read_text()


def test_a_page_that_cannot_be_written_is_named_and_the_run_is_not_green(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "nowhere" / "summary.md"))
    report = run_project(tmp_path, {"test_it.py": "def test_a(): pass"}, stream=sys.stdout)
    assert report.status == 3
    assert [broken.reporter for broken in report.broken_reporters] == ["GitHub summary"]
    assert "reporter 'GitHub summary' failed" in capsys.readouterr().out


def test_only_standard_output_on_github_gets_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    def names(stream: io.TextIOBase, **decided: object) -> list[str]:
        return [
            reporter.name
            for reporter in make_reporters(
                Settings(**decided), stream, Folding().report, is_stdout=stream is sys.stdout
            )
        ]

    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    assert names(sys.stdout) == ["terminal", "terminal"]
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert names(sys.stdout) == ["GitHub annotations", "GitHub summary", "terminal", "terminal"]
    assert names(sys.stdout, llm=True) == ["GitHub summary", "LLM"]
    assert names(io.StringIO()) == ["terminal", "terminal"]
    monkeypatch.delenv("GITHUB_STEP_SUMMARY")
    assert names(sys.stdout) == ["GitHub annotations", "terminal", "terminal"]


def test_a_run_without_tests_has_a_page_too(tmp_path: Path) -> None:
    assert page(tmp_path, sample_runs.without_tests(tmp_path)).startswith("### rustest: 0 tests in 0.00 s\n")
    assert page(tmp_path, [TestFinished("a.py::test_x", PASSED, 0.0, 0.1), RunFinished(0.1)])
