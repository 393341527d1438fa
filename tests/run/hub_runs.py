"""A hub with loops on it, driven by hand; and what went wrong in a project's run, in words."""

import contextvars
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager

from rustest.model.outcome import Verdict
from rustest.model.report import Report
from rustest.run.hub.hub import Hub
from rustest.run.hub.loop import HubLoop
from rustest.run.hub.running import make_task
from rustest.run.tenant import Occupancy

PATIENCE = 10
"""Seconds after which a hub that still waits is taken to have missed a wake-up."""


class HubRun:
    """A hub, and the loops that were made on it."""

    def __init__(self) -> None:
        self.hub = Hub(Occupancy())
        self.loops: list[HubLoop] = []

    def new_loop(self, debug: bool | None = None) -> HubLoop:
        loop = self.hub.new_loop(debug)
        self.loops.append(loop)
        return loop

    def start(self, coroutine: Coroutine, loop: HubLoop | None = None):
        """A task for the coroutine, on a loop of its own unless one is given."""
        return make_task(loop or self.new_loop(), coroutine, contextvars.copy_context(), "a test")

    def finish(self, *tasks) -> list:
        """Run until these tasks have ended, and give their results."""
        timer = self.hub.call_at(time.monotonic() + PATIENCE, _give_up)
        self.hub.run_until(lambda: all(task.done() for task in tasks))
        timer.cancel()
        return [task.result() for task in tasks]

    def run(self, *coroutines: Coroutine) -> list:
        """Run these coroutines at once, each on a loop of its own."""
        return self.finish(*[self.start(coroutine) for coroutine in coroutines])

    def close(self) -> None:
        for loop in self.loops:
            if not loop.is_closed():
                loop.close()
        self.hub.close()


def _give_up() -> None:
    raise TimeoutError("the hub still waits")


@contextmanager
def hub_run() -> Iterator[HubRun]:
    run = HubRun()
    try:
        yield run
    finally:
        run.close()


def troubles(report: Report) -> dict[str, str]:
    """What did not pass, and why: empty for a green run of at least one test."""
    told = {
        node_id: f"{finished.outcome.verdict.value}: "
        + " | ".join([finished.outcome.reason, *(failure.headline for failure in finished.outcome.failures)])
        for node_id, finished in report.finished.items()
        if finished.outcome.verdict is not Verdict.PASSED
    }
    told |= {problem.where: problem.failure.headline for problem in report.problems}
    return told or ({} if report.finished else {"": "no test ran"})


def headlines(report: Report, node_id: str) -> list[str]:
    return [failure.headline for failure in report.outcome(node_id).failures]
