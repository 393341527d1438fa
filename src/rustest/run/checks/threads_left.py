"""Threads that a test has started and that still run when it has ended."""

from time import monotonic

from rustest.model.failure import Phase, problem
from rustest.model.strictness import THREAD
from rustest.output.owner import Owner
from rustest.run.checks.findings import Finding, Findings

_GRACE = 0.02
"""Seconds that the threads of a test have to end: one that was told to stop may not have heard of it yet."""


def file_threads(owner: Owner, findings: Findings) -> None:
    """File each thread of a test that has ended; most tests start none."""
    until = monotonic() + _GRACE
    for find in owner.threads:
        thread = find()
        if thread is None:
            continue
        thread.join(max(0.0, until - monotonic()))
        if thread.is_alive():
            said = f"thread {thread.name!r} still runs at the end of the test: have it stop, and join it"
            findings.file(owner, Finding(THREAD, problem(Phase.CALL, said, at=owner.place())))
