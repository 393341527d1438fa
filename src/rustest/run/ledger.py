"""The ledger of a run: every planned test gets exactly one `TestFinished`, whatever happens."""

import time
from collections.abc import Callable, Iterator, Sequence

from rustest.model.events import (
    Audience,
    Event,
    Interrupted,
    RunFinished,
    Standing,
    StopReason,
    TestFinished,
    TestSetAside,
    TestStarted,
)
from rustest.model.failure import Failure
from rustest.model.hints import assert_never
from rustest.model.outcome import PASSED, Note, Outcome, Verdict
from rustest.model.plan import Plan, ProblemStep, SkipStep
from rustest.model.properties import NOTHING, Recorded, as_properties
from rustest.model.record import NamedTuple, record_of
from rustest.model.settings import Settings
from rustest.output.owner import Owner, sections
from rustest.output.routing import Routing
from rustest.run.checks.findings import Findings
from rustest.run.checks.threads_left import file_threads
from rustest.run.tenant import real_time
from rustest.run.writing import Writing

_NEVER_RAN = "the run ended before it"
_NOT_STARTED = None, None


class Provisional(NamedTuple):
    """What is known of a test that has failed and is to be run once more."""

    outcome: Outcome
    recorded: Recorded
    owner: Owner
    took: float


class Ledger:
    """Writes down who started and who ended, tells the reporters, and knows when it is enough.

    Nearly all of that happens in the main thread. On the last rung of the ladder the watchdog's thread writes too, and
    a second Ctrl-C may come in the middle: neither must come between an entry and its being told.
    """

    def __init__(self, plan: Plan, settings: Settings, emit: Audience, began: float, routing: Routing) -> None:
        self.stop_reason: StopReason | None = None
        """Why the run is to end early; None while it goes on."""
        self._plan = plan
        self._maxfail = settings.maxfail
        self._emit = emit
        self._tells_starts = emit.hears(TestStarted)
        self._routing = routing
        self.findings = Findings(settings.strict, emit)
        routing.take_warning = self.findings.take_warning
        self._session_began = began
        self._began, self._processor_began = real_time(), time.process_time()
        self._running: dict[str, tuple[float, Owner | None]] = {}
        """The tests that have started and not ended: when each did, and who owns what is written in it."""
        self._waited: dict[str, float] = {}
        self._provisional: dict[str, Provisional] = {}
        self._finished: dict[str, None] = {}  # no set, which takes up to four times the memory
        self._bad = 0
        self.is_over = False
        """Whether the last event has been told."""
        self._writing = Writing(self.findings, routing, self._tell_strays)
        self.lock = self._writing.lock
        self.suite_properties: Sequence[object] = ()
        """What fixtures record of the run as a whole, told at its end."""
        self.is_partial = False
        """Whether it is that of a worker, and answers only for the tests that came to it."""

    def start(self, node_id: str, owner: Owner | None = None) -> None:
        """A test's set-up begins, or another attempt at it, which is not told.

        What that owner writes goes with the test's verdict.
        """
        if node_id in self._running:
            self._start_anew(node_id, owner)
            return
        at = real_time() - self._began
        if self._provisional and (first := self._provisional.get(node_id)) is not None:
            self._running[node_id] = at - first.took, first.owner
            self._start_anew(node_id, owner)
        elif not self._tells_starts:
            self._running[node_id] = at, owner
        else:
            with self._writing:
                self._running[node_id] = at, owner
                self._emit(TestStarted(node_id, at))

    def _start_anew(self, node_id: str, owner: Owner | None) -> None:
        at, earlier = self._running[node_id]
        if owner is not None:
            if earlier is not None:
                owner.go_on_for(earlier)
            self._running[node_id] = at, owner

    def note_wait(self, node_id: str, seconds: float) -> None:
        """For so long a test's neighbours have held the thread while an attempt at it was under way."""
        waited = self._waited
        waited[node_id] = waited[node_id] + seconds if node_id in waited else seconds

    def judge(self, node_id: str, outcome: Outcome) -> Outcome:
        """The outcome of an attempt with what has been found of it by now."""
        if not self.findings.found:  # as in nearly all runs
            return outcome
        with self._writing:
            return self.findings.judge(node_id, outcome)

    def finish(self, node_id: str, outcome: Outcome, recorded: Recorded = NOTHING) -> None:
        """A test has its verdict; a second one is ignored."""
        self._writing.begin()
        try:
            began, owner = self._running.pop(node_id, _NOT_STARTED)
            if began is None and node_id in self._finished:
                return
            self._finished[node_id] = None
            at = real_time() - self._began
            took = 0.0 if began is None else at - began
            waited = self._waited.pop(node_id, 0.0) if self._waited else 0.0
            first = self._provisional.pop(node_id, None) if self._provisional else None
            if owner is not None and owner.threads:
                file_threads(owner, self.findings)
            if self.findings.found:
                outcome = self.findings.judge(node_id, outcome)
            pieces = () if owner is None else owner.close()
            if first is not None:
                first.owner.close()  # with what is not told of it
            if not pieces and recorded is NOTHING:  # as of most tests
                self._emit(record_of(TestFinished, (node_id, outcome, at, took, (), (), (), waited)))
            else:
                self._emit(TestFinished(node_id, outcome, at, took, sections(pieces), *recorded, waited))
        finally:
            self._writing.end()
        if outcome is not PASSED:  # `is` spares most tests the rest
            self._count(outcome)

    def _count(self, outcome: Outcome) -> None:
        if outcome.verdict.is_bad:
            self._bad += 1
            if self._bad == self._maxfail:
                self.stop(Interrupted(StopReason.MAXFAIL))

    def count_from(self, began: float) -> None:
        """Count the seconds of the run from that moment of `time.monotonic`."""
        self._began = began

    def pass_on(self, event: TestStarted | TestFinished) -> None:
        """Write down and tell what a worker has seen of a test; what comes after its verdict is ignored."""
        if event.id in self._finished:
            return
        with self._writing:
            if isinstance(event, TestStarted):
                self._running[event.id] = event.at, None
            else:
                self._finished[event.id] = None
                self._running.pop(event.id, None)
            self._emit(event)
        if isinstance(event, TestFinished):
            self._count(event.outcome)

    def forget_start(self, node_id: str) -> None:
        """A test has not ended, and will start anew."""
        self._running.pop(node_id, None)

    def set_aside(self, owner: Owner, outcome: Outcome, recorded: Recorded) -> float:
        """The test that this one owns is to be run once more; should the run end before that, this is its outcome.

        Gives how long the test has taken, in seconds.
        """
        began, _ = self._running.pop(owner.name)
        took = self.now() - began
        self._provisional[owner.name] = Provisional(outcome, recorded, owner, took)
        self.tell(TestSetAside(owner.name, self.now()))
        return took

    def keep_first(self, node_id: str) -> Provisional:
        """What the first attempt wrote goes with the test's verdict."""
        first = self._provisional[node_id]
        began, _ = self._running.get(node_id) or (self.now() - first.took, None)
        self._running[node_id] = began, first.owner
        return first

    def is_enough(self, more: int) -> bool:
        """Whether so many more failures will end the run."""
        return self._maxfail > 0 and self._bad + more >= self._maxfail

    def running(self) -> tuple[tuple[str, float], ...]:
        """The tests that have started and not ended, oldest first, each with its age in seconds."""
        now = self.now()
        return tuple((node_id, now - at) for node_id, (at, _) in tuple(self._running.items()))

    def now(self) -> float:
        """Seconds since the run started."""
        return real_time() - self._began

    def is_finished(self, node_id: str) -> bool:
        """Whether the test has its verdict."""
        return node_id in self._finished

    def settle(self, step: SkipStep | ProblemStep) -> None:
        """Write down a step that needs no running."""
        match step:
            case SkipStep():
                self.finish(step.item.id, Outcome(step.verdict, step.reason))
            case ProblemStep():
                self.finish(step.item.id, Outcome(Verdict.ERROR, failures=(step.failure,)))
            case _:
                assert_never(step)

    def stop(self, ending: Interrupted) -> None:
        """End the run early for that, and name who runs now; only the first reason counts."""
        if self.stop_reason is None:
            with self._writing:
                if (told := self.cut_short(ending)) is not None:
                    self._emit(told)

    def cut_short(self, ending: Interrupted) -> Interrupted | None:
        """The same, and what is to be told of it now or soon; None where the run ends already."""
        if self.stop_reason is not None or self.is_over:
            return None
        self.stop_reason = ending.reason
        return ending._replace(running=tuple(self._running))

    def tell(self, event: Event) -> None:
        """Tell the reporters of something that is no test's business."""
        with self._writing:
            self._emit(event)

    def answer(self, standing: Standing) -> None:
        """Tell what runs now, to somebody who has asked; not when the run is over."""
        with self._writing:
            if not self.is_over:
                self._emit(standing)

    def when_told(self, call: Callable[[], object]) -> None:
        """Make a call when no event is on its way to the reporters."""
        self._writing.then(call)

    def _tell_strays(self) -> None:
        """Tell what was printed and warned of since the last event: now, so that the order is that of time."""
        for event in self._routing.strays(real_time() - self._began):
            self._emit(event)

    def end(self) -> None:
        """Write down the tests that the run never came to, or did not see end, and that it is over."""
        for node_id in tuple(self._provisional):
            first = self.keep_first(node_id)
            self.finish(node_id, first.outcome, first.recorded)
        for node_id in self._unfinished():
            reason = self.stop_reason.value if self.stop_reason else _NEVER_RAN
            self.finish(node_id, Outcome(Verdict.NOT_RUN, reason))
        if not self.is_over:
            with self._writing:
                self.is_over = True
                duration = real_time() - self._session_began
                worked = time.process_time() - self._processor_began
                self._emit(RunFinished(duration, as_properties(self.suite_properties), worked))

    def finish_stuck(self, node_id: str, failure: Failure, recorded: Recorded) -> None:
        """Write down a test that holds the process for good."""
        outcome = Outcome(Verdict.TIMED_OUT, failures=(failure,), notes=frozenset({Note.STUCK}))
        self.finish(node_id, outcome, recorded)

    def _unfinished(self) -> Iterator[str]:
        if self.is_partial:
            yield from tuple(self._running)
            return
        if len(self._finished) == self._plan.total:
            return
        for window in self._plan.windows:
            for step in window.steps:
                if step.item.id not in self._finished:
                    yield step.item.id
