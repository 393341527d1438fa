"""Capturing the descriptors 1 and 2, and so what child processes and extensions written in C print as well."""

import os
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from tempfile import TemporaryFile
from typing import TextIO, cast

from rustest.output.owner import owner_here
from rustest.output.streams import put_through

_NAMES = {1: "stdout", 2: "stderr"}


class DescriptorCapture:
    """What the process writes to one descriptor, and to the stream in `sys` that belongs to it."""

    def __init__(self, descriptor: int, cleaning: ExitStack) -> None:
        self._descriptor = descriptor
        self._name = _NAMES[descriptor]
        self._usual = cast("TextIO", getattr(sys, self._name))
        self._kept = os.dup(descriptor)
        cleaning.callback(os.close, self._kept)
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - lives as long as `cleaning` does
        cleaning.callback(self._file.close)
        self._stream = TextIOWrapper(self._file, "utf-8", "replace", newline="", write_through=True)
        self._read = 0
        """How much of the file has been read; it is never cut, for a child process may be writing to it."""

    def read(self) -> bytes:
        """What was written since the last time."""
        self._usual.flush()  # somebody may have kept it from before
        size = os.fstat(self._file.fileno()).st_size
        written = os.pread(self._file.fileno(), size - self._read, self._read)
        self._read += len(written)
        return written

    def suspend(self) -> None:
        """Let output go where it would go."""
        self._usual.flush()
        if getattr(sys, self._name) is self._stream:  # else somebody has put another in its place
            setattr(sys, self._name, self._usual)
        os.dup2(self._kept, self._descriptor)

    def resume(self) -> None:
        """Take it; what the usual stream holds back so far is none of it."""
        self._usual.flush()
        setattr(sys, self._name, self._stream)
        os.dup2(self._file.fileno(), self._descriptor)

    def write_rest(self) -> None:
        """Leave what nobody has read to the test's output."""
        if rest := self.read():
            put_through(self._usual, rest)


class DescriptorCaptures:
    """Both descriptors."""

    def __init__(self, cleaning: ExitStack) -> None:
        self._owner = owner_here()
        self._out, self._err = self._both = [DescriptorCapture(descriptor, cleaning) for descriptor in _NAMES]

    def read(self) -> tuple[bytes, bytes]:
        """What was written to stdout and stderr since the last time."""
        return self._out.read(), self._err.read()

    def suspend(self) -> None:
        """Let output go where it would go."""
        self._owner.is_aside = True
        for capture in self._both:
            capture.suspend()

    def resume(self) -> None:
        """Take it."""
        self._owner.is_aside = False
        for capture in self._both:
            capture.resume()

    def write_rest(self) -> None:
        """Leave what nobody has read to the test's output."""
        self._owner.is_aside = False
        for capture in self._both:
            capture.write_rest()


@contextmanager
def capture_descriptors() -> Generator[DescriptorCaptures]:
    """Take what the process writes to its descriptors; what nobody has read in the end stays with the test's output."""
    with ExitStack() as cleaning:
        captures = DescriptorCaptures(cleaning)
        captures.resume()
        try:
            yield captures
        finally:
            captures.suspend()
            captures.write_rest()
