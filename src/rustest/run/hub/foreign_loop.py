"""A loop that is not the hub's own, and waits in its place: it runs while its tests do."""

import asyncio
import selectors
from collections.abc import Callable
from contextlib import suppress

from rustest.run.tenant import Occupancy, Tenant, real_time

_POLL = 0.01
"""Seconds between two looks at the hub, under a loop that cannot watch descriptors."""
LET_OUT = (Exception, SystemExit, KeyboardInterrupt)
"""A loop's own exceptions, such as one that says that nobody will ever wake it, and those that tasks let out."""

Blame = Callable[[BaseException], bool]
"""Fails whoever lives on a loop for what that has raised; False if nobody does."""


class ForeignLoop:
    """Runs a loop of the user's own kind until the hub has something to do.

    The hub's own selector is a descriptor among others to it, so the hub's loops go on running meanwhile: a server
    that lives on one of them still answers.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, selector: selectors.DefaultSelector, tenant: Tenant | None, blame: Blame
    ) -> None:
        self.loop = loop
        self._descriptor = selector.fileno()
        self._tenant = tenant
        self._blame = blame
        self._is_waiting = False

    def wait(self, timeout: float | None, occupancy: Occupancy) -> None:
        """Run the loop for up to `timeout` seconds, or until the hub's descriptor is ready or somebody interrupts."""
        timeout = self._watch(timeout)
        timer = self.loop.call_later(timeout, self.interrupt) if timeout is not None else None
        occupancy.occupant, occupancy.since, self._is_waiting = self._tenant, real_time(), True
        try:
            self.loop.run_forever()
        except LET_OUT as exc:
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
