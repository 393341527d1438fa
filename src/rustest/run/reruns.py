"""Tests that failed while others were in flight: each is run once more, alone, and that decides what it was.

Such a failure is provisional. The test stays a planned user of what it shares, the ledger keeps its first outcome for
the case that the run ends before the second attempt, and the scheduler brings it up again when no other test is out.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from rustest.model.events import StopReason, TestConfirmed
from rustest.model.failure import Phase
from rustest.model.outcome import PASSED, Interference, Note, Outcome, Verdict
from rustest.model.plan import RunStep
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope
from rustest.run.attempt import Attempt
from rustest.run.fixtures.scopes import Scopes
from rustest.run.ledger import Ledger, Provisional
from rustest.run.scheduler import Scheduler

_LEAST, _TIMES = 2.0, 10
"""What a second attempt may take that has no limit: so many seconds, or so many times as long as the first one.
One that waits for its neighbours would never end without them."""
_DOUBTFUL = (Verdict.FAILED, Verdict.ERROR, Verdict.XFAILED)
_BETTER = (Verdict.PASSED, Verdict.XPASSED, Verdict.XFAILED)
"""What a test may come to alone that has failed beside others: then they were to blame."""


class Landing(NamedTuple):
    """What becomes of a test when an attempt at it has ended."""

    outcome: Outcome
    once_more: Callable[[RunStep], None] | None = None
    """What to do with it if this outcome does not count; None where it does."""


class Doubt(NamedTuple):
    """A failure that may be a neighbour's doing."""

    verdict: Verdict
    """That of the first attempt: an expected failure may be a neighbour's doing as well."""
    neighbours: tuple[str, ...]
    """Who was in flight with it."""
    limit: float | None
    """How long the second attempt may take, in seconds, where the test has no limit of its own."""
    headline: str
    """What the first attempt failed with."""


