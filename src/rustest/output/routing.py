"""Where output goes during a run: to the test that makes it, and to nobody in particular where no test does.

While a run goes on, routed streams stand in the place of `sys.stdout` and `sys.stderr`. Each write looks for its
owner: by context, which tasks and callbacks inherit; threads that a test starts are given that one variable. What is
written where no owner is known belongs to the one test that runs, if there is nothing in flight beside it.

A run may be part of a test of another one. Then there are two routings, and what the inner one has no use for goes to
the streams that it found, which are the outer one's.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby

from rustest.model.events import OutputEvent, StrayOutput, WarningIssued
from rustest.model.hints import TYPE_CHECKING, TextIO, cast
from rustest.model.output import Stream
from rustest.model.record import NamedTuple
from rustest.output.owner import LOCK, OWNER, Owner, text_of
from rustest.output.replacement import Replacement
from rustest.output.sealed_input import sealed_input
from rustest.output.streams import RoutedStream, put_through

if TYPE_CHECKING:
    from rustest.output.descriptors import Diversion

_NAMES = {Stream.STDOUT: "stdout", Stream.STDERR: "stderr"}


class Stray(NamedTuple):
    """What was written at once and belongs to no test."""

    stream: Stream
    data: bytes
    origin: str
    """Whose code wrote it, where that is known: a fixture of a wider scope, or a test that has ended."""


class Routing:
    """What one run does with the output of its tests: keep it for their reports, or let it go where it goes."""

    def __init__(self, *, keeps: bool, descends: bool = False) -> None:
        self.keeps = keeps
        self._descends = descends
        """Whether what comes to the descriptors is taken as well."""
        self._diversions: list[Diversion] = []
        self.alone: Owner | None = None
        """The test that has the process for itself, and so owns what has no owner; None while several are in flight."""
        self.streams = Replacement(self._stand_in)
        """In use for the whole run, or else while a test captures what it writes."""
        self._usual: dict[Stream, TextIO | None] = {}
        """What leads where output would go without rustest."""
        self._undoing = ExitStack()
        self._covered: set[str] = set()
        self.loose: list[Stray | WarningIssued] = []
        """The warnings, and what is no test's, of which no event has told yet."""
        self._nobody = Owner("")
        self.take_warning: Callable[[WarningIssued, Owner | None], bool] = lambda warning, owner: False
        """Takes the warnings that are more than warnings, and says whether this is one."""
        self.take_thread_failure: Callable[[Owner | None, BaseException, str], bool] = lambda owner, exc, name: False
        """Takes what a thread of that name ended by, and says whether that will be told with its traceback."""
        self._process = os.getpid()
        self.tap: Callable[[str, Stream, bytes], None] | None = None
        """Told at once what a test of that name writes, where the process may die before its report is made."""

    def settle_in_fork(self) -> None:
        """Go on in a forked process as in the one before: what is written here is kept here."""
        self._process = os.getpid()
        for diversion in self._diversions:
            diversion.part_company()

    @property
    def owner(self) -> Owner | None:
        """Whom the code that asks belongs to."""
        return OWNER.get() or self.alone

    def write(self, stream: Stream, data: bytes) -> None:
        """File what was written under its owner."""
        if self._diversions:
            self.drain()
        self._file(stream, data)

    def _file(self, stream: Stream, data: bytes) -> None:
        owner = self.owner
        with LOCK:
            taker = owner.taker if owner is not None else None
            if not self._passes(stream, taker):
                if taker is not None:
                    taker.file(stream, data)
                    if self.tap is not None:
                        self.tap(taker.name, stream, data)
                else:
                    self.loose.append(Stray(stream, data, owner.name if owner is not None else ""))
                return
        if self._diversions and os.getpid() != self._process:
            self._write_to_parent(stream, data)
        else:
            put_through(self._usual.get(stream), data)

    def _write_to_parent(self, stream: Stream, data: bytes) -> None:
        """Write to the descriptor, from which the run reads that this process was forked from."""
        for diversion in self._diversions:
            if diversion.stream is stream:
                diversion.write(data)

    def _captured(self, stream: Stream) -> bytes | None:
        """What of it the test can still read whose code asks; None if it does not read."""
        return self.owner.captured(stream) if self.owner is not None else None

    def drain(self) -> None:
        """File what has come to the descriptors: it is the test's that runs alone, whoever's context this is."""
        for diversion in self._diversions:
            if written := diversion.read():
                with LOCK:
                    if self.alone is not None and self.alone.is_open:
                        self.alone.file(diversion.stream, written)
                    else:
                        self.loose.append(Stray(diversion.stream, written, ""))

    def begin(self, alone: Owner) -> None:
        """A test begins that has the process for itself."""
        if self._diversions:
            self.drain()
        self.alone = alone

    def end(self) -> None:
        """The test has ended that had the process for itself, if one had."""
        if self._diversions:
            self.drain()
        self.alone = None

    def _passes(self, stream: Stream, taker: Owner | None) -> bool:
        """Whether it goes where it would go without rustest; in a child process nobody reads reports."""
        if self not in _OPEN or os.getpid() != self._process:
            return True
        if taker is None:
            return not self.keeps
        return (taker.is_aside and stream is not Stream.LOG) or not (self.keeps or taker.captured_from is not None)

    def warn(self, warning: WarningIssued) -> None:
        """Keep a warning for the report, once for each place and test."""
        owner = self.owner
        taker = owner.taker if owner is not None else None
        found = warning._replace(id=taker.name if taker is not None else None)
        with LOCK:
            giver = taker or self._nobody
            if giver.is_new(found) and not self.take_warning(found, owner) and not giver.is_told(found):
                self.loose.append(found)

    def strays(self, at: float) -> Iterator[OutputEvent]:
        """What there is to tell that is no test's, and the warnings; each of it once."""
        with LOCK:
            loose, self.loose = self.loose, []
        for key, group in groupby(loose, key=_origin):
            if key is None:
                yield from cast("Iterator[WarningIssued]", group)
            else:
                data = b"".join(stray.data for stray in cast("Iterator[Stray]", group))
                yield StrayOutput(key[0], text_of(data), at, key[1])

    def leave_loose(self, owner: Owner) -> None:
        """Give up an owner whose output is nobody's after all."""
        with LOCK:
            self.loose += (Stray(stream, data, owner.name) for _, stream, data in owner.close())

    # --- the time of a run ----------------------------------------------------------------------------------

    @contextmanager
    def open(self) -> Generator[None]:
        """Route what is written while the block runs."""
        outer = OWNER.set(None)
        _OPEN.append(self)
        try:
            with self._undoing:
                if self._descends:
                    self._divert()
                if self.keeps:
                    self._undoing.enter_context(self.streams.in_use())
                    self._undoing.enter_context(sealed_input())
                self.cover()
                yield
        finally:
            _OPEN.remove(self)
            OWNER.reset(outer)
            self.let_out()

    def cover(self) -> None:
        """Reach threads and logging too, if somebody has imported them meanwhile.

        Importing them for the purpose would cost every run its time.
        """
        for module, find in _REACHED_LATER.items():
            if module in sys.modules and module not in self._covered:
                self._covered.add(module)
                self._undoing.enter_context(find().in_use())

    def _divert(self) -> None:
        from rustest.output.descriptors import DESCRIPTORS, diverted

        for stream in DESCRIPTORS:
            usual = cast("TextIO | None", getattr(sys, _NAMES[stream]))
            if usual is not None:
                usual.flush()  # what was written before
            self._diversions.append(self._undoing.enter_context(diverted(stream)))
        self._undoing.callback(self._diversions.clear)
        self._undoing.callback(self.drain)

    def let_out(self) -> None:
        """Write what no event told of to the usual streams, so that it is not lost."""
        loose, self.loose = self.loose, []
        for stray in loose:
            if isinstance(stray, Stray):
                put_through(self._usual.get(stray.stream, sys.__stderr__), stray.data)

    @contextmanager
    def _stand_in(self) -> Generator[None]:
        found = {stream: cast("TextIO | None", getattr(sys, name)) for stream, name in _NAMES.items()}
        self._usual = found | {one.stream: one.outside for one in self._diversions if one.takes(found[one.stream])}
        routed = {stream: RoutedStream(stream, found[stream], self.write, self._captured) for stream in _NAMES}
        for stream, name in _NAMES.items():
            setattr(sys, name, routed[stream])
        try:
            yield
        finally:
            for stream, name in _NAMES.items():
                if getattr(sys, name) is routed[stream]:  # else somebody has put another there, which is his to undo
                    setattr(sys, name, found[stream])

    @contextmanager
    def put_aside(self) -> Generator[None]:
        """Have the usual streams back for the block, for whoever talks to the user: a debugger."""
        routed = {name: cast("TextIO", getattr(sys, name)) for name in _NAMES.values()}
        for stream, name in _NAMES.items():
            setattr(sys, name, self._usual.get(stream, routed[name]))
        try:
            yield
        finally:
            for name, found in routed.items():
                setattr(sys, name, found)


_OPEN: list[Routing] = []
"""The routings of the runs that go on, the innermost last."""


def current_routing() -> Routing:
    """The routing of the innermost run that goes on; one that passes everything on where there is none."""
    return _OPEN[-1] if _OPEN else Routing(keeps=False)


def drain_descriptors() -> None:
    """Have the innermost run file what has come to the descriptors."""
    if _OPEN:
        _OPEN[-1].drain()


def filing_routing() -> Routing | None:
    """The innermost routing that keeps what it is given."""
    return next((routing for routing in reversed(_OPEN) if routing.keeps), None)


def _origin(loose: Stray | WarningIssued) -> tuple[Stream, str] | None:
    return (loose.stream, loose.origin) if isinstance(loose, Stray) else None


def _threads() -> Replacement:
    from rustest.output.threads import THREADS

    return THREADS


def _calls() -> Replacement:
    from rustest.output.threads import CALLS

    return CALLS


def _logs() -> Replacement:
    from rustest.output.logs import LOGS

    return LOGS


_REACHED_LATER = {"threading": _threads, "concurrent.futures": _calls, "logging": _logs}
