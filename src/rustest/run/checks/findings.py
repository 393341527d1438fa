"""What is found at the ends of tests although their bodies pass: kept for the verdict of the test whose it is."""

from collections.abc import Mapping

from rustest.model.errors import TestTimedOut
from rustest.model.events import Emit, ProblemFound, WarningIssued
from rustest.model.failure import HOME, Failure, Frame, Phase, problem
from rustest.model.hints import TypeGuard
from rustest.model.item import Problem
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.record import NamedTuple
from rustest.model.strictness import NEVER_AWAITED, NEVER_ENTERED, UNCLOSED, Check, Strictness, strictness_of
from rustest.output.owner import Owner

_NOBODY = "no test"
_NEVER_ENTERED_WORDS = "raises() was never entered"
_ENDED_AS_EXPECTED = (Verdict.XFAILED, Verdict.XPASSED)
"""Verdicts of tests that are expected to fail, as a finding makes them do."""

_TOLD_ELSEWHERE = (SystemExit, KeyboardInterrupt, GeneratorExit, TestTimedOut)
"""What ends code from outside, or ends more than the code that it leaves."""


def is_lost(exc: object) -> TypeGuard[BaseException]:
    """Whether an exception that nobody has taken is to be told of: `fail()`'s is none of Exception's children."""
    return isinstance(exc, BaseException) and not isinstance(exc, _TOLD_ELSEWHERE)


class Finding(NamedTuple):
    """One thing that a check has found."""

    check: Check
    failure: Failure


class Findings:
    """Takes findings whenever they come, from finalizers too, and tells of them no earlier than a test ends."""

    def __init__(self, decided: Mapping[str, Strictness], emit: Emit) -> None:
        self._decided = decided
        self._emit = emit
        self.found: dict[str, list[Finding]] = {}
        """By test, until its verdict is told."""
        self.loose: list[tuple[str, Finding]] = []
        """What belongs to no test whose verdict is still to come, and to whom it does."""
        self._told = set[WarningIssued]()
        """The warnings that tests were given."""

    def fails(self, check: Check) -> bool:
        """Whether what that check finds fails a test, or else the run."""
        return strictness_of(check, self._decided) is Strictness.ERROR

    def file(self, owner: Owner | None, finding: Finding) -> bool:
        """Keep a finding for the verdict of its owner; whether it will fail the test, or else the run.

        This may be called at any moment, and tells nobody yet.
        """
        strictness = strictness_of(finding.check, self._decided)
        if strictness is Strictness.IGNORE:
            return False
        taker = owner.taker if owner is not None else None
        if taker is not None:
            self.found.setdefault(taker.name, []).append(finding)
        else:
            self.loose.append((owner.name if owner is not None else _NOBODY, finding))
        return strictness is Strictness.ERROR

    def take_warning(self, warning: WarningIssued, owner: Owner | None) -> bool:
        """Take a warning of Python's own that is a finding; whether it is one."""
        check = _check_of(warning)
        if check is None:
            return False
        message, place = _without_origin(warning)
        if warning.file.startswith(HOME) and owner is not None:  # collected as the body ended: that frame tells nothing
            place = owner.place() or place
        self.file(owner, Finding(check, problem(Phase.CALL, _told(check, message), at=place)))
        return True

    def judge(self, node_id: str, outcome: Outcome) -> Outcome:
        """The outcome of a test with what was found of it; its warnings are told now."""
        found = self.found.pop(node_id, None)
        if found is None:
            return outcome
        if outcome.verdict is Verdict.NOT_RUN:
            return outcome  # the run itself has ended what it was in the middle of, and this may come of that
        if outcome.verdict is Verdict.TIMED_OUT:  # not let come to its end, and not to be blamed for what it left
            found = [finding for finding in found if not finding.check.is_leak]
        failures: list[Failure] = []
        for finding in found:
            if self.fails(finding.check):
                failures.append(finding.failure)
            else:
                self._warn(_warning(node_id, finding))
        notes = {Note.LEAKED} if any(finding.check.is_leak for finding in found) else set[Note]()
        return _with_findings(outcome._replace(notes=outcome.notes | notes), failures)

    def _warn(self, warning: WarningIssued) -> None:
        """Tell of it once for each place and test, as of all warnings: another attempt leaves behind the same."""
        if warning not in self._told:
            self._told.add(warning)
            self._emit(warning)

    def tell_loose(self) -> None:
        """Tell of what belongs to no test that is still to have its verdict: it fails the run, or warns."""
        loose, self.loose = self.loose, []
        for name, finding in loose:
            if self.fails(finding.check):
                self._emit(ProblemFound(Problem(name, finding.failure)))
            else:
                self._emit(_warning(None, finding))


def _with_findings(outcome: Outcome, failures: list[Failure]) -> Outcome:
    if not failures:
        return outcome
    verdict = outcome.verdict
    if verdict in _ENDED_AS_EXPECTED:
        verdict = Verdict.XFAILED
    elif not verdict.is_bad:
        verdict = Verdict.FAILED
    return outcome._replace(verdict=verdict, failures=(*outcome.failures, *failures))


def _warning(node_id: str | None, finding: Finding) -> WarningIssued:
    failure = finding.failure
    message = "\n".join((failure.headline, *failure.notes))
    place = failure.frames[-1] if failure.frames else Frame("", 0, "")
    return WarningIssued(node_id, finding.check.category, message, place.file, place.line)


def _check_of(warning: WarningIssued) -> Check | None:
    if warning.category == "RuntimeWarning" and " was never awaited" in warning.message:
        return NEVER_AWAITED
    if warning.category == "RuntimeWarning" and warning.message.startswith(_NEVER_ENTERED_WORDS):
        return NEVER_ENTERED
    if warning.category == "ResourceWarning" and _is_of_unclosed(warning.message):
        return UNCLOSED
    return None


def _without_origin(warning: WarningIssued) -> tuple[str, Frame]:
    """The message and the place; in debug mode, that where asyncio saw the coroutine made, not the way there."""
    message, _, origin = warning.message.partition("\nCoroutine created at (most recent call last)\n")
    if origin:
        import re

        if found := re.findall(r'^  File "(.*)", line (\d+), in (.*)$', origin, re.MULTILINE):
            file, line, function = found[-1]
            return message, Frame(file, int(line), function)
    return message, Frame(warning.file, warning.line, "")


def _is_of_unclosed(message: str) -> bool:

    from rustest.output.warning_filters import UNCLOSED

    return UNCLOSED.match(message)


def _told(check: Check, message: str) -> str:
    return f"{message}: its code never ran; await it, or close it" if check is NEVER_AWAITED else message
