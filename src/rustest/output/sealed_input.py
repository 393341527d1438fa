"""What stands in the place of `sys.stdin` while output is captured: who sees no question cannot answer it."""

import io
import sys
from collections.abc import Generator
from contextlib import contextmanager

from rustest.model.hints import NoReturn

_REFUSAL = (
    "stdin is not to be read while rustest captures output, for nobody would see that a test waits: "
    "give the test an input of its own with monkeypatch.setattr('sys.stdin', ...), or run with -s"
)


class SealedInput(io.TextIOBase):
    """A stream that refuses to be read, as text and as bytes; it stays open, because all tests share it."""

    encoding = "utf-8"

    @property
    def buffer(self) -> "SealedInput":
        """The same for bytes."""
        return self

    def read(self, size: int | None = -1, /) -> NoReturn:
        """Raise OSError, as do all that read."""
        raise OSError(_REFUSAL)

    def readline(self, size: int = -1, /) -> NoReturn:  # type: ignore[override]
        """Raise OSError; iteration and `input()` come this way."""
        raise OSError(_REFUSAL)

    def close(self) -> None:
        """Stay open."""


@contextmanager
def sealed_input() -> Generator[None]:
    """Have `sys.stdin` refuse while the block runs; `sys.__stdin__` is left alone, for debuggers."""
    found, sealed = sys.stdin, SealedInput()
    sys.stdin = sealed
    try:
        yield
    finally:
        if sys.stdin is sealed:  # else somebody has put another there, which is his to undo
            sys.stdin = found
