"""Verdicts: how a test ended. Types, never texts to search."""

import enum

from rustest.model.failure import Failure, Frame
from rustest.model.record import NamedTuple


class Verdict(enum.Enum):
    """How a test ended; the value is the word that users read."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    """Set-up or teardown failed."""
    SKIPPED = "skipped"
    XFAILED = "xfailed"
    XPASSED = "xpassed"
    TIMED_OUT = "timed out"
    CRASHED = "crashed"
    NOT_RUN = "not run"

    __hash__ = object.__hash__  # enum's own, written in Python, shows in runs of many tests

    @property
    def is_bad(self) -> bool:
        """Whether a run with such a test is red."""
        return self in _BAD


_BAD = frozenset({Verdict.FAILED, Verdict.ERROR, Verdict.TIMED_OUT, Verdict.CRASHED})


class ExpectedFailure(NamedTuple):
    """An `xfail` mark whose condition holds."""

    reason: str
    raises: tuple[type[BaseException], ...] | None
    """Only these count as the expected failure; None takes any exception."""
    strict: bool
    """Whether passing fails the test."""
    is_confirmed: bool = False
    """Whether it has failed so alone, too, in an earlier run."""


class Note(enum.Enum):
    """What else is to be said of a test, whatever its verdict."""

    INTERFERED = "interfered"
    LEAKED = "leaked"
    STUCK = "stuck"
    SLOW = "slow"
    """A step of its held the loop for long."""
    FLAKY = "flaky"
    """It passed on a later attempt."""
    UNCONFIRMED = "unconfirmed"
    """It failed beside other tests, and so many had then failed again alone that it was not run again."""


class Block(NamedTuple):
    """A step of an async test that held the loop for long."""

    seconds: float
    frame: Frame | None
    """Where it was most of the time; None where that is not known."""
    waited: int
    """How many other tests were in flight."""


class Interference(NamedTuple):
    """A test failed while others were in flight, and passed when it was run once more, alone."""

    failures: tuple[Failure, ...]
    """What went wrong the first time."""
    neighbours: tuple[str, ...]
    """The tests that were in flight with it then, by node id."""


class Outcome(NamedTuple):
    """A verdict with all that led to it."""

    verdict: Verdict
    reason: str = ""
    """Why it was skipped, was expected to fail, or did not run."""
    failures: tuple[Failure, ...] = ()
    """What went wrong, in order: the body's failure, then those of teardowns."""
    notes: frozenset[Note] = frozenset()
    blocks: tuple[Block, ...] = ()
    """Its long steps, the longest first, one for each place."""
    earlier: tuple[tuple[Failure, ...], ...] = ()
    """The failures of each attempt before the last."""
    interference: Interference | None = None
    """What goes with the note `INTERFERED`."""


PASSED = Outcome(Verdict.PASSED)
