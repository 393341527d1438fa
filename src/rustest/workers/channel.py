"""Messages between a worker and the run, over a socket: each marshalled, behind its length.

What happens thousands of times, that a test starts and that it passes, goes as a plain tuple; anything else is pickled.
"""

import marshal
import socket
from collections.abc import Iterable, Iterator
from pickle import HIGHEST_PROTOCOL, dumps, loads
from struct import Struct
from typing import cast

from rustest.model.events import Event, TestFinished, TestStarted
from rustest.model.outcome import PASSED
from rustest.workers.recorder import read_unsent
from rustest.workers.work import Assignment, Farewell, Task

Message = Event | Farewell | Task | Assignment

_LENGTH = Struct("!I")
_CHUNK = 1 << 16
_Packed = tuple[str, float] | tuple[str, float, float, float] | bytes


def pack(message: Message) -> bytes:
    """The message as it goes over the channel."""
    match message:
        case TestStarted(node_id, at):
            packed: _Packed = (node_id, at)
        case TestFinished(node_id, outcome, at, duration, (), (), (), waited) if outcome == PASSED:
            packed = (node_id, at, duration, waited)
        case _:
            packed = dumps(message, HIGHEST_PROTOCOL)
    data = marshal.dumps(packed)
    return _LENGTH.pack(len(data)) + data


def unpack(data: bytes) -> Message:
    """The message of these bytes, without their length."""
    match cast("_Packed", marshal.loads(data)):  # noqa: S302 -- as above
        case bytes() as pickled:
            return cast("Message", loads(pickled))  # noqa: S301 -- as above
        case (node_id, at):
            return TestStarted(node_id, at)
        case (node_id, at, duration, waited):
            return TestFinished(node_id, PASSED, at, duration, waited=waited)


def receive(channel: socket.socket) -> Message | None:
    """Wait for a message; None where the other side has ended, or says nothing more."""
    head = _exactly(channel, _LENGTH.size)
    body = _exactly(channel, _LENGTH.unpack(head)[0]) if head else b""
    return unpack(body) if body else None


END = _LENGTH.pack(0)
"""Says nothing more."""


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        try:
            piece = channel.recv(size - len(data))
        except ConnectionError:
            return b""
        if not piece:
            return b""
        data += piece
    return bytes(data)


class Inbox:
    """Takes messages apart as their bytes come in; the last one may have been cut short by a death.

    Those that its worker has not yet sent can be read in its record: each message is taken once, in order.
    """

    def __init__(self, channel: socket.socket, record: int) -> None:
        self._channel = channel
        self._record = record
        self._data = bytearray()
        self._arrived = 0
        self._taken = 0
        self.is_closed = False
        """Whether the other side has ended."""

    def messages(self) -> Iterator[Message]:
        """The messages that are complete by now, after one look at the channel."""
        try:
            piece = self._channel.recv(_CHUNK)
        except BlockingIOError:
            return
        except ConnectionError:
            piece = b""
        self.is_closed = not piece
        self._data += piece
        bodies = [*_split(self._data)]
        del self._data[: sum(len(body) + _LENGTH.size for body in bodies)]
        yield from self._take(self._arrived, bodies)
        self._arrived += len(bodies)

    def unsent(self) -> Iterator[Message]:
        """The messages that its worker keeps until it has some more."""
        first, data = read_unsent(self._record)
        if first <= self._taken:  # or there are others on their way
            yield from self._take(first, [*_split(data)])

    def _take(self, first: int, bodies: Iterable[bytes]) -> Iterator[Message]:
        for number, body in enumerate(bodies, first):
            if number == self._taken:
                self._taken += 1
                yield unpack(body)


def _split(data: bytes | bytearray) -> Iterator[bytes]:
    """The bodies of those messages that are there in full."""
    start = 0
    while len(data) - start >= _LENGTH.size:
        (size,) = _LENGTH.unpack_from(data, start)
        start += _LENGTH.size + size
        if start > len(data):
            return
        yield bytes(data[start - size : start])
