"""Reading what one test writes to `sys.stdout` and `sys.stderr`, while any number of others write as well.

The run files what is written under its owner; here it is taken out again. What nobody has read in the end stays with
the test's output.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TypeVar

from rustest.model.output import Stream
from rustest.output.owner import Owner, owner_here
from rustest.output.routing import current_routing

Kind = TypeVar("Kind", bound="StreamCapture")


class StreamCapture:
    """The output of one test, from here on."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        owner.captured_from = owner.length

    def read(self) -> tuple[bytes, bytes]:
        """What was written to stdout and stderr since the last time."""
        pieces = self._owner.take_written(self._owner.captured_from or 0)
        out, err = (
            b"".join(piece.data for piece in pieces if piece.stream is stream)
            for stream in (Stream.STDOUT, Stream.STDERR)
        )
        return out, err

    def suspend(self) -> None:
        """Let output go where it would go without rustest."""
        self._owner.is_aside = True

    def resume(self) -> None:
        """Take it again."""
        self._owner.is_aside = False


class StreamTee(StreamCapture):
    """The output of one test, from here on, of which nothing is taken away."""

    def read(self) -> tuple[bytes, bytes]:
        """What was written since the last time; it goes to the test's report too, or where the run lets output go."""
        routing, written = current_routing(), super().read()
        for stream, data in zip((Stream.STDOUT, Stream.STDERR), written, strict=True):
            if data and routing.keeps:
                self._owner.file(stream, data)
            elif data:
                with _aside(self):
                    routing.write(stream, data)
        self._owner.captured_from = self._owner.length
        return written


@contextmanager
def _aside(capture: StreamCapture) -> Generator[None]:
    capture.suspend()
    try:
        yield
    finally:
        capture.resume()


@contextmanager
def capture_streams(kind: type[Kind]) -> Generator[Kind]:
    """Take what the test writes, whose context this is; what is left goes its way if the run keeps nothing."""
    routing, owner = current_routing(), owner_here()
    with routing.streams.in_use():
        capture = kind(owner)
        try:
            yield capture
        finally:
            left = () if routing.keeps else zip((Stream.STDOUT, Stream.STDERR), capture.read(), strict=True)
            owner.captured_from = None
            for stream, rest in left:
                routing.write(stream, rest)
