"""Lapses in how a test is written that let it pass where it should not, seen as soon as it has run."""

from rustest.model.failure import Phase, problem
from rustest.model.strictness import LONG_TIMEOUT, RETURNED_VALUE, Check
from rustest.run.attempt import Attempt
from rustest.run.checks.findings import Finding, Findings


def file_lapses(attempt: Attempt, findings: Findings, ceiling: float | None) -> None:
    """File a value that the test returned, and a limit of its own that is beyond that of the run, `ceiling` seconds."""
    if attempt.returned is not None:
        kind = attempt.returned.__name__
        article = "an" if kind.startswith(("a", "e", "i", "o")) else "a"
        said = f"the test returned {article} {kind}, and nobody looks at it: did you mean `assert`?"
        _file(attempt, findings, RETURNED_VALUE, said)
    limit = attempt.step.timeout
    if ceiling is not None and limit is not None and limit > ceiling:
        said = f"the test's own limit of {limit:g} s is beyond the run's `timeout` of {ceiling:g} s: lower it"
        _file(attempt, findings, LONG_TIMEOUT, said)


def _file(attempt: Attempt, findings: Findings, check: Check, said: str) -> None:
    findings.file(attempt, Finding(check, problem(Phase.CALL, said, at=attempt.place())))
