"""Tests that passed alone and not beside others in an earlier run: they get no company for a while."""

import os
from collections.abc import Sequence
from functools import cache

from rustest.model.history import History, stamp_of
from rustest.model.plan import RunStep, Step


def recall_disturbed(steps: Sequence[Step], history: History, rootdir: str) -> list[Step]:
    """The steps, those marked that are to be alone for so many runs: their file is what it was when that was found."""

    @cache
    def stamp(file: str) -> str:
        return stamp_of(os.path.join(rootdir, file))

    def alone_for(step: RunStep) -> int:
        disturbance = history.disturbed[step.item.id]
        return disturbance.alone_for if disturbance.stamp == stamp(step.item.function.file) else 0

    return [
        step._replace(alone_for=alone_for(step))
        if isinstance(step, RunStep) and step.item.id in history.disturbed
        else step
        for step in steps
    ]
