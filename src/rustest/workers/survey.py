"""The survey: what runs now, asked of all workers and told at once."""

import signal
import time
from collections.abc import Callable, Collection, Iterable
from types import FrameType

from rustest.model.events import Standing, Whereabouts
from rustest.model.failure import Phase
from rustest.run.ledger import Ledger
from rustest.workers.member import Member

_PATIENCE = 0.5
"""Seconds that workers have to answer: one that is held by code written in C cannot."""


class Survey:
    """Asks the workers in which tests run, and puts their answers together."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._is_asked = False
        self._began = 0.0
        """When it did, by `time.monotonic`; 0 where none goes on."""
        self._waiting: set[Member] = set()
        self._found: dict[str, Whereabouts] = {}
        self.afterwards: Callable[[], object] | None = None
        """What is to be done when the next answer has been told."""

    def ask(self, frame: FrameType | None) -> None:
        """Have a survey made; any thread may ask, and so may a signal's handler."""
        self._is_asked = True

    def _begin(self, members: Collection[Member]) -> None:
        self._is_asked = False
        self._began = time.monotonic()
        self._found = {}
        self._waiting = {member for member in members if member.in_flight}
        for member in self._waiting:
            member.signal(signal.SIGUSR1)

    def take(self, standing: Standing, member: Member) -> None:
        """Take one worker's answer."""
        self._waiting.discard(member)
        self._found.update((one.name, one) for one in standing.running)

    def go_on(self, members: Collection[Member]) -> None:
        """Begin a survey that is asked for, or tell what it has found, if nobody is to be waited for any more."""
        if self._is_asked and not self._began:
            self._begin(members)
        if not self._began:
            return
        is_late = time.monotonic() - self._began > _PATIENCE
        if is_late or self._waiting.isdisjoint(members):
            self._began = 0.0
            self._ledger.answer(Standing(self._ledger.now(), tuple(self._running())))
            if self.afterwards is not None:
                self.afterwards()

    def _running(self) -> Iterable[Whereabouts]:
        unheard = {node_id for member in self._waiting for node_id in member.in_flight}
        for node_id, age in self._ledger.running():
            if node_id in unheard and node_id not in self._found:
                self._found[node_id] = Whereabouts(node_id, age, Phase.CALL, ())
        return sorted(self._found.values(), key=lambda one: -one.age)
