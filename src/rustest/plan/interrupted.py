"""The plan of a run that was asked to end before it had one."""

import os

from rustest.model.errors import Terminated
from rustest.model.events import StopReason
from rustest.model.failure import Phase, describe, problem
from rustest.model.hooks import Hooks
from rustest.model.item import Problem
from rustest.model.plan import Plan


def interrupted_plan(interrupt: KeyboardInterrupt, rootdir: str, hooks: Hooks) -> Plan:
    """A plan without tests, which says in the middle of what file's import the interrupt came."""
    reason = StopReason.TERMINATED if isinstance(interrupt, Terminated) else StopReason.USER
    frames = describe(interrupt, Phase.COLLECT).frames
    failure = problem(Phase.COLLECT, f"{reason.value} while it was imported")._replace(frames=frames)
    where = frames[0].file.removeprefix(rootdir.rstrip(os.sep) + os.sep) if frames else ""
    return Plan((), (Problem(where, failure),) if frames else (), hooks=hooks, stopped=reason)
