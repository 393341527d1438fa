"""The inquest: what a worker died of, whom that costs, and what is to be done about those that it leaves."""

import signal
from collections.abc import Mapping

from rustest.model.events import TestFinished
from rustest.model.item import Problem
from rustest.model.outcome import Outcome, Verdict
from rustest.run.ledger import Ledger
from rustest.workers.deaths import death_of, last_words
from rustest.workers.member import Member
from rustest.workers.recorder import NOBODY, Record
from rustest.workers.units import Unit

_PATIENCE = 3
"""So many deaths between two tests are put up with, before the next test in line is to blame."""
_STILLBORN = 10
"""So many workers that die one after another before they have told anything are enough."""


class Inquest:
    """Looks into the deaths of workers, one after another."""

    def __init__(self, ledger: Ledger, ids: Mapping[int, str]) -> None:
        self._ledger = ledger
        self._ids = ids
        self._numbers = {node_id: number for number, node_id in ids.items()}
        self._stillborn = 0

    def hold(self, member: Member, status: int, record: Record) -> TestFinished | Problem | None:
        """The verdict of the test that a worker died by, or the problem where it was none but the run is to fail.

        None stands for a death that costs nobody: what the worker leaves is to run again, and that is all.
        """
        if member.has_told:
            self._stillborn = 0
        elif status != -signal.SIGKILL:  # which comes from outside, and says nothing of how workers start
            self._stillborn += 1
        if member.has_ended and not member.has_left:
            return self._problem(member, status, record) if status else None
        if self.is_hopeless or not (member.has_left or self._ledger.stop_reason):
            return self._problem(member, status, record)
        culprit = self._culprit(member, record)
        if culprit is None or self._ledger.is_finished(culprit):  # it was given up, with its verdict told
            return None
        return self._crash(culprit, member, status, record)

    @property
    def is_hopeless(self) -> bool:
        """Whether workers die as soon as they live."""
        return self._stillborn >= _STILLBORN

    def left(self, member: Member, record: Record) -> list[Unit]:
        """What is to run after all: one by one what was in flight, where nobody knows who did it."""
        left = [*member.left()]
        if left and record.number == NOBODY:
            first = left[0].singly(member.in_flight)
            left[0] = first._replace(setbacks=first.setbacks + 1)
        return left

    def _culprit(self, member: Member, record: Record) -> str | None:
        """The test by whose code a worker died; None where that is not known."""
        if record.number != NOBODY:
            return self._ids[record.number]
        if self._stillborn and not member.has_told:  # it is not of tests that they die
            return None
        first = next(member.left(), None)
        if first is None or first.setbacks < (1 if len(member.in_flight) == 1 else _PATIENCE):
            return None
        return next(iter(member.in_flight), first.ids()[0])

    def _crash(self, culprit: str, member: Member, status: int, record: Record) -> TestFinished:
        failure = death_of(member.name, status, record, "while this test was running")
        outcome = Outcome(Verdict.CRASHED, failures=(failure,))
        age = dict(self._ledger.running()).get(culprit, 0.0)
        return TestFinished(culprit, outcome, self._ledger.now(), age, last_words(record, self._numbers[culprit]))

    def _problem(self, member: Member, status: int, record: Record) -> Problem:
        when = "as it started, as did all before it" if self.is_hopeless else "while no test was running"
        return Problem(f"worker {member.name}", death_of(member.name, status, record, when))
