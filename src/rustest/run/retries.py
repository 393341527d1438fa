"""Attempts after the first: who gets another one, and what is kept of those that failed."""

import time
from collections.abc import Callable

from rustest.model.failure import Failure, Phase
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.run.attempt import Attempt
from rustest.run.fixtures.scopes import Scopes

_GLANCE = 0.1
"""Seconds between two looks whether the run is to stop, while a test waits for its next attempt."""


class Retries:
    """Keeps the failed attempts of tests that are tried again."""

    def __init__(self, scopes: Scopes, *, fail_flaky: bool) -> None:
        self._scopes = scopes
        self._fail_flaky = fail_flaky
        self._earlier: dict[str, tuple[tuple[Failure, ...], ...]] = {}
        self._last: dict[str, Attempt] = {}

    def wants(self, attempt: Attempt, outcome: Outcome) -> bool:
        """Whether the test is to be tried again; code that does not end is not."""
        retry = attempt.step.retry
        if retry is None or not outcome.verdict.is_bad or Note.STUCK in outcome.notes:
            return False
        if len(self._earlier.get(attempt.name, ())) >= retry.retries:
            return False
        kinds, only = attempt.raised, retry.only
        return only is None or (bool(kinds) and all(issubclass(kind, only) for kind in kinds))

    def give_up(self, attempt: Attempt, outcome: Outcome) -> None:
        """Note that this attempt is not the last."""
        self._earlier[attempt.name] = (*self._earlier.get(attempt.name, ()), outcome.failures)
        self._last[attempt.name] = attempt
        self._scopes.lose(attempt)

    def hand_on(self, attempt: Attempt) -> None:
        """The next attempt begins: it takes over what the one before has written."""
        earlier = self._last.pop(attempt.name, None) if self._last else None
        if earlier is None:
            return
        for piece in earlier.close():
            attempt.phase = piece.phase
            attempt.file(piece.stream, piece.data)
        attempt.phase = Phase.SETUP

    def settle(self, node_id: str, outcome: Outcome) -> Outcome:
        """The outcome of the last attempt, with the failures of those before."""
        earlier = self._earlier.pop(node_id, None) if self._earlier else None
        if earlier is None:
            return outcome
        outcome = outcome._replace(earlier=earlier)
        if outcome.verdict not in (Verdict.PASSED, Verdict.XPASSED):
            return outcome
        outcome = outcome._replace(notes=outcome.notes | {Note.FLAKY})
        return outcome._replace(verdict=Verdict.FAILED, failures=earlier[-1]) if self._fail_flaky else outcome


def pause(seconds: float, is_over: Callable[[], bool]) -> None:
    """Wait before the next attempt, unless the run ends meanwhile."""
    until = time.monotonic() + seconds
    while not is_over() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _GLANCE))


CallAt = Callable[[float, Callable[[], None]], object]


def later(seconds: float, call_at: CallAt, is_over: Callable[[], bool], call: Callable[[], None]) -> None:
    """The same for a test on a loop, beside which others go on: make a call after that time."""
    until = time.monotonic() + seconds

    def look() -> None:
        now = time.monotonic()
        if is_over() or now >= until:
            call()
        else:
            call_at(min(until, now + _GLANCE), look)

    look()
