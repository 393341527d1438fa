"""Capturing `sys.stdout` and `sys.stderr` for several tests at once, each its own output only.

While any test captures, routed streams stand in the place of both. What is written to one goes to the capture of the
test that writes, found by context, and where there is none to the stream that stood there before.
"""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from io import BytesIO, TextIOWrapper
from typing import TextIO, cast

from rustest.builtin_fixtures.recipients import Recipients
from rustest.builtin_fixtures.replacement import Replacement


class StreamCapture:
    """The output of one test."""

    def __init__(self) -> None:
        self.streams = {name: _new_stream() for name in _NAMES}
        self.is_taking = True
        """Whether it takes output at the moment: not while suspended, nor after the test, which a task may outlive."""

    def read(self) -> tuple[bytes, bytes]:
        """What was written to stdout and stderr since the last time."""
        out, err = (_empty(stream.buffer) for stream in self.streams.values())
        return out, err

    def suspend(self) -> None:
        """Let output go where it would go."""
        self.is_taking = False

    def resume(self) -> None:
        """Take it again."""
        self.is_taking = True


class RoutedStream:
    """Stands in the place of `sys.stdout` or `sys.stderr`: whatever is asked of it, the right stream does."""

    def __init__(self, name: str, usual: TextIO) -> None:
        self._name = name
        self._usual = usual

    def __getattr__(self, attribute: str) -> object:
        capture = _CAPTURES.current
        stream = capture.streams[self._name] if capture is not None and capture.is_taking else self._usual
        return cast("object", getattr(stream, attribute))


_NAMES = ("stdout", "stderr")
_CAPTURES: Recipients[StreamCapture] = Recipients("rustest_stream_capture")


@contextmanager
def capture_streams(test: Callable[..., object]) -> Generator[StreamCapture]:
    """Take what that test writes, whose context this is; what nobody has read in the end goes where it would go."""
    capture = StreamCapture()
    with _ROUTED.in_use():
        try:
            with _CAPTURES.serve(test, capture):
                yield capture
        finally:
            capture.suspend()
            for name, rest in zip(_NAMES, capture.read(), strict=True):
                if rest:
                    cast("TextIO", getattr(sys, name)).write(rest.decode("utf-8", "replace"))


@contextmanager
def _routed() -> Generator[None]:
    usual = {name: cast("TextIO", getattr(sys, name)) for name in _NAMES}
    routed = {name: RoutedStream(name, stream) for name, stream in usual.items()}
    for name in _NAMES:
        setattr(sys, name, routed[name])
    try:
        yield
    finally:
        for name, stream in usual.items():
            if getattr(sys, name) is routed[name]:  # else somebody has put another in its place, which is his to undo
                setattr(sys, name, stream)


_ROUTED = Replacement(_routed)


def _new_stream() -> "TextIOWrapper[BytesIO]":
    return TextIOWrapper(BytesIO(), "utf-8", newline="", write_through=True)


def _empty(buffer: BytesIO) -> bytes:
    written = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return written
