"""A long run that one processor has worked for ends with a line on the others, unless its user knows of workers."""

import os
from time import process_time

import pytest

from rustest.model.choices import Capture
from rustest.model.events import Event, Interrupted, RunFinished, RunStarted, StopReason, TestFinished
from rustest.model.outcome import PASSED
from rustest.model.report import fold
from rustest.model.settings import Settings
from rustest.report.painting import Painter
from rustest.report.summary import verdict
from rustest.testing import run_project

HINT = (
    "the tests held one processor for 13.20 s of 14.60 s; -n auto would share that work among 2 processors\n"
    "2 passed in 14.60 s"
)
EVEN = (7.0, 6.0)


@pytest.fixture(autouse=True)
def _two_processors_and_a_person(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 3}, raising=False)
    monkeypatch.delenv("CI", raising=False)


def ending(took=EVEN, whole=14.6, worked=13.2, *more: Event, colored=False, **settings) -> str:
    tests = [TestFinished(f"test_{number}.py::test_it", PASSED, 0, one) for number, one in enumerate(took)]
    report = fold([RunStarted(len(tests), 0, "/p"), *tests, *more, RunFinished(whole, (), worked)])
    return verdict(report, Settings(**settings), Painter(colored))


def test_the_line_stands_above_the_summary_and_has_the_figures_in_it():
    assert ending() == HINT
    assert ending(colored=True).startswith("\x1b[2mthe tests held one processor")


@pytest.mark.parametrize(
    ("took", "whole", "worked"),
    [
        pytest.param(EVEN, 9.9, 9.9, id="the run is short"),
        pytest.param(EVEN, 14.6, 9.0, id="a good part of it is waiting"),
        pytest.param(EVEN, 14.6, 21.0, id="threads have used several processors"),
        pytest.param((13.0, 1.0), 14.6, 13.2, id="one file has nearly all of the work"),
        pytest.param((13.0,), 14.6, 13.2, id="there is one file"),
    ],
)
def test_where_workers_could_share_little_nothing_is_said(took, whole, worked):
    assert "processor" not in ending(took, whole, worked)


@pytest.mark.parametrize(
    "settings",
    [
        {"workers": 0},
        {"workers": 2},
        {"dask": "tcp://somewhere"},
        {"pdb": True},
        {"capture": Capture.NO},
        {"verbosity": -1},
        {"no_summary": True},
    ],
    ids=str,
)
def test_whoever_has_decided_about_workers_or_asked_for_little_is_told_nothing(settings):
    assert "processor" not in ending(**settings)


def test_a_log_of_ci_has_no_such_line(monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert "processor" not in ending()


def test_one_processor_is_never_idle(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert "processor" not in ending()


def test_a_run_that_was_cut_short_has_no_such_line():
    assert "processor" not in ending(EVEN, 14.6, 13.2, Interrupted(StopReason.MAXFAIL, ()))


def test_a_run_knows_how_long_its_tests_held_a_processor(tmp_path):
    source = """
        from time import process_time
        def test_works():
            until = process_time() + 0.1
            while process_time() < until: pass
    """
    began = process_time()
    report = run_project(tmp_path, {"test_it.py": source})
    assert 0.1 <= report.worked <= process_time() - began
