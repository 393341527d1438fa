"""Events: what a run tells its reporters while it goes on. They hold no live objects.

A run is `RunStarted`, then for each planned test at most one `TestStarted` and exactly one `TestFinished`, with
`TestSetAside` between those two where it is run again because others were beside it and `TestConfirmed` after that if
it comes to the same alone, `ProblemFound`, `FileSkipped`, `StrayOutput`, `WarningIssued`, `Interrupted` and, where they
are asked for, `Standing`, `FixtureSetUp` and `FixtureTornDown` anywhere between, then `RunFinished`. Only a
`ReporterFailed` may come before the first event and after the last. Times are seconds since the run started.
"""

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType

from rustest.model.choices import Shard
from rustest.model.errors import Terminated
from rustest.model.failure import Frame, Phase
from rustest.model.hints import Protocol
from rustest.model.item import Problem, SkippedFile
from rustest.model.outcome import Outcome
from rustest.model.output import Output, Stream
from rustest.model.properties import Property
from rustest.model.record import NamedTuple
from rustest.model.scope import ScopeInstance


class RunStarted(NamedTuple):
    """The plan is made, the first test is about to start."""

    total: int
    deselected: int
    rootdir: str
    durations: Mapping[str, float] = MappingProxyType({})
    """How long tests took in earlier runs, by node id, in seconds; for those that are known."""
    files: Mapping[str, int] = MappingProxyType({})
    """How many tests each file has, in the order of the run."""
    expected: float | None = None
    """How long the tests will take by those durations, overlap considered, in seconds; None where too little is known.
    """
    note: str = ""
    """What was chosen or ordered by earlier runs or by chance, in words, a line for each."""
    shard: Shard | None = None
    """Which part of the suite it is; None for all of it."""


class TestStarted(NamedTuple):
    """A test's set-up begins."""

    id: str
    at: float


class TestSetAside(NamedTuple):
    """A test has failed beside others and will be run once more, alone, before it has its verdict."""

    id: str
    at: float


class TestConfirmed(NamedTuple):
    """A test that was set aside has come to the same verdict alone."""

    id: str
    at: float


class TestFinished(NamedTuple):
    """A test has its verdict; `duration` covers set-up, body and teardown, and is 0 for one that never started."""

    id: str
    outcome: Outcome
    at: float
    duration: float
    output: tuple[Output, ...] = ()
    """What it printed and logged, by phase and stream."""
    properties: tuple[Property, ...] = ()
    """What it recorded of itself."""
    xml_attributes: tuple[Property, ...] = ()
    """What it wants to have in its element of a JUnit file."""
    waited: float = 0.0
    """How much of the duration its neighbours held the thread, and it could not go on."""

    @property
    def took(self) -> float:
        """How long the test itself took, in seconds: its neighbours' work is none of its own."""
        return max(0.0, self.duration - self.waited)


class StrayOutput(NamedTuple):
    """Something was printed or logged that belongs to no test."""

    stream: Stream
    text: str
    at: float
    origin: str = ""
    """Whose code wrote it, where that is known: a fixture, a test that had ended, or the file that was imported."""


class WarningIssued(NamedTuple):
    """A warning was given that no filter silences, by a test or, where `id` is None, by nobody in particular."""

    id: str | None
    category: str
    """The warning's class as a traceback names it: `DeprecationWarning`, `httpx.SomeWarning`."""
    message: str
    file: str
    line: int


class FixtureSetUp(NamedTuple):
    """A set-up has ended; if it went well, a `FixtureTornDown` will follow."""

    fixture: str
    param: str | None
    """What stands in node ids for the param that it is set up with; None where it has none."""
    instance: ScopeInstance
    """How long it lives: in function scope, for the test of that id."""
    failed: bool


class FixtureTornDown(NamedTuple):
    """A teardown has ended, well or badly, and so has the fixture's life."""

    fixture: str
    param: str | None
    instance: ScopeInstance
    failed: bool


class ProblemFound(NamedTuple):
    """Something other than a test went wrong: a file that cannot be imported, a fixture left over at the end."""

    problem: Problem


class StopReason(enum.Enum):
    """Why a run ended before its plan did; the value is what users read."""

    USER = "interrupted"
    TERMINATED = "stopped by SIGTERM"
    MAXFAIL = "stopped at the limit of failures"
    BLOCKED = "stopped: a test holds the process, and no signal ends it"
    DEPARTED = "stopped: the process is ended from within"
    INCOMPLETE = "no test is run, for not all could be collected; with --continue-on-collection-errors the others are"
    UNPREPARED = (
        "no test is run: a file that the command line names, or a conftest.py above the tests, cannot be collected"
    )


def reason_of(interrupt: KeyboardInterrupt) -> StopReason:
    """Why a run is to end that this has come up in."""
    return StopReason.TERMINATED if isinstance(interrupt, Terminated) else StopReason.USER


class Whereabouts(NamedTuple):
    """A test that runs, and how far it is."""

    name: str
    """Its node id; or `fixture db` for a fixture of a wider scope that holds the thread."""
    age: float
    """Seconds since it started."""
    phase: Phase
    frames: tuple[Frame, ...]
    """Where it waits or works, innermost first, the user's frames only."""


class Standing(NamedTuple):
    """Somebody has asked what runs now."""

    at: float
    running: tuple[Whereabouts, ...]
    """Oldest first."""


class FileSkipped(NamedTuple):
    """A test file skipped itself as it was imported, so that nobody knows its tests."""

    skipped: SkippedFile


class Interrupted(NamedTuple):
    """The run ends before its plan does; these tests were running."""

    reason: StopReason
    running: tuple[str, ...] = ()
    wish: str = ""
    """What has asked for it, where that was a test, a fixture or a hook, in words."""
    status: int | None = None
    """The exit status that it asks for."""
    where: tuple[Whereabouts, ...] = ()
    """Where they were when the user asked for it; empty where that is not known."""


class ReporterFailed(NamedTuple):
    """A reporter raised and was switched off."""

    reporter: str
    message: str


class RunFinished(NamedTuple):
    """Nothing more will happen."""

    duration: float
    properties: tuple[Property, ...] = ()
    """What was recorded of the run as a whole."""
    worked: float = 0.0
    """For how many seconds this process held a processor for the tests, from the first to the last; its children's time
    is not in it."""


OutputEvent = StrayOutput | WarningIssued
RunEvent = RunStarted | ProblemFound | FileSkipped | Standing | Interrupted | ReporterFailed | RunFinished
FixtureEvent = FixtureSetUp | FixtureTornDown
Event = TestStarted | TestSetAside | TestConfirmed | TestFinished | FixtureEvent | OutputEvent | RunEvent
Emit = Callable[[Event], None]


class Audience(Protocol):
    """Who is told of a run: an `Emit` that can say beforehand what need not be told."""

    def __call__(self, event: Event, /) -> None:
        """Hear of an event."""
        ...

    def hears(self, kind: type[Event]) -> bool:
        """Whether anybody listens to events of that kind."""
        ...
