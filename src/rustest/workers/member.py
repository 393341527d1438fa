"""A member of the crew: one worker as the run sees it, with what it was told to do."""

import signal
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from rustest.model.events import Event, TestFinished, TestStarted
from rustest.model.plan import Window
from rustest.model.worker_names import worker_name
from rustest.workers.channel import END, Inbox, pack
from rustest.workers.keeper import Hands
from rustest.workers.units import Unit
from rustest.workers.work import Stretch, Task


class Member:
    """Knows what its worker has still to do, and what is in flight there."""

    def __init__(self, number: int, hands: Hands) -> None:
        self.number = number
        self.hands = hands
        self.inbox = Inbox(hands.channel, hands.record)
        self.units: Sequence[Unit] = ()
        """What it was told to run last."""
        self.has_ended = False
        """Whether it has said farewell."""
        self.is_dismissed = False
        self.has_told = False
        self.in_flight: dict[str, float] = {}
        """The tests that have started there, and when that was heard of."""
        self.is_recalled = False
        """Whether it is ended for no fault of a test's."""
        self._left: set[str] = set()

    @property
    def name(self) -> str:
        """What users know it by."""
        return worker_name(self.number)

    @property
    def is_idle(self) -> bool:
        """Whether it waits for something to do."""
        return not self._left and not self.is_dismissed

    def hand(self, units: Sequence[Unit]) -> None:
        """Have it run these units."""
        self.units = units
        self._left = {node_id for unit in units for node_id in unit.ids()}
        stretches = tuple(_stretch(window) for unit in units for window in unit.windows)
        self._send(pack(Task(stretches, tuple(node_id for unit in units for node_id in unit.forgone))))

    def dismiss(self) -> None:
        """Have it tear down what is still up, and end."""
        self.is_dismissed = True
        self._send(END)

    def _send(self, data: bytes) -> None:
        with suppress(OSError):  # it has died, and its channel will say so
            self.hands.channel.setblocking(True)
            self.hands.channel.sendall(data)
            self.hands.channel.setblocking(False)

    @property
    def has_left(self) -> bool:
        """Whether some of what it was told to run has no verdict."""
        return bool(self._left)

    @property
    def left_ids(self) -> Collection[str]:
        """The tests without verdicts that it was told to run."""
        return self._left

    def unit_of(self, node_id: str) -> Unit:
        """That one test of those that it was told to run."""
        unit = next(unit for unit in self.units if node_id in unit.ids())
        return unit.without(frozenset(unit.ids()) - {node_id})

    def note(self, event: Event) -> None:
        """Keep count of what it tells."""
        self.has_told = True
        if isinstance(event, TestStarted):
            self.in_flight[event.id] = time.monotonic()
        elif isinstance(event, TestFinished):
            self.in_flight.pop(event.id, None)
            self._left.discard(event.id)

    def left(self) -> Iterator[Unit]:
        """What it has not finished, unit by unit."""
        for unit in self.units:
            if any(node_id in self._left for node_id in unit.ids()):
                yield unit.without(self._done(unit))

    def _done(self, unit: Unit) -> frozenset[str]:
        return frozenset(unit.ids()) - self._left

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self.hands.signal(number)

    def interrupt(self) -> None:
        """Have it end what is in flight."""
        self.signal(signal.SIGINT)

    def recall(self) -> None:
        """End it at once: it is stuck, and what it has left is to run elsewhere."""
        self.is_recalled = True
        self.signal(signal.SIGKILL)


def _stretch(window: Window) -> Stretch:
    return Stretch(window.lane, window.title, tuple(step.item.id for step in window.steps))
