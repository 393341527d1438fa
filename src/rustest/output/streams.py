"""The streams that stand in the place of `sys.stdout` and `sys.stderr` while tests run."""

import io
from collections.abc import Callable

from rustest.model.hints import TextIO, cast
from rustest.model.output import Stream

Write = Callable[[Stream, bytes], None]
Captured = Callable[[Stream], bytes | None]


class RoutedBuffer(io.BufferedIOBase):
    """Takes bytes and keeps none: they are routed as they come."""

    def __init__(self, stream: Stream, usual: TextIO | None, write: Write) -> None:
        self.usual = usual
        self.mode = "wb"
        self.name = f"<{stream.value}>"
        self._stream = stream
        self._write = write

    def write(self, data: object, /) -> int:
        """Route what was written; raises TypeError for what is not bytes-like."""
        written = data if type(data) is bytes else bytes(memoryview(cast("bytes", data)))
        if written:
            self._write(self._stream, written)
        return len(written)

    def flush(self) -> None:
        """Have written out what passes through; anything else was taken at once."""
        if self.usual is not None and not self.usual.closed:
            self.usual.flush()

    @property
    def closed(self) -> bool:
        """Say no: it belongs to all tests, and one that closes it closes nothing."""
        return False

    def close(self) -> None:
        """Stay open."""

    def writable(self) -> bool:
        """Say yes."""
        return True

    def fileno(self) -> int:
        """The descriptor of the stream that usually stands here; what is written there goes past the tests' reports."""
        if self.usual is None:
            raise io.UnsupportedOperation("fileno")
        return self.usual.fileno()

    def detach(self) -> io.RawIOBase:
        """Refuse: there is nothing beneath."""
        raise io.UnsupportedOperation("detach")


class RoutedStream(io.TextIOWrapper):
    """Text in UTF-8, with escapes for what that cannot hold, and no bytes of which are ever held back."""

    def __init__(self, stream: Stream, usual: TextIO | None, write: Write, captured: Captured) -> None:
        super().__init__(
            RoutedBuffer(stream, usual, write), "utf-8", "backslashreplace", newline="", write_through=True
        )
        self._stream = stream
        self._captured = captured

    @property
    def getvalue(self) -> Callable[[], str]:
        """Gives what the test has written here and not read, as with pytest's `capsys`; AttributeError without it."""
        captured = self._captured(self._stream)
        if captured is None:
            raise AttributeError("getvalue is there only while the test reads what it writes: ask for capsys")
        return lambda: captured.decode("utf-8", "backslashreplace")

    def isatty(self) -> bool:
        """Say no: a report is no terminal."""
        return False

    def reconfigure(self, **options: object) -> None:
        """Change nothing: all tests share this stream."""

    def close(self) -> None:
        """Stay open, for the same reason."""

    def detach(self) -> io.RawIOBase:  # type: ignore[override]
        """Refuse, for the same reason."""
        raise io.UnsupportedOperation("detach")


def put_through(usual: TextIO | None, data: bytes) -> None:
    """Write to the stream that usually stands there; where a descriptor was closed from the start, there is none."""
    if usual is None:
        return
    buffer = getattr(usual, "buffer", None)
    if buffer is None:
        usual.write(data.decode("utf-8", "backslashreplace"))
    else:
        usual.flush()  # what was written there as text comes first
        buffer.write(data)
    usual.flush()  # nobody else will, and the user may be waiting for it