class Reruns:
    """Knows who was in flight beside whom, and judges a test by both of its attempts where there are two."""

    def __init__(self, ledger: Ledger, scopes: Scopes) -> None:
        self._ledger = ledger
        self._scopes = scopes
        settings = scopes.config.settings
        self._most = settings.max_reruns
        self._is_strict = settings.strict_overlap
        self._failed_again = Counter[Verdict]()
        """How many failures were no neighbour's doing, by what they were at first: enough of one kind, and the others
        of it are taken to be like them."""
        self._scheduler = Scheduler((), 1)
        self._doubts: dict[str, Doubt] = {}
        """Of the tests that are to be run once more."""
        self._aloft: dict[str, int] = {}
        """How many tests of the window had landed when this one took off."""
        self._landed: list[str] = []

    def begin(self, scheduler: Scheduler) -> None:
        """A new window begins; nothing of the one before it is left."""
        self._scheduler = scheduler
        self._landed.clear()

    def take_off(self, attempt: Attempt) -> None:
        """An attempt begins."""
        self._aloft[attempt.name] = len(self._landed)
        if attempt.limit is None and (doubt := self._doubts.get(attempt.name)) is not None:
            attempt.limit = doubt.limit

    def touch_down(self, attempt: Attempt) -> None:
        """An attempt has ended, and whatever it was, others are no longer beside it."""
        del self._aloft[attempt.name]
        self._landed.append(attempt.name)

    def land(self, attempt: Attempt, outcome: Outcome) -> Landing:
        """An attempt has ended so: whether that counts, and as what."""
        name = attempt.name
        if outcome is PASSED and not self._doubts:  # as nearly all
            self.touch_down(attempt)
            return Landing(outcome)
        beside = tuple(self._beside(name)) if outcome.failures else ()
        self.touch_down(attempt)
        if name in self._doubts:
            return Landing(self._confirm(name, outcome))
        if self._ledger.stop_reason is not None:
            return Landing(outcome)
        if outcome.verdict is Verdict.NOT_RUN and attempt.stopped == StopReason.MAXFAIL.value:  # held back, no more
            self._scopes.lose(attempt)
            return Landing(outcome, self._scheduler.put_back)
        if beside and self._most and _is_doubtful(attempt, outcome):
            return self._doubt(attempt, outcome, beside)
        return Landing(outcome)

    def _beside(self, name: str) -> Iterator[str]:
        """Who was in flight while that test was, each once."""
        others = dict.fromkeys((*self._landed[self._aloft[name] :], *self._aloft))
        return (other for other in others if other != name)

    def _doubt(self, attempt: Attempt, outcome: Outcome, beside: tuple[str, ...]) -> Landing:
        took = self._ledger.set_aside(attempt, outcome, attempt.recorded())
        limit = max(_LEAST, _TIMES * took) if attempt.limit is None else None
        self._doubts[attempt.name] = Doubt(outcome.verdict, beside, limit, outcome.failures[0].headline)
        self._scopes.lose(attempt)
        return Landing(outcome, self._scheduler.set_aside)

    def forgo(self, name: str) -> Provisional | None:
        """The first attempt at a test that is to be run once more, if as many as need be have failed again by now."""
        doubt = self._doubts.get(name)
        if doubt is None or self._failed_again[doubt.verdict] < self._most:
            return None
        del self._doubts[name]
        first = self._ledger.keep_first(name)
        if not doubt.verdict.is_bad:  # what was expected needs no proof
            return first
        return first._replace(outcome=first.outcome._replace(notes=first.outcome.notes | {Note.UNCONFIRMED}))

    def _confirm(self, name: str, second: Outcome) -> Outcome:
        """The outcome by both attempts: what the test comes to alone counts, if that tells anything."""
        doubt, verdict = self._doubts.pop(name), second.verdict
        is_cleared = verdict in _BETTER and verdict is not doubt.verdict
        self._failed_again[doubt.verdict] += not is_cleared
        if verdict is doubt.verdict:
            self._ledger.tell(TestConfirmed(name, self._ledger.now()))
        if verdict is Verdict.TIMED_OUT and doubt.limit is not None:
            return _unanswered(self._ledger.keep_first(name).outcome, doubt.limit)
        if verdict.is_bad or verdict is doubt.verdict:
            return _with_first(second, doubt.headline)
        first = self._ledger.keep_first(name).outcome
        if not is_cleared:
            return first
        told = first if self._is_strict else second
        interference = Interference(first.failures, doubt.neighbours)
        return told._replace(notes=first.notes | second.notes | {Note.INTERFERED}, interference=interference)


def _with_first(second: Outcome, headline: str) -> Outcome:
    """The second outcome of a test, with what the first attempt failed with where that was something else.

    The first may be what matters: it can have left behind what the second stumbles over.
    """
    if not second.failures or _wording(second.failures[0].headline) == _wording(headline):
        return second
    return _noting(second, f"beside other tests it had failed with {headline.partition(chr(10))[0]}")


def _wording(headline: str) -> str:
    """The headline without what may well differ between two attempts: numbers, and objects as they show themselves."""
    import re

    return re.sub("<.*>|[0-9]+", "", headline)


def _unanswered(first: Outcome, limit: float) -> Outcome:
    """The first outcome of a test whose second attempt did not end."""
    said = f"run once more, alone, it did not end within {limit:.1f} s: does it wait for its neighbours?"
    return _noting(first, said)


def _noting(outcome: Outcome, note: str) -> Outcome:
    """The same, with one more note to its first failure."""
    failure, *more = outcome.failures
    return outcome._replace(failures=(failure.noting(note), *more))


def _is_doubtful(attempt: Attempt, outcome: Outcome) -> bool:
    """Whether other tests may have made it fail, and another attempt may tell."""
    if outcome.verdict not in _DOUBTFUL or Note.STUCK in outcome.notes:
        return False
    if attempt.is_examined or attempt.stopped or attempt.has_timed_out:
        return False
    expected = attempt.expected_failure
    if expected is not None and not attempt.raised:  # it has passed, and should not have
        return False
    if expected is not None and expected.is_confirmed and outcome.verdict is Verdict.XFAILED:
        return False
    shared = {use.definition.name for use in attempt.step.fixtures if use.instance.scope is not Scope.FUNCTION}
    return all(failure.phase is not Phase.TEARDOWN and failure.subject not in shared for failure in outcome.failures)
