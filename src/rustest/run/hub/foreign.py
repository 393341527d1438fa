"""Loops that users' factories and policies make, which the hub cannot step: while its tests run, one waits for all."""

import asyncio
import time
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from weakref import WeakKeyDictionary

from rustest.run.hub.loop import HubLoop
from rustest.run.hub.running import policy_in_force
from rustest.run.tenant import Occupancy, Tenant

_POLL = 0.01
"""Seconds between two looks at the hub, under a loop that cannot watch descriptors."""

Blame = Callable[[Exception], bool]
"""Fails whoever lives on a loop for what that loop itself has raised; False if nobody does."""


class ForeignLoop:
    """Runs a loop of the user's own kind until the hub has something to do.

    The hub's own selector is a descriptor among others to it, so the hub's loops go on running meanwhile: a server
    that lives on one of them still answers.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, descriptor: int, tenant: Tenant | None, blame: Blame) -> None:
        self.loop = loop
        self._descriptor = descriptor
        self._tenant = tenant
        self._blame = blame
        self._is_waiting = False

    def wait(self, timeout: float | None, occupancy: Occupancy) -> None:
        """Run the loop for up to `timeout` seconds, or until the hub's descriptor is ready or somebody interrupts."""
        timeout = self._watch(timeout)
        timer = self.loop.call_later(timeout, self.interrupt) if timeout is not None else None
        occupancy.occupant, occupancy.since, self._is_waiting = self._tenant, time.monotonic(), True
        try:
            self.loop.run_forever()
        except Exception as exc:  # the loop's own, such as one that says that nobody will ever wake it
            self._is_waiting = False
            if not self._blame(exc):
                raise
        finally:
            occupancy.occupant, self._is_waiting = None, False
            if timer is not None:
                timer.cancel()
            with suppress(Exception):
                self.loop.remove_reader(self._descriptor)

    def _watch(self, timeout: float | None) -> float | None:
        try:
            self.loop.add_reader(self._descriptor, self.interrupt)
        except Exception:  # most often NotImplementedError, but a loop may know descriptors of its own alone
            if self._has_own_clock():  # which jumps from timer to timer: one of ours would be a step for its test
                return timeout
            return _POLL if timeout is None else min(timeout, _POLL)
        return timeout

    def _has_own_clock(self) -> bool:
        made_by = getattr(type(self.loop), "time", None)
        return made_by is not asyncio.BaseEventLoop.time and isinstance(self.loop, asyncio.BaseEventLoop)

    def interrupt(self) -> None:
        """Let the hub have its turn; called from the loop's own callbacks.

        It is stopped once: uvloop would keep a second stop for its next run, which may be a sync fixture's.
        """
        if self._is_waiting:
            self._is_waiting = False
            self.loop.stop()


class ForeignLoops:
    """The loop that waits in the hub's place, if any: that of the tests, or one that is lent the waiting."""

    def __init__(self, descriptor: int, occupancy: Occupancy) -> None:
        self.waiting: ForeignLoop | None = None
        self.policies: MutableMapping[asyncio.AbstractEventLoop, object] = WeakKeyDictionary()
        """The policies of users' own, by the loops that they have made."""
        self.blame: Callable[[asyncio.AbstractEventLoop, Exception], bool] = lambda loop, exc: False
        """Fails whoever lives on a loop that raised an exception of its own; False if nobody does."""
        self._descriptor = descriptor
        self._occupancy = occupancy
        self._at_home: ForeignLoop | None = None
        self._lent: list[ForeignLoop] = []

    def hand_waiting_to(self, loop: asyncio.AbstractEventLoop | None, tenant: Tenant | None = None) -> None:
        """Have a loop that is not a `HubLoop` run in place of the hub's own waiting; None takes that back."""
        if loop is None or isinstance(loop, HubLoop):
            self._at_home = None
        elif self._at_home is None or self._at_home.loop is not loop:
            self._at_home = ForeignLoop(loop, self._descriptor, tenant, partial(self.blame, loop))
        self._choose()

    def lend_waiting_to(self, loop: asyncio.AbstractEventLoop, tenant: Tenant, blame: Blame) -> ForeignLoop | None:
        """Have such a loop run for a while, until it is taken back, as a fixture is set up or torn down there."""
        if isinstance(loop, HubLoop):
            return None
        foreign = ForeignLoop(loop, self._descriptor, tenant, blame)
        self._lent.append(foreign)
        self._choose()
        return foreign

    def take_waiting_back(self, foreign: ForeignLoop) -> None:
        """Let that loop rest."""
        self._lent.remove(foreign)
        self._choose()

    def _choose(self) -> None:
        chosen = self._lent[-1] if self._lent else self._at_home
        if chosen is not self.waiting:
            if self.waiting is not None:
                self.waiting.interrupt()
            self.waiting = chosen

    def wait(self, timeout: float | None) -> bool:
        """Have the chosen loop wait, if there is one, for up to `timeout` seconds; whether it has."""
        if self.waiting is None:
            return False
        if self._at_home is not None and self._at_home.loop is not self.waiting.loop:
            with self.ruling(self._at_home.loop):
                self._at_home.wait(0, self._occupancy)  # whoever is cancelled there is to hear of it
        with self.ruling(self.waiting.loop):
            self.waiting.wait(timeout, self._occupancy)
        return True

    def ruling(self, loop: asyncio.AbstractEventLoop) -> AbstractContextManager[None]:
        """Have the policy in force, for the time of the block, that has made the loop, if a user's own has."""
        policy = self.policies.get(loop) if self.policies else None
        return nullcontext() if policy is None else policy_in_force(policy, loop)
