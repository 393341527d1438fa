"""Capturing the descriptors 1 and 2 for a whole run: what child processes and code written in C print as well.

They belong to the process and know of no context. So what comes there belongs to the test that has the process for
itself, and to nobody while tests overlap.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, TextIO

from rustest.model.output import Stream

DESCRIPTORS = {Stream.STDOUT: 1, Stream.STDERR: 2}


class Diversion:
    """One descriptor, sent to a file in place of where it leads; `outside` still leads there."""

    def __init__(self, stream: Stream, outside: TextIO, file: IO[bytes]) -> None:
        self.stream = stream
        self.outside = outside
        self._descriptor = DESCRIPTORS[stream]
        self._file = file.fileno()
        self._read = 0
        """How much of the file has been read; it is never cut, for a child process may be writing to it."""

    def read(self) -> bytes:
        """What was written since the last time."""
        size = os.fstat(self._file).st_size
        if size == self._read:
            return b""
        written = os.pread(self._file, size - self._read, self._read)
        self._read += len(written)
        return written

    def part_company(self) -> None:
        """Take a file of this process's own: the one so far is shared with the process that it was forked from."""
        with TemporaryFile(buffering=0) as file:
            os.dup2(file.fileno(), self._file, inheritable=False)
        os.dup2(self._file, self._descriptor)
        self._read = 0

    def write(self, data: bytes) -> None:
        """Write to the file, as code does that writes to the descriptor."""
        while data:
            data = data[os.write(self._descriptor, data) :]

    def takes(self, stream: TextIO | None) -> bool:
        """Whether that stream writes to the descriptor."""
        try:
            return stream is not None and stream.fileno() == self._descriptor
        except (OSError, ValueError):  # not a file
            return False


@contextmanager
def diverted(stream: Stream) -> Generator[Diversion]:
    """Send the descriptor of that stream elsewhere while the block runs."""
    descriptor = DESCRIPTORS[stream]
    with TemporaryFile(buffering=0) as file, copied(descriptor) as outside:
        os.dup2(file.fileno(), descriptor)
        try:
            yield Diversion(stream, outside, file)
        finally:
            os.dup2(outside.fileno(), descriptor)


@contextmanager
def copied(descriptor: int) -> Generator[TextIO]:
    """A stream that leads where the descriptor leads now, whatever becomes of that."""
    with open(os.dup(descriptor), "w", encoding="utf-8", errors="backslashreplace") as stream:
        yield stream
