"""From what happened in an attempt to its outcome."""

from rustest.model.errors import Skipped, TestTimedOut, XFailed
from rustest.model.failure import Failure, Phase, describe, problem
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.plan import ExpectedFailure
from rustest.run.timeouts import LimitExceeded


class Trouble:
    """One exception of an attempt: the phase that it ended, and the fixture whose set-up or teardown raised it."""

    __slots__ = ("exc", "failure", "phase")

    def __init__(self, phase: Phase, exc: BaseException, subject: str | None = None) -> None:
        self.phase = phase
        self.exc = exc
        self.failure = failure_of(exc, phase, subject)


def failure_of(exc: BaseException, phase: Phase, subject: str | None) -> Failure:
    """The record of an exception of an attempt; a limit speaks for itself, without a type."""
    if isinstance(exc, LimitExceeded):
        return problem(phase, str(exc), subject)._replace(frames=exc.frames)
    return describe(exc, phase, subject)


def judge(troubles: list[Trouble], expected: ExpectedFailure | None, notes: frozenset[Note]) -> Outcome:
    """The outcome of an attempt that ran into these troubles, in order."""
    if not troubles:
        return _judge_pass(expected, notes)
    first = troubles[0]
    failures = tuple(trouble.failure for trouble in troubles if not isinstance(trouble.exc, Skipped | XFailed))
    if not failures and isinstance(first.exc, Skipped):
        return Outcome(Verdict.SKIPPED, first.exc.reason, notes=notes)
    if not failures and isinstance(first.exc, XFailed):
        return Outcome(Verdict.XFAILED, first.exc.reason, notes=notes)
    if expected and all(_is_expected(trouble.exc, expected) for trouble in troubles):
        return Outcome(Verdict.XFAILED, expected.reason, failures, notes)
    return Outcome(_verdict_of(first), "", failures, notes)


def _judge_pass(expected: ExpectedFailure | None, notes: frozenset[Note]) -> Outcome:
    if expected is None:
        return Outcome(Verdict.PASSED, notes=notes)
    if not expected.strict:
        return Outcome(Verdict.XPASSED, expected.reason, notes=notes)
    message = f"passed, but it is expected to fail, strictly: {expected.reason or 'no reason given'}"
    return Outcome(Verdict.FAILED, expected.reason, (problem(Phase.CALL, message),), notes)


def _is_expected(exc: BaseException, expected: ExpectedFailure) -> bool:
    if isinstance(exc, XFailed):
        return True
    if isinstance(exc, TestTimedOut | Skipped):
        return False
    return expected.raises is None or isinstance(exc, expected.raises)


def _verdict_of(trouble: Trouble) -> Verdict:
    if trouble.phase is not Phase.CALL or isinstance(trouble.exc, Skipped | XFailed):
        return Verdict.ERROR
    return Verdict.TIMED_OUT if isinstance(trouble.exc, TestTimedOut) else Verdict.FAILED


def with_failures(outcome: Outcome, failures: list[Failure]) -> Outcome:
    """The outcome of a test at whose end shared fixtures could not be torn down."""
    if not failures:
        return outcome
    verdict = outcome.verdict if outcome.verdict.is_bad else Verdict.ERROR
    return outcome._replace(verdict=verdict, failures=(*outcome.failures, *failures))
