"""The sampler: a thread that looks now and then where the loops' thread is, for as long as one step holds it.

It is started below `threading`, so that tests which count threads do not count it. Between its looks it sleeps; a look
at a run of short steps compares two numbers. While sync tests run it sleeps on: they may measure the time of
the processor.
"""

import sys
from _thread import allocate_lock, get_ident, start_new_thread
from collections import Counter

from rustest.model.debuggers import held_by_debugger
from rustest.model.failure import Frame
from rustest.model.frames import main_frame, user_stack
from rustest.run.tenant import Occupancy, real_time

_LOOKS = 2
"""How many looks it takes in the time after which a step is long."""


class Sampler:
    """Knows where a long step spent its time; made in the thread that it looks at."""

    def __init__(self, occupancy: Occupancy, limit: float) -> None:
        self._occupancy = occupancy
        self._limit = limit
        self._watched = get_ident()
        self._seen: tuple[float, Counter[Frame]] = (0.0, Counter())
        """When the step began that was seen last, and how often it was at each place."""
        self._debugged = 0.0
        """When the last step began that a debugger held."""
        self._is_wanted, self._is_asleep, self._is_over = True, False, False
        self._bell = allocate_lock()
        self._bell.acquire()
        self._ended = allocate_lock()
        self._ended.acquire()
        start_new_thread(self._watch, ())

    def place(self, started: float) -> Frame | None:
        """Where the step that began then, or a part of it, was seen most often; None where nobody saw it."""
        since, places = self._seen
        return places.most_common(1)[0][0] if since >= started and places else None

    def was_debugged(self, started: float) -> bool:
        """Whether a debugger held the step that began then."""
        return self._debugged >= started

    def rest(self) -> None:
        """Look no more until there is something to see again."""
        self._is_wanted = False  # which the thread finds at its next look

    def resume(self) -> None:
        """Look again."""
        self._is_wanted = True
        if self._is_asleep:
            self._ring()

    def shut_down(self) -> None:
        """End the thread."""
        self._is_over = True
        self._ring()
        self._ended.acquire()

    def _ring(self) -> None:
        if self._bell.locked():  # or it rings already
            self._bell.release()

    # --- in the sampler's thread ----------------------------------------------------------------------------

    def _watch(self) -> None:
        try:
            while not self._is_over:
                if self._bell.acquire(timeout=self._pause()):
                    continue
                since = self._occupancy.since
                if self._occupancy.occupant is not None and real_time() - since >= self._limit / _LOOKS:
                    self._look(since)
        finally:
            self._ended.release()

    def _pause(self) -> float:
        """How long to sleep: where nobody is to be looked at, until the bell rings."""
        self._is_asleep = True  # before it asks: so that whoever wants it now rings, or is seen to want it here
        if not self._is_wanted:
            return -1
        self._is_asleep = False
        return self._limit / _LOOKS

    def _look(self, since: float) -> None:
        frame = sys._current_frames().get(self._watched)  # pyright: ignore[reportPrivateUsage] # documented all the same
        if held_by_debugger(frame):
            self._debugged = since
        frames = user_stack(frame)
        if not frames or self._occupancy.occupant is None or self._occupancy.since != since:
            return  # it has ended meanwhile
        if self._seen[0] != since:
            self._seen = (since, Counter())
        found = frames[main_frame(frames)]
        self._seen[1][Frame(found.file, found.line, found.function)] += 1
