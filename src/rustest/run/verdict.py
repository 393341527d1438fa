"""From what happened in an attempt to its outcome."""

import sys

from rustest.model.errors import OutcomeException, Skipped, TestTimedOut, XFailed, skip_of
from rustest.model.failure import Failure, Phase, describe, problem
from rustest.model.outcome import PASSED, ExpectedFailure, Note, Outcome, Verdict
from rustest.run.fixtures.calls import FixtureError
from rustest.run.stops.timeouts import LimitExceeded


class Trouble:
    """One exception of an attempt: the phase that it ended, and the fixture whose set-up or teardown raised it."""

    __slots__ = ("exc", "failure", "phase")

    def __init__(self, phase: Phase, exc: BaseException, subject: str | None = None) -> None:
        self.phase = phase
        self.exc = skip_of(exc) or exc
        self.failure = failure_of(exc, phase, subject)


def failure_of(exc: BaseException, phase: Phase, subject: str | None) -> Failure:
    """The record of an exception of an attempt; what rustest itself has to say needs no type."""
    if isinstance(exc, FixtureError):
        return problem(phase, str(exc), subject)
    if isinstance(exc, LimitExceeded):
        return problem(phase, str(exc), subject)._replace(frames=exc.frames, tasks=exc.tasks, notes=exc.notes)
    failure = describe(exc, phase, subject)
    if isinstance(exc, RuntimeError):
        from rustest.run.loop_advice import advice_on

        if advice := advice_on(exc):
            return failure.noting(advice)
    return failure


def judge(troubles: list[Trouble], expected: ExpectedFailure | None, notes: frozenset[Note]) -> Outcome:
    """The outcome of an attempt that ran into these troubles, in order."""
    if not troubles:
        return _judge_pass(expected, notes)
    bad = [trouble for trouble in troubles if not isinstance(trouble.exc, Skipped | XFailed)]
    if not bad:
        return _judge_ended(troubles[0].exc, notes)
    failures = tuple(trouble.failure for trouble in _causes(bad))
    unexpected = [trouble for trouble in bad if not is_expected(trouble, expected)]
    if expected and not unexpected:
        return Outcome(Verdict.XFAILED, expected.reason, failures, notes)
    return Outcome(_verdict_of(unexpected[0]), "", failures, notes)


def _judge_ended(exc: BaseException, notes: frozenset[Note]) -> Outcome:
    verdict = Verdict.SKIPPED if isinstance(exc, Skipped) else Verdict.XFAILED
    return Outcome(verdict, exc.reason if isinstance(exc, OutcomeException) else "", notes=notes)


def _causes(troubles: list[Trouble]) -> list[Trouble]:
    """The troubles without the cancellations that a later teardown explains.

    A task group that stays open in a fixture cancels the test when a child of it crashes, and raises why at its end.
    """
    explained = 0
    for position, trouble in enumerate(troubles):
        if trouble.phase is Phase.TEARDOWN and not _is_cancellation(trouble.exc):
            explained = position
    return [trouble for trouble in troubles[:explained] if not _is_cancellation(trouble.exc)] + troubles[explained:]


def _is_cancellation(exc: BaseException) -> bool:
    if "trio" in sys.modules and _is_cancellation_in_trio(exc):
        return True
    if "asyncio" not in sys.modules:  # without which nobody can raise it
        return False
    from asyncio import CancelledError

    return isinstance(exc, CancelledError)


def _is_cancellation_in_trio(exc: BaseException) -> bool:
    from trio import Cancelled

    return isinstance(exc, Cancelled)


def _judge_pass(expected: ExpectedFailure | None, notes: frozenset[Note]) -> Outcome:
    if expected is None:
        return Outcome(Verdict.PASSED, notes=notes) if notes else PASSED
    if not expected.strict:
        return Outcome(Verdict.XPASSED, expected.reason, notes=notes)
    message = f"passed, but it is expected to fail, strictly: {expected.reason or 'no reason given'}"
    return Outcome(Verdict.FAILED, expected.reason, (problem(Phase.CALL, message),), notes)


def is_expected(trouble: Trouble, expected: ExpectedFailure | None) -> bool:
    """Whether the mark `xfail` covers it: no limit in time, and no teardown, for its error fails any run."""
    if expected is None or trouble.phase is Phase.TEARDOWN or isinstance(trouble.exc, TestTimedOut):
        return False
    return expected.raises is None or isinstance(trouble.exc, expected.raises)


def _verdict_of(trouble: Trouble) -> Verdict:
    if trouble.phase is not Phase.CALL:
        return Verdict.ERROR
    return Verdict.TIMED_OUT if isinstance(trouble.exc, TestTimedOut) else Verdict.FAILED


def with_failures(outcome: Outcome, failures: list[Failure]) -> Outcome:
    """The outcome of a test at whose end fixtures could not be torn down."""
    if not failures:
        return outcome
    verdict = outcome.verdict if outcome.verdict.is_bad else Verdict.ERROR
    if outcome.verdict is Verdict.NOT_RUN:
        first, *more = failures
        failures = [first.noting(f"the test itself had been cut short: {outcome.reason}"), *more]
    return outcome._replace(verdict=verdict, failures=(*outcome.failures, *failures))
