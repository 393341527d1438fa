"""The crew: the run's own side of its workers, from the first that is handed something to do to the last that ends."""

import select
import signal
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from types import FrameType
from typing import TextIO

from rustest.model.events import (
    Audience,
    Event,
    FixtureSetUp,
    FixtureTornDown,
    Interrupted,
    ProblemFound,
    Standing,
    TestFinished,
    TestStarted,
)
from rustest.model.item import Problem
from rustest.model.outcome import Verdict
from rustest.model.properties import Property
from rustest.run.ledger import Ledger
from rustest.run.questions.inquiry import Inquiry
from rustest.run.questions.keyboard import Keyboard
from rustest.run.stops.emergency import EmergencyExit
from rustest.run.stops.interrupts import Interrupts
from rustest.run.tenant import Occupancy
from rustest.workers.channel import Message
from rustest.workers.claims import Claims
from rustest.workers.inquest import Inquest
from rustest.workers.keeper import Employer
from rustest.workers.member import Member
from rustest.workers.parting import Parting
from rustest.workers.queue import Queue
from rustest.workers.recorder import NOBODY, read_record
from rustest.workers.survey import Survey
from rustest.workers.units import Unit, split_plan
from rustest.workers.wishes import Wishes
from rustest.workers.work import Assignment, Farewell, Task, Work

_A_WHILE = 0.05
"""Seconds after which workers are looked after that say nothing."""


