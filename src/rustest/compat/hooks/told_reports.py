"""Reports of tests that ran in workers, told to the plugins of the process that sent them there.

Workers call the hooks around tests, this one included. What plugins gather for the whole run they gather here.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rustest.compat.hooks.items import Item
from rustest.compat.hooks.representations import long_of
from rustest.compat.hooks.test_reports import WHEN, CallInfo, TestReport
from rustest.model.events import TestFinished
from rustest.model.failure import Failure, Phase
from rustest.model.outcome import Verdict

if TYPE_CHECKING:
    from rustest.compat.hooks.stages import PytestHooks

_PHASES = (Phase.SETUP, Phase.CALL, Phase.TEARDOWN)


def tell_reports(event: TestFinished, hooks: "PytestHooks") -> None:
    """Call the hooks that are told of a test's phases, as if they had just ended."""
    item = hooks.tree.known(event.id)
    if item is None or event.outcome.verdict is Verdict.NOT_RUN:
        return
    config = hooks.run_config
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in _reports(item, event):
        item.ihook.pytest_runtest_logreport(report=report)
        hooks.terminal.keep(report, item.ihook.pytest_report_teststatus(report=report, config=config))
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)


def _reports(item: Item, event: TestFinished) -> Iterator[TestReport]:
    outcome = event.outcome
    failures = {failure.phase: failure for failure in reversed(outcome.failures)} if outcome.verdict.is_bad else {}
    for phase in _PHASES:
        call: CallInfo[None] = CallInfo(None, None, WHEN[phase], event.duration if phase is Phase.CALL else 0.0)
        is_last = Phase.SETUP in failures or outcome.verdict is Verdict.SKIPPED
        if phase is Phase.CALL and is_last:
            continue
        report = TestReport(item, call, *_said(item, event, phase, failures.get(phase)))
        report.user_properties[:] = [(one.name, one.value) for one in event.properties]
        report.sections = [
            (f"Captured {output.stream.value} {WHEN[phase]}", output.text)
            for output in event.output
            if output.phase is phase
        ]
        if phase is Phase.CALL and outcome.verdict in (Verdict.XFAILED, Verdict.XPASSED):
            report.wasxfail = outcome.reason
        yield report


def _said(item: Item, event: TestFinished, phase: Phase, failure: Failure | None) -> tuple[str, Any]:
    """What the phase came to, and what is to be said of it."""
    if failure is not None:
        return "failed", long_of(failure)
    if phase is Phase.CALL and event.outcome.verdict is Verdict.XFAILED:
        return "skipped", next(map(long_of, event.outcome.failures), event.outcome.reason)
    if phase is Phase.SETUP and event.outcome.verdict is Verdict.SKIPPED:
        file, line, _ = item.location
        return "skipped", (file, (line or 0) + 1, f"Skipped: {event.outcome.reason}")
    return "passed", None
