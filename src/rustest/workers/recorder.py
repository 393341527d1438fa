"""The flight recorder: a file in memory in which a worker keeps what is to be known of it after its death.

The worker maps the file, so that a note costs no system call; whoever started it reads it when it has died. It holds
the number of the test whose code runs, what tests have printed last, the messages that are still to be sent, and what
Python's faulthandler has written.
"""

import mmap
import os
from struct import Struct
from typing import NamedTuple

_HEAD = Struct("=qqqq")
"""The number of the test, how many bytes of output there are, how many messages were sent, and how many bytes are to be
sent."""
_NUMBER, _FILLED, _SENT, _UNSENT = range(4)
_PIECE = Struct("=qBI")
"""Whose a piece of output is, whether it went to stderr, and its length."""
_ROOM = 1 << 16
_MESSAGES = _HEAD.size + _ROOM
"""Where the messages begin."""
_FAULTS = _MESSAGES + _ROOM
"""Where faulthandler writes."""

NOBODY = 0
"""The number of no test."""


def new_record() -> int:
    """The descriptor of an empty record."""
    if "memfd_create" in vars(os):
        descriptor = os.memfd_create("rustest-worker")
    else:  # macOS
        from tempfile import TemporaryFile

        with TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, _FAULTS)
    os.lseek(descriptor, _FAULTS, os.SEEK_SET)
    return descriptor


class Recorder:
    """Writes a record."""

    def __init__(self, descriptor: int) -> None:
        self._map = mmap.mmap(descriptor, _FAULTS)
        self._numbers = memoryview(self._map)[: _HEAD.size].cast("q")
        self._filled = 0

    def mark(self, number: int) -> None:
        """Note whose code runs now."""
        self._numbers[_NUMBER] = number

    def write(self, number: int, is_stderr: bool, data: bytes) -> None:
        """Note what that test has written; where the room is full, what was there before is forgotten."""
        data = data[-(_ROOM // 2) :]
        size = _PIECE.size + len(data)
        if self._filled + size > _ROOM:
            self._filled = 0
        start = _HEAD.size + self._filled
        _PIECE.pack_into(self._map, start, number, is_stderr, len(data))
        self._map[start + _PIECE.size : start + size] = data
        self._filled += size
        self._numbers[_FILLED] = self._filled

    def keep(self, message: bytes) -> bool:
        """Keep a message that is to be sent; whether there is room for it."""
        start = self._numbers[_UNSENT]
        if start + len(message) > _ROOM:
            return False
        self._map[_MESSAGES + start : _MESSAGES + start + len(message)] = message
        self._numbers[_UNSENT] = start + len(message)
        return True

    def note_sent(self, number: int) -> None:
        """So many messages were sent by now: none are to be kept."""
        self._numbers[_UNSENT] = 0
        self._numbers[_SENT] = number


class Record(NamedTuple):
    """What a record tells."""

    number: int
    """Of the test whose code ran last; `NOBODY` where none did."""
    output: tuple[tuple[int, bool, bytes], ...]
    """Who wrote what, and whether to stderr, in order."""
    faults: str
    """What faulthandler has written."""


def read_record(descriptor: int) -> Record:
    """Read what a dead worker has left."""
    number, filled, _, _ = _HEAD.unpack(os.pread(descriptor, _HEAD.size, 0))
    data = os.pread(descriptor, filled, _HEAD.size)
    pieces: list[tuple[int, bool, bytes]] = []
    start = 0
    while start + _PIECE.size <= len(data):
        whose, is_stderr, size = _PIECE.unpack_from(data, start)
        start += _PIECE.size
        pieces.append((whose, bool(is_stderr), data[start : start + size]))
        start += size
    faults = os.pread(descriptor, os.fstat(descriptor).st_size - _FAULTS, _FAULTS)
    return Record(number, tuple(pieces), faults.decode("utf-8", "replace"))


def read_unsent(descriptor: int) -> tuple[int, bytes]:
    """How many messages a worker has sent, and those that it keeps."""
    _, _, sent, size = _HEAD.unpack(os.pread(descriptor, _HEAD.size, 0))
    data = os.pread(descriptor, size, _MESSAGES)
    _, _, still, _ = _HEAD.unpack(os.pread(descriptor, _HEAD.size, 0))
    return (sent, data) if still == sent else (still, b"")  # or they were sent while they were read