class Crew:
    """Has workers run a plan."""

    def __init__(self, work: Work, keeper: Employer) -> None:
        self._work = work
        self._keeper = keeper
        self._members: dict[int, Member] = {}
        self._ids = dict(enumerate(work.plan.ids(), NOBODY + 1))
        self._properties: dict[Property, None] = {}
        self._looked = 0.0

    def run(self, durations: Mapping[str, float], emit: Audience, terminal: TextIO | None) -> None:
        """Run the plan and tell `emit` how each test goes, as `run_plan` does."""
        plan, routing, (settings, began, run_began, *_) = self._work
        self._ledger = ledger = Ledger(plan, settings, emit, began, routing)
        ledger.count_from(run_began)
        most = settings.workers or 1
        units = split_plan(plan, settings, durations, most)
        self._wanted = min(most, len(units))
        self._queue = Queue(units, self._wanted)
        self._survey, self._inquest = Survey(ledger), Inquest(ledger, self._ids)
        self._claims = Claims(plan, time.monotonic(), ledger.tell)
        keyboard = Keyboard(terminal, self._survey.ask) if terminal is not None else None
        self._wishes = Wishes(EmergencyExit(ledger, Occupancy(), keyboard), self._survey)
        self._parting = Parting(ledger)
        self._interrupts = Interrupts(Occupancy(), _ask_workers, self._wishes, settings.sigterm_grace)
        with self._interrupts, Inquiry(self._survey.ask), keyboard or nullcontext():
            try:
                self._hire()
                while self._members:
                    self._listen()
            finally:
                for member in self._members.values():  # none, but after an error of ours
                    member.signal(signal.SIGKILL)
                self._parting.tell()
                ledger.suite_properties = [tuple(one) for one in self._properties]
                ledger.end()

    # --- handing out ----------------------------------------------------------------------------------------

    def _hire(self) -> None:
        """Have as many workers as there is work for; what is kept for one that is about to end waits for its end."""
        for number in range(self._wanted):
            if number in self._members or self._ledger.stop_reason is not None:
                continue
            if not self._queue.has(partial(self._claims.allow, number=number)):
                continue
            self._members[number] = Member(number, self._keeper.start(number))
            self._hand_out(self._members[number])

    def _hand_out(self, member: Member) -> None:
        """Give an idle member the next portion; or let it go, if there will be none."""
        may = partial(self._claims.allow, number=member.number)
        if self._ledger.stop_reason is not None or not self._queue:
            member.dismiss()
        elif portion := self._queue.take(may):
            self._hand(portion, member)
        elif all(other.is_idle or other.is_dismissed for other in self._members.values()):
            if portion := self._queue.take_alone(may):
                self._hand(portion, member)
            else:  # it cannot have what is left, and whoever comes in its place may
                member.dismiss()

    def _hand(self, portion: Sequence[Unit], member: Member) -> None:
        self._claims.give(portion, member.number)
        member.hand(portion)

    # --- listening ------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        by_channel = {member.hands.channel.fileno(): member for member in self._members.values()}
        ready, _, _ = select.select([*by_channel], [], [], _A_WHILE)
        for descriptor in ready:
            self._hear(by_channel[descriptor])
        if time.monotonic() - self._looked > _A_WHILE:
            self._look_around()
        for member in tuple(self._members.values()):
            if member.is_idle:
                self._hand_out(member)

    def _look_around(self) -> None:
        """Take what busy workers have not sent yet, for they may be at it for long; then do what the user wishes."""
        self._looked = time.monotonic()
        for member in self._members.values():
            self._take_all(member.inbox.unsent(), member)
            if not member.is_recalled and self._claims.is_stuck(member, partial(self._holds_thread, member)):
                member.recall()
        self._survey.go_on(self._members.values())
        if self._interrupts.ending:
            self._begin_end(self._interrupts.ending)
        self._parting.go_on(self._members.values())
        if self._wishes.leave:
            self._parting.tell()
            self._wishes.way_out.take(self._wishes.leave)
        if self._ledger.stop_reason is not None:
            self._stop()  # again and again: the first time may have come before anybody listened

    def _hear(self, member: Member) -> None:
        self._take_all(member.inbox.messages(), member)
        if member.inbox.is_closed:
            self._take_all(member.inbox.unsent(), member)
            self._bury(member)

    def _take_all(self, messages: Iterable[Message], member: Member) -> None:
        for message in messages:
            match message:
                case Farewell():
                    member.has_ended = True
                    self._properties.update(dict.fromkeys(message.properties))
                case Task() | Assignment():
                    raise TypeError("a worker hands out no tasks")
                case _:
                    self._take(message, member)

    def _take(self, event: Event, member: Member) -> None:
        member.note(event)
        stopping = self._ledger.stop_reason
        match event:
            case TestStarted():
                self._ledger.pass_on(event)
            case TestFinished() if event.outcome.verdict.is_bad and self._is_taken_back(event.id, member):
                self._ledger.forget_start(event.id)
                self._queue.put_back([member.unit_of(event.id)])
            case TestFinished():
                self._ledger.pass_on(self._with_reason(event))
            case FixtureSetUp() | FixtureTornDown():
                self._claims.note(event, member.number)
                if self._work.assignment.settings.setup_show:
                    self._ledger.tell(event)
            case Interrupted():
                self._begin_end(event)
                self._parting.hear(event, member)
            case Standing():
                self._survey.take(event, member)
            case _:
                self._ledger.tell(event)
        if self._ledger.stop_reason is not stopping:
            self._stop()

    def _is_taken_back(self, node_id: str, member: Member) -> bool:
        return self._claims.take_back(node_id, member, self._members.values())

    def _begin_end(self, ending: Interrupted) -> None:
        """End the run for what the user or a worker says; only the first of them counts."""
        if self._ledger.stop_reason is None:
            self._parting.begin(ending, self._members.values())

    def _holds_thread(self, member: Member, node_id: str) -> bool:
        """Whether a worker's thread is at that test's, or waits for everybody's."""
        number = read_record(member.hands.record).number
        return number == NOBODY or self._ids[number] == node_id

    def _with_reason(self, event: TestFinished) -> TestFinished:
        """What was cancelled ended for the run's own reason: its worker has only heard a signal."""
        if event.outcome.verdict is not Verdict.NOT_RUN or self._ledger.stop_reason is None:
            return event
        return event._replace(outcome=event.outcome._replace(reason=self._ledger.stop_reason.value))

    # --- ends -----------------------------------------------------------------------------------------------

    def _bury(self, member: Member) -> None:
        del self._members[member.number]
        record = read_record(member.hands.record)
        status = self._keeper.bury(member.hands)
        self._claims.release(member.number)
        verdict = None if member.is_recalled else self._inquest.hold(member, status, record)
        if isinstance(verdict, Problem):
            self._ledger.tell(ProblemFound(verdict))
        elif verdict is not None:
            self._take(verdict, member)
        for node_id in member.in_flight:
            self._ledger.forget_start(node_id)
        if self._inquest.is_hopeless:
            self._queue.clear()
        else:
            self._queue.put_back(self._inquest.left(member, record))
            self._hire()

    def _stop(self) -> None:
        for member in self._members.values():
            member.interrupt()


def _ask_workers(frame: FrameType | None, is_held: bool) -> tuple[()]:
    """Where tests are, as far as the run's own process knows: they are in others."""
    return ()
