"""How pytest takes failures apart to show them: plugins put reports of their own together from these parts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from rustest.model.failure import Failure


def _write(shown: object, tw: Any) -> None:
    """Write it."""
    tw.line(str(shown))


class ReprFileLocation(NamedTuple):
    """Where something was raised, and what it said."""

    path: str
    lineno: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.lineno}: {self.message}"

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        _write(self, tw)


class ReprEntry(NamedTuple):
    """One frame of a traceback."""

    lines: Sequence[str] = ()
    reprfuncargs: object = None
    reprlocals: object = None
    reprfileloc: ReprFileLocation | None = None
    style: str = "auto"

    def __str__(self) -> str:
        return "\n".join([*self.lines, *([str(self.reprfileloc)] if self.reprfileloc else ())])

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        _write(self, tw)


class ReprTraceback(NamedTuple):
    """The frames of a traceback."""

    reprentries: Sequence[ReprEntry] = ()
    extraline: str | None = None
    style: str = "auto"

    def __str__(self) -> str:
        return "\n".join(map(str, self.reprentries))

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        _write(self, tw)


class LongRepr(str):
    """What is to be said of a failure: where it was, and its message."""

    reprcrash: ReprFileLocation | None
    reprtraceback: ReprTraceback

    def __new__(cls, frames: Sequence[ReprFileLocation], message: str) -> "LongRepr":
        """Say it of the last of the frames."""
        crash = frames[-1]._replace(message=message) if frames else None
        text = super().__new__(cls, message if crash is None else str(crash))
        text.reprcrash = crash
        text.reprtraceback = ReprTraceback([ReprEntry(reprfileloc=frame) for frame in frames])
        return text

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        _write(self, tw)


def long_of(failure: Failure) -> LongRepr:
    """What is to be said of a failure."""
    message = f"{failure.type}: {failure.message}" if failure.type else failure.message
    return LongRepr([ReprFileLocation(frame.file, frame.line, frame.function) for frame in failure.frames], message)


class ExceptionChainRepr:
    """An exception and those that it came from, each with its frames, its place and what is to be said of it."""

    def __init__(self, chain: Sequence[tuple[ReprTraceback, ReprFileLocation | None, str | None]]) -> None:
        self.chain = chain
        self.reprtraceback, self.reprcrash, _ = chain[-1]

    def __str__(self) -> str:
        return "\n".join(said or str(traceback) for traceback, _, said in self.chain)

    def toterminal(self, tw: Any) -> None:
        """Write it."""
        _write(self, tw)
