"""Small projects run in this process, for what their tests say of themselves by passing or failing."""

from collections.abc import Mapping
from pathlib import Path

from rustest.model.events import Event, TestFinished, TestStarted
from rustest.model.ids import split_id
from rustest.model.outcome import Outcome
from rustest.report.fanout import NamedReporter
from rustest.testing import run, run_project, write_project


def told(outcome: Outcome) -> str:
    """The verdict, and what went wrong: so that a test which compares this shows it."""
    return "; ".join((outcome.verdict.value, *(failure.headline for failure in outcome.failures)))


def results(folder: Path, files: Mapping[str, str] | str, **settings: object) -> dict[str, str]:
    """Run a project of these files, or of one file `test_it.py`, and say of each test how it ended."""
    project = {"test_it.py": files} if isinstance(files, str) else files
    report = run_project(folder, project, **settings)
    assert [problem.failure.headline for problem in report.problems] == []
    return {split_id(node_id).name: told(one.outcome) for node_id, one in report.finished.items()}


def failing(folder: Path, files: Mapping[str, str] | str, **settings: object) -> dict[str, str]:
    """The same, of those tests that did not pass."""
    found = results(folder, files, **settings)
    assert found, "no test ran"
    return {name: result for name, result in found.items() if result != "passed"}


def written_by(folder: Path, source: str) -> dict[str, str]:
    """What each test of `test_it.py` has printed and logged, as its report has it; all of them must pass."""
    report = run_project(folder, {"test_it.py": source})
    assert not report.status, [told(one.outcome) for one in report.finished.values()]
    texts = {split_id(key).name: "".join(output.text for output in one.output) for key, one in report.finished.items()}
    return {name: text for name, text in texts.items() if text}


def overlapping(folder: Path, source: str, **settings: object) -> tuple[dict[str, str], int]:
    """Those tests of `test_it.py` that did not pass, and how many were in flight at once, at most."""
    flying, most = 0, 0

    def count(event: Event) -> None:
        nonlocal flying, most
        flying += isinstance(event, TestStarted) - isinstance(event, TestFinished)
        most = max(most, flying)

    write_project(folder, {"test_it.py": source})
    report = run(folder, rootdir=str(folder), reporters=[NamedReporter("count", count)], **settings)
    bad = {key: told(one.outcome) for key, one in report.finished.items() if one.outcome.verdict.is_bad}
    return {split_id(key).name: result for key, result in bad.items()}, most
