"""Loops of uvloop's among the hub's own: stepped, too, though they were not made for it.

Such a loop can be run until it is told to stop, and told so at once: that is a pass. A step makes passes until no
callback is ready: uvloop calls timers that are due before all callbacks, and if others had their turns in between, a
time-out of some milliseconds would overtake what was ready long before. What the hub has to know between two steps,
uvloop keeps to itself: whether callbacks are ready, and when the first timer is due. The collections in which it does
are found among what the garbage collector sees of it. Its selector can be nested in the hub's, as asyncio's.

In a pass the selector is looked at last. What a callback of I/O then asks of it is passed on in the next one; so each
step that had a reason is followed by one that has none. And should I/O come in just then, another step follows before
long in any case.
"""

import asyncio
import gc
import math
import time
from collections import deque
from collections.abc import Set as AbstractSet

from rustest.model.hints import cast
from rustest.run.hub.passes import more_passes
from rustest.run.tenant import Tenant

_AT_LEAST_EVERY = 0.05
"""Seconds between two steps, whatever the hub knows of the loop."""
_TICK = 0.001
"""Seconds by which such a loop may take a timer for not yet due: it counts whole milliseconds."""
_A_DAY = 24 * 3600.0


class UnknownLoopError(RuntimeError):
    """A loop is made otherwise than those that rustest knows."""


class SteppedLoop:
    """One such loop; raises UnknownLoopError where what it keeps is not found."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.tenant: Tenant | None = None
        """Who lives on it."""
        self._has_io = False
        self.descriptor, self._ready, self._timers = _insides(loop)
        self._wants_another = False
        self._stepped_at = time.monotonic()

    def heed(self) -> None:
        """Hear from the hub that its selector has something."""
        self._has_io = True

    def due(self) -> float:
        """When it wants its next step, in seconds of `time.monotonic`."""
        if self._has_reason():
            return 0.0
        if self._wants_another:
            return self._stepped_at
        return min(self._timer_due(), self._stepped_at + _AT_LEAST_EVERY)

    def _has_reason(self) -> bool:
        return bool(self._has_io or self._ready)

    def _timer_due(self) -> float:
        return min((timer.when() for timer in self._timers), default=math.inf) + _TICK

    def step(self) -> None:
        """Run what is ready and due; raises what its callbacks let out."""
        now = time.monotonic()
        self._wants_another = self._has_reason() or self._timer_due() <= now
        self._stepped_at, self._has_io = now, False
        self._pass()
        for _ in more_passes():
            if not self._ready:
                break
            self._pass()

    def _pass(self) -> None:
        self.loop.stop()
        self.loop.run_forever()


def _insides(
    loop: asyncio.AbstractEventLoop,
) -> tuple[int, deque[asyncio.Handle], AbstractSet[asyncio.TimerHandle]]:
    """The descriptor of its selector, its ready callbacks and its timers: those two change as the loop runs."""
    probe = loop.call_later(_A_DAY, gc.isenabled)
    try:
        parts = gc.get_referents(loop)
        timers = [cast("set[asyncio.TimerHandle]", part) for part in parts if isinstance(part, set) and probe in part]
        ready = [cast("deque[asyncio.Handle]", part) for part in parts if isinstance(part, deque)]
    finally:
        probe.cancel()
    descriptor = getattr(loop, "_get_backend_id", None)
    if not callable(descriptor) or len(timers) != 1 or len(ready) != 1:
        raise UnknownLoopError(
            f"{type(loop).__module__}.{type(loop).__qualname__} is not as rustest knows it, and cannot run beside "
            "other loops: mark the test with @mark.serial"
        )
    return cast("int", descriptor()), ready[0], timers[0]
