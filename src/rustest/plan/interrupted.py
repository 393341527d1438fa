"""The plan of a run that was asked to end before it had one."""

import os

from rustest.model.events import reason_of
from rustest.model.failure import Phase, describe, problem
from rustest.model.frames import user_frames_of
from rustest.model.hooks import Hooks
from rustest.model.item import Problem
from rustest.model.plan import Plan


def interrupted_plan(interrupt: KeyboardInterrupt, rootdir: str, hooks: Hooks) -> Plan:
    """A plan without tests, which says in the middle of what file's import the interrupt came, if it was in one."""
    reason = reason_of(interrupt)
    plan = Plan((), hooks=hooks, stopped=reason)
    if not (within := user_frames_of(interrupt)):
        return plan
    file = within[0].file.removeprefix(rootdir.rstrip(os.sep) + os.sep)
    frames = describe(interrupt, Phase.COLLECT).frames
    failure = problem(Phase.COLLECT, f"{reason.value} while it was imported")._replace(frames=frames)
    return plan._replace(problems=(Problem(file, failure),))
