"""Reading what one test writes to `sys.stdout` and `sys.stderr`, while any number of others write as well.

The run files what is written under its owner; here it is taken out again. What nobody has read in the end stays with
the test's output.
"""

from collections.abc import Generator
from contextlib import contextmanager

from rustest.model.output import Stream
from rustest.output.owner import Owner, owner_here
from rustest.output.routing import current_routing


class StreamCapture:
    """The output of one test, from here on."""

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._start = owner.length

    def read(self) -> tuple[bytes, bytes]:
        """What was written to stdout and stderr since the last time."""
        pieces = self._owner.take_written(self._start)
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


@contextmanager
def capture_streams() -> Generator[StreamCapture]:
    """Take what the test writes, whose context this is; what is left goes its way if the run keeps nothing."""
    routing, owner = current_routing(), owner_here()
    with routing.streams.in_use():
        capture = StreamCapture(owner)
        owner.is_captured = True
        try:
            yield capture
        finally:
            owner.is_captured = False
            if not routing.keeps:
                for stream, rest in zip((Stream.STDOUT, Stream.STDERR), capture.read(), strict=True):
                    routing.write(stream, rest)
