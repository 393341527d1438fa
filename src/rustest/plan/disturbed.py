"""Tests that passed alone and not beside others in an earlier run: they get no company until their file changes."""

import os
from collections.abc import Sequence
from functools import cache

from rustest.model.history import History, stamp_of
from rustest.model.plan import RunStep, Step


def recall_disturbed(steps: Sequence[Step], history: History, rootdir: str) -> list[Step]:
    """The steps, with those marked that were disturbed when their file was what it is now."""

    @cache
    def stamp(file: str) -> str:
        return stamp_of(os.path.join(rootdir, file))

    def was_disturbed(step: RunStep) -> bool:
        return history.disturbed.get(step.item.id) == stamp(step.item.function.file)

    return [
        step._replace(was_disturbed=True)
        if isinstance(step, RunStep) and step.item.id in history.disturbed and was_disturbed(step)
        else step
        for step in steps
    ]
