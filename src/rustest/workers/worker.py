"""A worker: runs what it is told to, and tells what happens, in a process of its own."""

import atexit
import faulthandler
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn, cast

from rustest.model.events import Event, Interrupted, RunFinished, Standing, StopReason, TestFinished, TestStarted
from rustest.model.failure import Phase, problem
from rustest.model.outcome import Verdict
from rustest.model.output import Stream
from rustest.model.plan import ProblemStep, RunStep, Step, Window
from rustest.model.settings import Settings
from rustest.model.worker_names import Seat, worker_name
from rustest.run.runner import serve_plan
from rustest.run.station import Order, Station
from rustest.run.tenant import Tenant
from rustest.workers.channel import pack, receive
from rustest.workers.recorder import NOBODY, Recorder
from rustest.workers.work import Farewell, Task, Work

_A_WHILE = 0.005
"""Seconds for which messages are gathered before they are sent."""

_ENDS_ALL = (StopReason.USER, StopReason.TERMINATED)

_STRANGE = (
    "a worker that was spawned did not find this test when it collected for itself: "
    "make collecting find the same tests each time (sets and random values in parametrize do not), "
    "or use --worker-start fork"
)


class Wire:
    """Takes the events of a worker's part of the run, and sends those that are the whole run's.

    They are gathered for a while, and kept meanwhile where they do not die with the worker.
    """

    def __init__(self, channel: socket.socket, recorder: Recorder) -> None:
        self._channel = channel
        self._recorder = recorder
        self._gathered = bytearray()
        self._number = 0
        self._last = 0.0
        self._in_flight: set[str] = set()
        self._is_given_up = False

    def __call__(self, event: Event) -> None:
        """Take one event in."""
        match event:
            case TestStarted():
                self._in_flight.add(event.id)
                self._gather(event)
            case TestFinished():
                if self._counts(event):
                    self._in_flight.discard(event.id)
                    self._gather(event, is_urgent=event.outcome.verdict.is_bad)
            case Interrupted() if event.reason not in _ENDS_ALL:  # the run counts failures itself
                self._is_given_up = event.reason is StopReason.BLOCKED
            case RunFinished():
                if not self._is_given_up:
                    self._gather(Farewell(event.properties))
                self.flush()
            case _:
                self._gather(event, is_urgent=isinstance(event, Interrupted | Standing))

    def hears(self, kind: type[Event]) -> bool:
        """Say yes: what nobody wants to hear of, the run knows."""
        return True

    def _counts(self, event: TestFinished) -> bool:
        """Whether that is a verdict: what a worker has not run, or had to leave behind, another one may run."""
        is_left = event.outcome.verdict is Verdict.NOT_RUN
        return not is_left or (event.id in self._in_flight and not self._is_given_up)

    def _gather(self, message: Event | Farewell, *, is_urgent: bool = False) -> None:
        data = pack(message)
        self._gathered += data
        self._number += 1
        is_kept = self._recorder.keep(data)
        if is_urgent or not is_kept or time.monotonic() - self._last > _A_WHILE:
            self.flush()

    def flush(self) -> None:
        """Send what was gathered."""
        gathered, self._gathered = self._gathered, bytearray()
        with suppress(OSError):  # the run has ended without this worker, which will hear of it
            self._channel.sendall(gathered)
        self._recorder.note_sent(self._number)
        self._last = time.monotonic()


class Worker:
    """One worker's life."""

    def __init__(self, work: Work, number: int, channel: socket.socket, record: int) -> None:
        self._work = work
        self._number = number
        self._channel = channel
        self._record = record
        self._recorder = Recorder(record)
        self._wire = Wire(channel, self._recorder)
        self._steps: dict[str, Step] = {}
        self._numbers: dict[str, int] = {}

    def serve(self) -> None:
        """Run what comes until nothing more does."""
        plan, routing, (settings, began, run_began, *_) = self._work
        seat = Seat(worker_name(self._number), settings.workers or 0)
        seat.tell()
        plan.hooks.enter_worker(seat)
        faulthandler.enable(self._record)
        routing.tap = self._note_output
        routing.loose.clear()  # the run itself tells of it
        for number, step in enumerate(plan.steps(), NOBODY + 1):
            self._steps[step.item.id] = step
            self._numbers[step.item.id] = number
        station = Station(self._orders(), self._wire, self._mark, run_began)
        serve_plan(plan, self._own(settings), station, began, routing)

    def _own(self, settings: Settings) -> Settings:
        """The settings of this worker's part: no two workers share a folder."""
        if settings.basetemp is None:
            return settings
        folder = f"{worker_name(self._number)}-{os.getpid()}"  # a dead one's folder is left to be looked into
        return settings._replace(basetemp=os.path.join(settings.basetemp, folder))

    def _orders(self) -> Iterator[Order]:
        while True:
            self._wire.flush()
            task = receive(self._channel)
            if task is None:
                return
            yield self._order(cast("Task", task))

    def _order(self, task: Task) -> Order:
        windows = tuple(
            Window(stretch.lane, stretch.title, tuple(map(self._step, stretch.ids))) for stretch in task.stretches
        )
        forgone = (self._steps.get(node_id) for node_id in task.forgone)
        return Order(windows, tuple(step for step in forgone if isinstance(step, RunStep)))

    def _step(self, node_id: str) -> Step:
        """The step of that id; one that fails where this worker has collected for itself, and something else."""
        step = self._steps.get(node_id)
        if step is None:
            item = next(iter(self._steps.values())).item._replace(id=node_id)
            step = ProblemStep(item, problem(Phase.PLAN, _STRANGE))
        return step

    def _mark(self, tenant: Tenant | None) -> None:
        """Note whose code runs: a fixture's counts as that of the test for which it runs."""
        taker = tenant.taker if tenant is not None else None
        self._recorder.mark(self._numbers.get(taker.name, NOBODY) if taker is not None else NOBODY)

    def _note_output(self, name: str, stream: Stream, data: bytes) -> None:
        self._recorder.write(self._numbers.get(name, NOBODY), stream is Stream.STDERR, data)


def forget_parents_end() -> None:
    """Leave to the process that this one was forked from what it wants done at its end."""
    atexit._clear()  # pyright: ignore[reportPrivateUsage] -- multiprocessing does the same


def end_process() -> NoReturn:
    """Do what was to be done at the end of this process, and end it, though threads may go on."""
    try:
        atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage] -- as above
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
    finally:
        os._exit(0)
