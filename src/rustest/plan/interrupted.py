"""The plan of a run that was asked to end before it had one."""

import os

from rustest.model.events import reason_of
from rustest.model.failure import Phase, describe, problem
from rustest.model.frames import is_users_file
from rustest.model.hooks import Hooks
from rustest.model.item import Problem
from rustest.model.plan import Plan


def interrupted_plan(interrupt: KeyboardInterrupt, rootdir: str, hooks: Hooks) -> Plan:
    """A plan without tests, which says in the middle of what file's import the interrupt came, if it was in one."""
    reason = reason_of(interrupt)
    plan = Plan((), hooks=hooks, stopped=reason)
    frames = describe(interrupt, Phase.COLLECT).frames
    if not frames or not is_users_file(frames[0].file):
        return plan
    failure = problem(Phase.COLLECT, f"{reason.value} while it was imported")._replace(frames=frames)
    return plan._replace(problems=(Problem(frames[0].file.removeprefix(rootdir.rstrip(os.sep) + os.sep), failure),))
