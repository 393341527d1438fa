"""Signals: they wake up the hub, which hands them to those of its loops that handle them.

Python writes the number of each signal into one descriptor of the whole process. Whoever runs a loop of asyncio's own
takes it for that loop, and drops it afterwards, and `trio.run` warns where somebody has it. So the hub has it while it
waits, and all the time only where loops handle signals; then it asks again whenever somebody could have taken it.
"""

import signal
import socket
import threading
from types import FrameType

from rustest.model.hints import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rustest.run.hub.loop import HubLoop


class Signals:
    """What the loops of one hub handle, and what handled it before them; outside the main thread it does nothing."""

    def __init__(self, waker: socket.socket) -> None:
        self._waker = waker
        self._in_main_thread = threading.current_thread() is threading.main_thread()
        self._earlier_waker = self.listen()
        self._loops: dict[int, set[HubLoop]] = {}
        self._earlier_handlers: dict[int, Any] = {}

    def listen(self, waker: socket.socket | None = None) -> int:
        """Have signals written to this socket, or to the hub's own; gives what they were written to before."""
        return self._write_to((waker or self._waker).fileno())

    def rest(self) -> None:
        """Listen on if loops of the hub's handle signals, and leave them to whoever is called next if none does."""
        if self._loops:
            self.listen()
        else:
            self.stop_listening()

    def stop_listening(self) -> None:
        """Leave signals to whoever had them before the hub."""
        self._write_to(self._earlier_waker)

    def _write_to(self, descriptor: int) -> int:
        return signal.set_wakeup_fd(descriptor, warn_on_full_buffer=False) if self._in_main_thread else -1

    def hand_to(self, loop: "HubLoop", number: int, earlier: Any) -> None:
        """Let a loop know when that signal comes, which `earlier` has handled so far."""
        loops = self._loops.setdefault(number, set())
        if not loops:
            self._earlier_handlers[number] = earlier
        loops.add(loop)

    def take_from(self, loop: "HubLoop", number: int) -> None:
        """Bother a loop no more with that signal; after the last one, what handled it before does so again."""
        loops = self._loops[number]
        loops.discard(loop)
        if loops:
            signal.signal(number, _only_wake_up)
            signal.siginterrupt(number, False)
            return
        del self._loops[number]
        signal.signal(number, self._earlier_handlers.pop(number) or signal.SIG_DFL)

    def deliver(self, numbers: bytes) -> None:
        """Tell the loops of these signals."""
        for loop in {loop for number in numbers for loop in self._loops.get(number, ())}:
            loop.take_signals(numbers)


def _only_wake_up(number: int, frame: FrameType | None) -> None:
    """Handle nothing in Python: the loops do that."""
