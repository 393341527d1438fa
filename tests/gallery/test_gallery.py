"""The suites of the gallery, each in every mode: all give the same outcomes, and those that the tests deserve."""

import asyncio
import importlib.util
import os
import shutil
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest
from exhibits import KINDS, Exhibit, load
from page import PAGE, page
from process_traces import put_back
from witness import ask_pytest

from rustest.model.outcome import Interference, Outcome, Verdict
from rustest.model.plan import RunStep
from rustest.model.report import Report
from rustest.testing import plan, run

EXHIBITS = load()
ORDERS = int(os.environ.get("RUSTEST_ORDERS", "2"))
"""In so many orders by chance each suite is run; which ones, goes by its place among the others."""
PATIENCE = {"cache_dir": "", "timeout_grace": 0.02}
"""Nothing is remembered from run to run, and tests that do not end by themselves are given up soon."""

every_exhibit = pytest.mark.parametrize("exhibit", EXHIBITS, ids=lambda exhibit: exhibit.name)


class Seen(NamedTuple):
    """How a suite went: what must be the same in each mode."""

    status: int
    verdicts: dict[str, str]
    """By test; what cannot run is a problem."""


def look(report: Report) -> Seen:
    verdicts = {node_id.partition("::")[2]: one.outcome.verdict.value for node_id, one in report.finished.items()}
    problems = {problem.where.partition("::")[2]: "problem" for problem in report.problems}
    return Seen(int(report.status), verdicts | problems)


def run_suite(folder: Path, *, only: str = "", **settings: object) -> Report:
    target = f"{folder / 'suite.py'}{only and '::'}{only}"
    with put_back():
        return run(target, rootdir=str(folder), **PATIENCE, **settings)


@pytest.fixture
def folder(exhibit: Exhibit, tmp_path: Path) -> Path:
    return Path(shutil.copytree(exhibit.folder, tmp_path / exhibit.name, ignore=shutil.ignore_patterns("__pycache__")))


def words_about(folder: Path, report: Report) -> dict[str, list[str]]:
    """What users read about each test, in the plan and after it; what is said of none stands under its empty name."""
    words = {node_id: list(outcome_words(one.outcome)) for node_id, one in report.finished.items()}
    for window in plan(str(folder / "suite.py"), rootdir=str(folder), **PATIENCE).windows:
        for step in window.steps:
            words[step.item.id] += step.reasons if isinstance(step, RunStep) else ()
    for warning in report.warnings:
        words.setdefault(warning.id or "", []).append(f"{warning.category}: {warning.message}")
    for problem in report.problems:
        words[problem.where] = [problem.failure.headline]
    told: dict[str, list[str]] = {"": []}
    for node_id, said in words.items():
        told.setdefault(node_id.partition("::")[2], []).extend(said)
    return told


def outcome_words(outcome: Outcome) -> list[str]:
    failures = list(outcome.failures)
    if isinstance(outcome.interference, Interference):
        failures += outcome.interference.failures
    lines = [line for failure in failures for line in (failure.headline, *failure.notes)]
    return [outcome.reason, *lines, *(note.value for note in outcome.notes)]


@every_exhibit
def test_each_test_ends_as_it_deserves_and_says_why(exhibit, folder):
    report = run_suite(folder)
    assert look(report).verdicts == {name: test.rustest for name, test in exhibit.tests.items()}
    words = words_about(folder, report)
    for name, test in exhibit.tests.items():
        assert test.told in "\n".join(words[name] + words[""])


@every_exhibit
def test_outcomes_do_not_depend_on_overlap_or_order(exhibit, folder):
    expected = look(run_suite(folder))
    assert look(run_suite(folder, concurrency=1)) == expected
    first = ORDERS * EXHIBITS.index(exhibit) + 1
    seeds = range(first, first + ORDERS)
    assert {seed: look(run_suite(folder, randomize=seed)) for seed in seeds} == dict.fromkeys(seeds, expected)


@every_exhibit
def test_what_fails_fails_alone_too(exhibit, folder):
    for name, test in exhibit.tests.items():
        assert (test.rustest == "problem" or Verdict(test.rustest).is_bad) is not test.should_pass
        if not test.should_pass:
            verdict = look(run_suite(folder, only=name)).verdicts[name]
            assert verdict == test.rustest


@pytest.mark.parametrize("exhibit", [one for one in EXHIBITS if one.kind == "outside"], ids=lambda one: one.name)
def test_strict_overlap_fails_what_neighbours_have_disturbed(exhibit, folder):
    disturbed = {name for name, test in exhibit.tests.items() if test.told == "interfered"}
    seen = look(run_suite(folder, strict_overlap=True)).verdicts
    assert {name for name, verdict in seen.items() if verdict == "failed"} == disturbed != set()


@pytest.mark.parametrize("exhibit", [one for one in EXHIBITS if one.kind == "process"], ids=lambda one: one.name)
def test_a_suite_of_what_a_process_has_once_goes_wrong_where_its_tests_just_overlap(exhibit):
    """Otherwise it would show nothing."""
    with put_back():
        assert any(asyncio.run(overlap(_tests_of(exhibit))))


def _tests_of(exhibit: Exhibit) -> list[Callable[[], Coroutine[None, None, None]]]:
    spec = importlib.util.spec_from_file_location("suite", exhibit.folder / "suite.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [getattr(module, name) for name in exhibit.tests]


async def overlap(tests: list[Callable[[], Coroutine[None, None, None]]]) -> list[BaseException | None]:
    """Run them on one loop, where a turn of the loop stands for a millisecond: so it never depends on the clock."""
    sleep = asyncio.sleep

    async def turns(seconds):
        for _ in range(round(seconds * 1000)):
            await sleep(0)

    with patch("asyncio.sleep", turns):
        return await asyncio.gather(*(test() for test in tests), return_exceptions=True)


def test_the_page_is_up_to_date():
    """`python tests/gallery/page.py` writes it."""
    assert PAGE.read_text(encoding="utf-8") == page(EXHIBITS)


def test_there_are_suites_of_every_kind():
    assert {exhibit.kind for exhibit in EXHIBITS} == set(KINDS)
    assert len(EXHIBITS) > 40


@pytest.mark.parametrize("name", ["environment", "lost_task", "never_awaited"])
def test_pytest_says_what_is_written_down(name):
    (exhibit,) = (one for one in EXHIBITS if one.name == name)
    assert ask_pytest(name) == exhibit.witnessed
