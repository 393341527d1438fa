"""The parting: the run ends in all workers, and is told to end once they have said where their tests were.

They say it as they are interrupted themselves, for what they were doing then is gone when they are asked later.
"""

import time
from collections.abc import Collection

from rustest.model.events import Interrupted, Whereabouts
from rustest.run.ledger import Ledger
from rustest.workers.member import Member

_PATIENCE = 0.5
"""Seconds that workers have to say it: one that is held by code written in C cannot."""


class Parting:
    """Has the run end at once, and tells of it a little later."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._untold: Interrupted | None = None
        self._began = 0.0
        self._waiting: set[Member] = set()
        self._running: dict[Member, tuple[str, ...]] = {}
        """What runs in each worker, which knows it best: the run may hear of a start after the interrupt."""
        self._where: list[Whereabouts] = []

    def begin(self, ending: Interrupted, members: Collection[Member]) -> None:
        """End the run for that; only the first reason counts."""
        self._untold = self._ledger.cut_short(ending)
        self._began = time.monotonic()
        self._running = {member: tuple(member.in_flight) for member in members}
        if not ending.wish:  # of what a test has asked for, places say nothing
            self._waiting = {member for member in members if member.has_left}

    def hear(self, ending: Interrupted, member: Member) -> None:
        """Take what a worker says as it is interrupted."""
        self._waiting.discard(member)
        self._running[member] = ending.running
        self._where += ending.where

    def go_on(self, members: Collection[Member]) -> None:
        """Tell that the run ends, if nobody is to be waited for any more."""
        if self._waiting.isdisjoint(members) or time.monotonic() - self._began > _PATIENCE:
            self.tell()

    def tell(self) -> None:
        """Tell that the run ends, if that has not been told."""
        untold, self._untold = self._untold, None
        if untold is not None:
            running = tuple(name for names in self._running.values() for name in names)
            self._ledger.tell(untold._replace(running=running, where=tuple(self._where)))
