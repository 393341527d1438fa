"""What keeps the tests of a pytest suite from running at all: as in pytest, a run does not begin half collected."""

import os
from collections.abc import Sequence

from rustest.collect.discover import node_path
from rustest.compat.hooks.opening import initial_folders
from rustest.model.events import StopReason
from rustest.model.folders import upward
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem
from rustest.model.plan import Plan
from rustest.model.settings import Settings

CONTINUE = "continue_on_collection_errors"


def stop_at_problems(plan: Plan, settings: Settings) -> Plan:
    """The plan with why it is not to run, if its problems are such as pytest has, and no setting wants it to run."""
    shared = [problem for problem in plan.problems if not problem.only_here]
    return plan._replace(stopped=_reason(shared, settings)) if shared else plan


def _reason(problems: Sequence[Problem], settings: Settings) -> StopReason | None:
    needed = _needed(settings)
    if any(problem.where in needed for problem in problems):
        return StopReason.UNPREPARED
    if 0 < settings.maxfail <= len(problems):
        return StopReason.MAXFAIL
    goes_on = settings.pytest is not None and CONTINUE in settings.pytest.options
    return None if goes_on or settings.workers else StopReason.INCOMPLETE  # as pytest-xdist has it


def _needed(settings: Settings) -> set[str]:
    """The files without which the command line means nothing: those with tests that it names, and initial conftests."""
    named = {os.path.abspath(file) for file, separator, _ in map(_split, settings.paths) if separator}
    above = {outer for folder in initial_folders(settings) for outer in upward(folder)}
    conftests = {os.path.join(folder, "conftest.py") for folder in above}
    return {node_path(file, settings.rootdir) for file in named | conftests}


def _split(path: str) -> tuple[str, str, str]:
    return path.partition(SEPARATOR)
