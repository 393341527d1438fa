"""How much of a suite's time is spent waiting: one run in which no test is beside another, in a process of its own."""

import json
import time
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rustest.child import CAN_FORK, call_in_child
from rustest.model.errors import UsageError
from rustest.model.events import Event, TestFinished, TestStarted
from rustest.model.plan import Lane, Plan
from rustest.model.settings import Settings
from rustest.report.fanout import NamedReporter
from rustest.session import run_session


class Stay(NamedTuple):
    """What one test took by itself, in seconds."""

    duration: float
    worked: float
    """How much of it the process worked."""
    is_bad: bool = False
    """Whether it went wrong, and so may have waited for less than it would."""

    @property
    def waited(self) -> float:
        """How much of it nothing here worked."""
        return max(0.0, self.duration - self.worked)


Stays = Mapping[str, Stay]


class _Meter:
    """A reporter that measures each test, where one runs at a time."""

    def __init__(self) -> None:
        self.stays: dict[str, Stay] = {}
        self._began = 0.0

    def __call__(self, event: Event) -> None:
        match event:
            case TestStarted():
                self._began = time.process_time()
            case TestFinished() if event.duration:
                worked = min(event.duration, time.process_time() - self._began)
                self.stays[event.id] = Stay(event.duration, worked, event.outcome.verdict.is_bad)
            case _:
                pass


def measure(settings: Settings) -> Stays:
    """Run the tests one after another in a child, and say what each took; raises UsageError where that cannot be."""
    if not CAN_FORK:
        raise UsageError("doctor --run needs a system that can fork")
    told = call_in_child(lambda: _run(settings))
    if not told:
        raise UsageError("doctor --run: the run has died; run `rustest` to see why")
    return {node_id: Stay(*stay) for node_id, stay in json.loads(told).items()}


def _run(settings: Settings) -> bytes:
    meter = _Meter()
    alone = settings._replace(concurrency=1, workers=0, max_reruns=0, maxfail=0, cache_dir="", cov=())
    run_session(alone, [NamedReporter("doctor", meter)])
    return json.dumps(meter.stays).encode()


def saved_by_overlap(plan: Plan, stays: Stays) -> float:
    """The seconds that overlap saves at best: tests that may overlap take as long as the longest, or as all work."""
    windows = (window for window in plan.windows if window.lane is Lane.OVERLAP)
    return sum(_saved([stays[step.item.id] for step in window.steps if step.item.id in stays]) for window in windows)


def _saved(stays: Iterable[Stay]) -> float:
    stays = list(stays)
    least = max(sum(stay.worked for stay in stays), max((stay.duration for stay in stays), default=0.0))
    return max(0.0, sum(stay.duration for stay in stays) - least)
