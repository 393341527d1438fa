"""The ledger of a run: every planned test gets exactly one `TestFinished`, whatever happens."""

import time
from collections.abc import Iterator
from typing import assert_never

from rustest.model.events import Emit, Interrupted, StopReason, TestFinished, TestStarted
from rustest.model.failure import Failure
from rustest.model.outcome import Note, Outcome, Verdict
from rustest.model.plan import Plan, ProblemStep, SkipStep

_NEVER_RAN = "the run ended before it"


class Ledger:
    """Writes down who started and who ended, tells the reporters, and knows when it is enough."""

    def __init__(self, plan: Plan, maxfail: int, emit: Emit) -> None:
        self.stop_reason: StopReason | None = None
        """Why the run is to end early; None while it goes on."""
        self._plan = plan
        self._maxfail = maxfail
        self._emit = emit
        self._began = time.monotonic()
        self._started: dict[str, float] = {}
        self._finished: set[str] = set()
        self._bad = 0

    def start(self, node_id: str) -> None:
        """A test's set-up begins."""
        self._started[node_id] = at = time.monotonic() - self._began
        self._emit(TestStarted(node_id, at))

    def finish(self, node_id: str, outcome: Outcome) -> None:
        """A test has its verdict; a second one is ignored."""
        if node_id in self._finished:
            return
        self._finished.add(node_id)
        at = time.monotonic() - self._began
        self._emit(TestFinished(node_id, outcome, at, at - self._started.pop(node_id, at)))
        if outcome.verdict.is_bad:
            self._bad += 1
            if self._bad == self._maxfail:
                self.stop(StopReason.MAXFAIL)

    def settle(self, step: SkipStep | ProblemStep) -> None:
        """Write down a step that needs no running."""
        match step:
            case SkipStep():
                self.finish(step.item.id, Outcome(step.verdict, step.reason))
            case ProblemStep():
                self.finish(step.item.id, Outcome(Verdict.ERROR, failures=(step.failure,)))
            case _:
                assert_never(step)

    def stop(self, reason: StopReason) -> None:
        """End the run early, and name who runs now; only the first reason counts."""
        if self.stop_reason is None:
            self.stop_reason = reason
            self._emit(Interrupted(reason, tuple(self._started)))

    def finish_rest(self) -> None:
        """Write down the tests that the run never came to, or did not see end."""
        for node_id in self._unfinished():
            reason = self.stop_reason.value if self.stop_reason else _NEVER_RAN
            self.finish(node_id, Outcome(Verdict.NOT_RUN, reason))

    def finish_stuck(self, node_id: str, failure: Failure) -> None:
        """Write down a test that holds the process for good."""
        self.finish(node_id, Outcome(Verdict.TIMED_OUT, failures=(failure,), notes=frozenset({Note.STUCK})))

    def _unfinished(self) -> Iterator[str]:
        for window in self._plan.windows:
            for step in window.steps:
                if step.item.id not in self._finished:
                    yield step.item.id
