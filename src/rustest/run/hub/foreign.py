"""Loops that users' factories and policies make: while its tests run, one waits for all, or several are stepped."""

import asyncio
import selectors
import time
from collections.abc import Callable, MutableMapping
from contextlib import AbstractContextManager, nullcontext, suppress
from contextvars import copy_context
from functools import partial
from weakref import WeakKeyDictionary

from rustest.run.hub.foreign_loop import LET_OUT, Blame, ForeignLoop
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.running import policy_in_force
from rustest.run.hub.stepped import SteppedLoop
from rustest.run.hub.untaken import File, untaken
from rustest.run.tenant import TENANT, Occupancy, Tenant


def _take(file: File, tenant: Tenant, loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    with untaken(file, tenant, context, is_told=False):
        loop.default_exception_handler(context)


class ForeignLoops:
    """All such loops of a hub's: which of them waits in its place, if any, and which are stepped."""

    def __init__(self, selector: selectors.DefaultSelector, occupancy: Occupancy) -> None:
        self.waiting: ForeignLoop | None = None
        """That of the tests in flight, or one that is lent the waiting."""
        self.stepped: dict[asyncio.AbstractEventLoop, SteppedLoop] = {}
        self.policies: MutableMapping[asyncio.AbstractEventLoop, object] = WeakKeyDictionary()
        """The policies of users' own, by the loops that they have made."""
        self.blame: Callable[[asyncio.AbstractEventLoop, BaseException], bool] = lambda loop, exc: False
        """Fails whoever lives on a loop for what that has raised; False if nobody does."""
        self.file: File | None = None
        """Files exceptions that nobody takes; None where they fail no test, and are left to what the loop does."""
        self._lodgers: MutableMapping[asyncio.AbstractEventLoop, Tenant] = WeakKeyDictionary()
        """Who stands for the test to come as a loop is made, whose name all that the loop does by itself has."""
        self._selector = selector
        self._occupancy = occupancy
        self._at_home: ForeignLoop | None = None
        self._lent: list[ForeignLoop] = []

    def make_for_one(self, factory: Callable[[], object]) -> object:
        """Make a loop for one test: what it does of its own accord is done in that test's name, once it has one."""
        lodger, context = Tenant("the test that gets this loop"), copy_context()
        lodger.is_open = False
        context.run(TENANT.set, lodger)
        loop = context.run(factory)
        if isinstance(loop, asyncio.AbstractEventLoop):
            self._lodgers[loop] = lodger
        return loop

    def settle(self, loop: asyncio.AbstractEventLoop, tenant: Tenant) -> None:
        """Give such a loop to the test that it was made for: what nobody takes there is that test's."""
        self._lodgers[loop].heir = tenant
        if (stepped := self.stepped.get(loop)) is not None:
            stepped.tenant = tenant
        with suppress(NotImplementedError):  # asyncio asks of no loop that it has such a handler
            if self.file is not None and loop.get_exception_handler() is None:
                loop.set_exception_handler(partial(_take, self.file, tenant))

    def hand_waiting_to(self, loop: asyncio.AbstractEventLoop, tenant: Tenant | None = None) -> None:
        """Have a loop that is not a `HubLoop` run in place of the hub's own waiting, unless it is stepped."""
        if isinstance(loop, HubLoop):
            self._at_home = None
        elif loop not in self.stepped and (self._at_home is None or self._at_home.loop is not loop):
            self._at_home = ForeignLoop(loop, self._selector, tenant, partial(self.blame, loop))
        self._choose()

    def let_rest(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run that loop no more."""
        stepped = self.stepped.pop(loop, None)
        if stepped is not None:
            self._forget(stepped)
        elif not isinstance(loop, HubLoop):
            self._at_home = None
            self._choose()

    def close(self, loop: asyncio.AbstractEventLoop) -> None:
        """Run that loop no more and close it, in the name of who lives there."""
        stepped = self.stepped.get(loop)
        self.let_rest(loop)
        token = TENANT.set(stepped.tenant) if stepped is not None else None
        try:
            loop.close()
        finally:
            if token is not None:
                TENANT.reset(token)

    def lend_waiting_to(self, loop: asyncio.AbstractEventLoop, tenant: Tenant, blame: Blame) -> ForeignLoop | None:
        """Have such a loop run for a while, until it is taken back, as a fixture is set up or torn down there."""
        if isinstance(loop, HubLoop) or loop in self.stepped:
            return None
        foreign = ForeignLoop(loop, self._selector, tenant, blame)
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

    # --- stepped ones ---------------------------------------------------------------------------------------

    def step(self, loop: asyncio.AbstractEventLoop) -> None:
        """Have such a loop stepped from now on; raises UnknownLoopError if it is none that can be."""
        stepped = SteppedLoop(loop)
        for one in self.stepped.values():
            if one.loop.is_closed():  # somebody has done that, and its descriptor may be this loop's by now
                self._forget(one)
        self._selector.register(stepped.descriptor, selectors.EVENT_READ, stepped)
        self.stepped[loop] = stepped

    def _forget(self, stepped: SteppedLoop) -> None:
        key = self._selector.get_map().get(stepped.descriptor)
        if key is not None and key.data is stepped:
            self._selector.unregister(stepped.descriptor)

    def due(self) -> float | None:
        """When the first of those that are stepped wants to be, in seconds of `time.monotonic`; None without any."""
        return min(stepped.due() for stepped in self.stepped.values()) if self.stepped else None

    def step_due(self) -> None:
        """Step those that have something to do."""
        now = time.monotonic()
        for stepped in [one for one in self.stepped.values() if one.due() <= now]:
            with self.ruling(stepped.loop):
                self._step(stepped)

    def _step(self, stepped: SteppedLoop) -> None:
        tenant, watch = stepped.tenant, self._occupancy.watch
        token = TENANT.set(tenant)  # what has no context of its own, as the end of a task, is the tenant's, too
        try:
            with self._occupancy.held_by(tenant) if tenant is not None else nullcontext():
                stepped.step()
        except LET_OUT as exc:
            if not self.blame(stepped.loop, exc):
                raise
        finally:
            TENANT.reset(token)
        if watch is not None:
            watch.look(tenant)

    def ruling(self, loop: asyncio.AbstractEventLoop) -> AbstractContextManager[None]:
        """Have the policy in force, for the time of the block, that has made the loop, if a user's own has."""
        policy = self.policies.get(loop) if self.policies else None
        return nullcontext() if policy is None else policy_in_force(policy, loop)
