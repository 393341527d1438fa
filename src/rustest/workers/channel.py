"""Messages between a worker and the run: each a pickled object behind its length, over a socket."""

import socket
from collections.abc import Iterator
from pickle import HIGHEST_PROTOCOL, dumps, loads
from struct import Struct

_LENGTH = Struct("!I")
_CHUNK = 1 << 16


def send(channel: socket.socket, message: object) -> None:
    """Send one message; raises OSError where nobody listens any more."""
    data = dumps(message, HIGHEST_PROTOCOL)
    channel.sendall(_LENGTH.pack(len(data)) + data)


def receive(channel: socket.socket) -> object:
    """Wait for one message; None where the other side has ended."""
    head = _exactly(channel, _LENGTH.size)
    body = _exactly(channel, _LENGTH.unpack(head)[0]) if head else b""
    return loads(body) if body else None  # noqa: S301


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
    """Takes messages apart as their bytes come in; the last one may have been cut short by a death."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._data = bytearray()
        self.is_closed = False
        """Whether the other side has ended."""

    def messages(self) -> Iterator[object]:
        """The messages that are complete by now, after one look at the channel."""
        try:
            piece = self._channel.recv(_CHUNK)
        except BlockingIOError:
            return
        except ConnectionError:
            piece = b""
        self.is_closed = not piece
        self._data += piece
        start = 0
        while len(self._data) - start >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._data, start)
            if len(self._data) - start - _LENGTH.size < size:
                break
            start += _LENGTH.size + size
            yield loads(self._data[start - size : start])  # noqa: S301
        del self._data[:start]
