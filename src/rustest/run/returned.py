"""What a test returns: nothing should, for nobody looks at it, and `return a == b` checks nothing."""

from rustest.model.failure import Phase, problem
from rustest.model.strictness import RETURNED_VALUE
from rustest.run.attempt import Attempt
from rustest.run.findings import Finding, Findings


def file_returned(attempt: Attempt, findings: Findings) -> None:
    """File that a test has returned something; None stands for nothing."""
    kind = attempt.returned.__name__ if attempt.returned is not None else "None"
    said = f"the test returned a {kind}, and nobody looks at it: did you mean `assert`?"
    findings.file(attempt, Finding(RETURNED_VALUE, problem(Phase.CALL, said)._replace(frames=(attempt.place(),))))
