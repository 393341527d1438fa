"""Who owns what a piece of code prints, logs and warns of: found by context, and so in every task and callback."""

from _thread import RLock
from collections.abc import Sequence
from contextvars import ContextVar
from itertools import groupby

from rustest.model.failure import Frame, Phase
from rustest.model.hints import TYPE_CHECKING
from rustest.model.output import Output, Stream
from rustest.model.record import NamedTuple

if TYPE_CHECKING:
    from threading import Thread
    from weakref import ref

LOCK = RLock()
"""Held while a piece is filed or taken out: threads write too, and signal handlers in the middle of a write."""


class Piece(NamedTuple):
    """What was written at once."""

    phase: Phase
    stream: Stream
    data: bytes


class Owner:
    """Whoever code runs for: a test, a fixture of a wider scope, or a file that is imported.

    Most own nothing that is ever written, so what a piece needs is made with the first one.
    """

    heir: "Owner | None" = None
    """Who takes in its place what it writes, while there is somebody."""
    is_open = True
    """Whether it still takes output: not when its results are out, though its threads may go on."""
    captured_from: int | None = None
    """How many pieces it had when the test began to read what it writes to stdout and stderr; None if it does not."""
    is_aside = False
    """Whether its output is to go straight to where it would go without rustest."""
    _warned: set[tuple[object, ...]] | None = None
    _told_before: frozenset[tuple[object, ...]] = frozenset()
    """What earlier attempts have warned of."""

    def __init__(self, name: str, phase: Phase = Phase.SETUP) -> None:
        self.name = name
        self.phase = phase
        self.threads: Sequence[ref[Thread]] = ()
        """The threads that it has started itself; those of pools are the pools'."""
        self.folder: str | None = None
        """Where the process was before its code went elsewhere; None where it has not gone."""
        self._pieces: list[Piece] | None = None

    def place(self) -> Frame | None:
        """Where its code is written, if that is one place."""
        return None

    @property
    def taker(self) -> "Owner | None":
        """Who takes what it writes just now; None where that belongs to nobody any more."""
        taker = self
        while taker.heir is not None:
            taker = taker.heir
        return taker if taker.is_open else None

    def file(self, stream: Stream, data: bytes) -> None:
        """Keep what was written, with the phase that it was written in."""
        with LOCK:
            if self._pieces is None:
                self._pieces = []
            self._pieces.append(Piece(self.phase, stream, data))

    def written(self) -> str:
        """What it has printed and logged so far that waits for its report."""
        with LOCK:
            return "".join(text_of(piece.data) for piece in self._pieces or ())

    @property
    def length(self) -> int:
        """How many pieces it has."""
        return len(self._pieces or ())

    def take_written(self, since: int) -> list[Piece]:
        """Take out what was written to stdout and stderr since there were so many pieces; what was logged stays."""
        with LOCK:
            recent = (self._pieces or [])[since:]
            if self._pieces:
                self._pieces[since:] = [piece for piece in recent if piece.stream is Stream.LOG]
        return [piece for piece in recent if piece.stream is not Stream.LOG]

    def captured(self, stream: Stream) -> bytes | None:
        """What was written there that the test can read still; None if it does not read."""
        with LOCK:
            if self.captured_from is None:
                return None
            pieces = (self._pieces or [])[self.captured_from :]
        return b"".join(piece.data for piece in pieces if piece.stream is stream)

    def close(self) -> Sequence[Piece]:
        """Take no more, and give what there is."""
        with LOCK:
            self.is_open = False
            pieces, self._pieces = self._pieces, None
        return pieces or ()

    def is_new(self, warning: tuple[object, ...]) -> bool:
        """Whether that warning was not yet given by this owner; from now on it was."""
        with LOCK:
            if self._warned is None:
                self._warned = set()
            size = len(self._warned)
            self._warned.add(warning)
            return len(self._warned) > size

    def go_on_for(self, earlier: "Owner") -> None:
        """Be another attempt at the same test: what that one has warned of need not be told again."""
        self._told_before = earlier._told_before | (earlier._warned or frozenset())

    def is_told(self, warning: tuple[object, ...]) -> bool:
        """Whether an earlier attempt has given that warning."""
        return warning in self._told_before


OWNER: ContextVar[Owner | None] = ContextVar("rustest_owner", default=None)
"""Set in the context of each test, and so inherited by its tasks and callbacks; threads are given it, and only it."""


def owner_here() -> Owner:
    """The test or fixture whose context this is; raises LookupError where there is none."""
    owner = OWNER.get()
    if owner is None:
        raise LookupError("no test runs here: whose output is meant?")
    return owner


def text_of(data: bytes) -> str:
    """What was written, as text; what is no UTF-8 becomes escapes."""
    return data.decode("utf-8", "backslashreplace")


def sections(pieces: Sequence[Piece]) -> tuple[Output, ...]:
    """The pieces as text, neighbours of one phase and stream joined before they are decoded."""
    if not pieces:
        return ()
    return tuple(
        Output(phase, stream, text_of(b"".join(piece.data for piece in group)))
        for (phase, stream), group in groupby(pieces, key=lambda piece: (piece.phase, piece.stream))
    )
