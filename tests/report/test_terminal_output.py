"""What a run prints, held against golden files.

`UPDATE_GOLDEN=1 python -m pytest tests/report` writes the files anew: read the difference before you commit it.
"""

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pytest
import sample_runs

from rustest.model.events import Event, Interrupted, ReporterFailed, RunFinished, RunStarted, StopReason, TestFinished
from rustest.model.outcome import Outcome, Verdict
from rustest.model.report import Folding
from rustest.model.settings import Settings
from rustest.model.version import VERSION
from rustest.report.fanout import Fanout, NamedReporter
from rustest.report.terminal import TerminalReporter
from rustest.testing import run_project

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).parents[2] / "docs" / "output.md"
RUNS: dict[str, Callable[[Path], Iterator[Event]]] = {
    "all_passed": sample_runs.all_passed,
    "of_everything": sample_runs.of_everything,
    "without_tests": sample_runs.without_tests,
    "interrupted": sample_runs.interrupted,
    "with_fixtures": sample_runs.with_fixtures,
}


@pytest.fixture(autouse=True)
def in_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands that are printed are for the current folder."""
    monkeypatch.chdir(tmp_path)


def to_terminal(stream: TextIO, settings: Settings) -> Fanout:
    """Tells a terminal, and whoever knows what all that was told amounts to."""
    folding = Folding()
    terminal = TerminalReporter(stream, settings, folding.report)
    reporters = {"report": folding, "terminal": terminal, "verdict": terminal.conclude}
    return Fanout([NamedReporter(name, receive) for name, receive in reporters.items()])


def told(events: Iterator[Event], verbosity: int = 0, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    tell = to_terminal(stream, Settings(verbosity=verbosity))
    for event in events:
        tell(event)
    return stream.getvalue()


def redacted(output: str, project: Path, versions: str, root: str) -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    return output.replace(str(project), root).replace(f"rustest {VERSION}, Python {python}", versions)


@pytest.mark.parametrize("verbosity", [-1, 0, 1], ids=["quiet", "normal", "verbose"])
@pytest.mark.parametrize("run", RUNS)
def test_output_is_as_in_the_golden_file(run: str, verbosity: int, tmp_path: Path) -> None:
    output = redacted(told(RUNS[run](tmp_path), verbosity), tmp_path, "rustest V, Python V", "ROOT")
    golden = GOLDEN / f"{run}_{('quiet', 'normal', 'verbose')[verbosity + 1]}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(output)
    assert output == golden.read_text()


def test_the_example_in_the_docs_is_what_a_run_prints(tmp_path: Path) -> None:
    output = redacted(
        told(sample_runs.for_the_docs(tmp_path)), tmp_path, "rustest 1.0.0, Python 3.12.4", "/home/ada/shop"
    )
    example = DOCS.read_text().partition("```text\n")[2].partition("```")[0]
    assert output == example


def test_bad_tests_are_told_as_they_happen(tmp_path: Path) -> None:
    stream = io.StringIO()
    reporter = to_terminal(stream, Settings())
    for event in sample_runs.of_everything(tmp_path):
        if isinstance(event, RunFinished):
            break
        reporter(event)
    lines = stream.getvalue().splitlines()
    assert "FAILED shop/test_cart.py::test_total  AssertionError: 2 is not 3 ..." in lines
    assert "PROBLEM shop/test_till.py  ModuleNotFoundError: No module named 'till'" in lines
    assert not any("test_good" in line for line in lines)


def test_failures_stand_in_the_order_of_ids_however_the_tests_ended() -> None:
    def run(names: list[str]) -> Iterator[Event]:
        yield RunStarted(3, 0, "/p")
        for name in names:
            yield TestFinished(name, Outcome(Verdict.FAILED, "no"), 0.0, 0.1)
        yield RunFinished(1.0)

    names = ["a.py::test_1", "a.py::test_2", "b.py::test_0"]
    assert told(run(names), -1) == told(run(names[::-1]), -1)


def test_one_bad_test_is_not_listed_again_below_its_own_failure() -> None:
    def run() -> Iterator[Event]:
        yield RunStarted(1, 0, "/p")
        yield TestFinished("a.py::test_1", Outcome(Verdict.FAILED, "no"), 0.0, 0.1)
        yield RunFinished(1.0)

    assert told(run()).count("FAILED a.py::test_1") == 2  # as it happened, and in full


def test_a_long_list_of_running_tests_is_cut_unless_verbose() -> None:
    def run() -> Iterator[Event]:
        yield RunStarted(0, 0, "/p")
        yield Interrupted(StopReason.MAXFAIL, tuple(f"a.py::test_{number}" for number in range(30)))
        yield RunFinished(1.0)

    assert "stopped at the limit of failures while running:\n  a.py::test_0\n" in told(run())
    assert "  ... and 20 more\n" in told(run())
    assert "a.py::test_29\n" in told(run(), 1)


def test_tests_that_were_lost_are_told() -> None:
    assert "2 tests ended without a verdict" in told(iter([RunStarted(2, 0, "/p"), RunFinished(1.0)]), -1)


def test_an_empty_run_names_the_patterns_of_its_settings() -> None:
    stream = io.StringIO()
    reporter = to_terminal(stream, Settings(python_files=("check_*.py", "spec_*.py")))
    reporter(RunStarted(0, 0, "/p"))
    reporter(RunFinished(0.1))
    assert "in files check_*.py, spec_*.py\n" in stream.getvalue()


def test_everything_deselected_says_so() -> None:
    output = told(iter([RunStarted(0, 5, "/p"), RunFinished(0.1)]))
    assert "deselected are 5 tests, all that were found" in output
    assert output.endswith("\nno tests ran, 5 deselected in 0.10 s\n")


def test_a_reporter_that_fails_after_the_end_is_told_after_the_summary_even_when_quiet() -> None:
    events = [RunStarted(0, 0, "/p"), RunFinished(0.1), ReporterFailed("junit", "OSError: disk full")]
    assert told(iter(events), -1).splitlines()[-1].startswith("reporter 'junit' failed")


def test_what_the_encoding_does_not_have_is_escaped() -> None:
    raw = io.BytesIO()
    reporter = to_terminal(io.TextIOWrapper(raw, encoding="ascii"), Settings())
    reporter(TestFinished("a.py::test_ü[\ud800]", Outcome(Verdict.FAILED, "naïve"), 0.0, 0.1))
    assert raw.getvalue() == b"FAILED a.py::test_\\xfc[\\ud800]  na\\xefve\n"


def test_a_closed_pipe_ends_the_process_without_a_word(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\n"
        "from rustest.model.events import RunStarted, RunFinished\n"
        "from rustest.model.report import Folding\n"
        "from rustest.model.settings import Settings\n"
        "from rustest.report.fanout import Fanout, NamedReporter\n"
        "from rustest.report.terminal import TerminalReporter\n"
        "sys.stdin.read()\n"
        "folding = Folding()\n"
        "tell = Fanout([NamedReporter('report', folding),"
        " NamedReporter('terminal', TerminalReporter(sys.stdout, Settings(), folding.report))])\n"
        "tell(RunStarted(0, 0, '/p'))\n"
        "tell(RunFinished(0.0))\n"
        "sys.exit(folding.report().status)\n"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, str(script)], **pipes) as process:  # type: ignore[call-overload]
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == b""
    assert process.returncode == 3


def test_a_stream_that_takes_nothing_is_told_of_once(tmp_path: Path) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError("disk full")

    report = run_project(tmp_path, {"test_it.py": "def test_a(): pass"}, stream=Full())
    assert report.broken_reporters == (ReporterFailed("terminal", "OSError: disk full"),)
