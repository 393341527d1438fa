"""Clocks, countdowns, limits, the ladder and the ledger, each for itself."""

import threading
import time
from collections.abc import Callable

import pytest

from rustest.model.events import Event, Interrupted, RunFinished, StopReason, TestFinished, TestStarted
from rustest.model.failure import Frame
from rustest.model.outcome import PASSED
from rustest.model.plan import Plan
from rustest.model.settings import Settings
from rustest.output.routing import Routing
from rustest.report.fanout import Fanout, NamedReporter
from rustest.run.ledger import Ledger
from rustest.run.stops.timeouts import Clock, Countdown, Ladder, Limit, LimitExceeded, Timekeeper
from rustest.run.tenant import Occupancy, Tenant

HERE, THERE = (Frame("here.py", 1, "f"),), (Frame("there.py", 2, "g"),)


@pytest.fixture
def occupancy() -> Occupancy:
    return Occupancy()


@pytest.fixture
def tenant() -> Tenant:
    return Tenant("test_it.py::test_it")


def hold(occupancy: Occupancy, tenant: Tenant, seconds: float) -> None:
    with occupancy.held_by(tenant):
        time.sleep(seconds)


def test_a_clock_counts_the_time_of_its_tenant_and_of_nobody_and_not_that_of_others(occupancy, tenant):
    clock = Timekeeper(occupancy, 1).start(tenant, 100)
    hold(occupancy, Tenant("another"), 0.3)
    assert 100 - clock.remaining() < 0.2
    hold(occupancy, tenant, 0.3)
    time.sleep(0.3)
    assert 0.6 <= 100 - clock.remaining() < 10


def test_what_was_held_before_it_started_makes_no_difference(occupancy, tenant):
    hold(occupancy, tenant, 0.1)
    hold(occupancy, Tenant("another"), 0.3)
    assert 0 <= 100 - Timekeeper(occupancy, 1).start(tenant, 100).remaining() < 0.1


def test_a_holder_inside_a_holder_is_counted_once(occupancy, tenant):
    with occupancy.held_by(tenant):
        hold(occupancy, Tenant("inner"), 0.2)
        assert occupancy.occupant is tenant
    assert 0.2 <= occupancy.busy == tenant.busy < 0.4


def test_what_a_limit_inside_has_told_stands_unless_the_outer_one_asked_its_code_to_end(occupancy, tenant):
    keeper = Timekeeper(occupancy, 1)
    inner = LimitExceeded("inner", HERE)
    with pytest.raises(LimitExceeded) as told, Limit(keeper.start(tenant, 0, "outer"), None):
        time.sleep(0.01)
        raise inner
    assert told.value is inner
    clock = keeper.start(tenant, 0, "outer")
    clock.expire(THERE)
    with pytest.raises(LimitExceeded) as told, Limit(clock, None):
        raise inner
    assert (str(told.value), told.value.frames) == ("outer timed out after 0.0 seconds", THERE)


def test_a_clock_that_has_run_out_grants_a_grace_after_each_rung_and_keeps_the_first_place(occupancy, tenant):
    clock = Timekeeper(occupancy, 50).start(tenant, 0.1)
    time.sleep(0.1)
    assert (clock.remaining() <= 0, clock.overrun() >= 0, clock.expired) == (True, True, False)
    clock.expire(())
    clock.expire(HERE)
    clock.expire(THERE)
    assert 49 < clock.remaining() <= 50
    assert (clock.expired, clock.error().frames) == (True, HERE)
    assert clock.overrun() >= 0


def test_a_disarmed_clock_never_runs_out(occupancy, tenant):
    clock = Timekeeper(occupancy, 1).start(tenant, 0.01)
    clock.disarm()
    time.sleep(0.02)
    assert (clock.remaining(), clock.overrun()) == (float("inf"), float("-inf"))


def test_a_limit_raises_if_it_took_longer_whatever_else_was_raised(occupancy, tenant):
    timekeeper = Timekeeper(occupancy, 1)
    with (
        pytest.raises(LimitExceeded, match="It timed out"),
        Limit(timekeeper.start(tenant, 0.05, "It"), None),
    ):
        time.sleep(0.1)
        raise ValueError
    with pytest.raises(ValueError), Limit(timekeeper.start(tenant, 100), None):
        raise ValueError
    assert tenant.clock is None


def test_limits_may_lie_inside_each_other(occupancy, tenant):
    timekeeper = Timekeeper(occupancy, 1)
    outer, inner = timekeeper.start(tenant, 100), timekeeper.start(tenant, 100)
    with Limit(outer, None):
        with Limit(inner, None):
            assert tenant.clock is inner
        assert tenant.clock is outer
    assert tenant.clock is None


def test_a_limit_that_ends_late_leaves_the_clock_of_the_next_phase_alone(occupancy, tenant):
    """So it is when a task goes on that was given up."""
    timekeeper = Timekeeper(occupancy, 1)
    late, next_one = Limit(timekeeper.start(tenant, 100), None), Limit(timekeeper.start(tenant, 100), None)
    with next_one:
        late.__enter__()
        tenant.clock = next_one.clock
        late.__exit__(None, None, None)
        assert tenant.clock is next_one.clock


class Later:
    """Calls to be made later, which the test makes."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, object]] = []

    def __call__(self, seconds, call):
        self.calls.append((seconds, call))
        return self

    def cancel(self) -> None:
        self.calls.clear()


def test_a_countdown_looks_again_as_long_as_others_have_held_the_thread(occupancy, tenant):
    later, fired = Later(), []
    clock = Clock(0.3, "", tenant, occupancy, 1)
    countdown = Countdown(clock, later, lambda: fired.append(True))
    hold(occupancy, Tenant("another"), 0.35)
    later.calls.pop()[1]()
    ((left, look),) = later.calls
    assert (fired, 0 < left <= 0.3) == ([], True)
    time.sleep(0.35)
    look()
    assert fired == [True]
    countdown.cancel()
    assert later.calls == []


def test_a_countdown_of_a_disarmed_clock_is_over(occupancy, tenant):
    later, clock = Later(), Clock(0.01, "", tenant, occupancy, 1)
    Countdown(clock, later, lambda: pytest.fail("it must not fire"))
    clock.disarm()
    later.calls.pop()[1]()
    assert later.calls == []


class Stubborn:
    """A task that never ends."""

    def __init__(self) -> None:
        self.cancellations = 0

    def cancel(self) -> bool:
        self.cancellations += 1
        return True


def test_the_ladder_cancels_twice_and_gives_up_once():
    task, graces, given_up = Stubborn(), [], []
    ladder = Ladder(task, graces.append, lambda: given_up.append(True))
    ladder.climb()
    assert (task.cancellations, given_up) == (1, [])
    graces.pop()()
    assert (task.cancellations, given_up) == (2, [])
    graces.pop()()
    assert (task.cancellations, given_up, graces) == (2, [True], [])
    ladder.climb()
    assert given_up == [True]


def test_a_ladder_that_was_stopped_takes_no_more_rungs():
    task, graces = Stubborn(), []
    ladder = Ladder(task, graces.append, lambda: pytest.fail("it must not give up"))
    ladder.climb()
    ladder.stop()
    graces.pop()()
    assert (task.cancellations, graces) == (1, [])


def telling(reporter: Callable[[Event], None]) -> Fanout:
    return Fanout([NamedReporter("told", reporter)])


def test_leaving_waits_until_the_event_that_is_under_way_has_been_told():
    told: list[Event] = []

    def reporter(event: Event) -> None:
        if isinstance(event, TestFinished):
            ledger.when_told(lambda: told.append("left"))  # as a signal's handler would
        told.append(event)

    ledger = Ledger(Plan(()), Settings(), telling(reporter), time.monotonic(), Routing(keeps=True))
    ledger.start("a")
    ledger.finish("a", PASSED)
    assert [type(event) for event in told] == [TestStarted, TestFinished, str]
    ledger.when_told(lambda: told.append("again"))
    assert told[-1] == "again"


def test_two_threads_never_tell_at_once():
    inside, most = [], []

    def reporter(event: Event) -> None:
        inside.append(event)
        most.append(len(inside))
        time.sleep(0.001)
        inside.remove(event)

    ledger = Ledger(Plan(()), Settings(), telling(reporter), time.monotonic(), Routing(keeps=True))
    threads = [
        threading.Thread(target=lambda n=number: [ledger.finish(f"{n} {m}", PASSED) for m in range(20)])
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(most)) == (1, 80)


def test_a_run_is_over_once_and_nothing_is_told_after_it():
    told: list[Event] = []
    ledger = Ledger(Plan(()), Settings(), telling(told.append), time.monotonic() - 5, Routing(keeps=True))
    ledger.end()
    ledger.stop(Interrupted(StopReason.USER))
    ledger.end()
    (event,) = told
    assert isinstance(event, RunFinished)
    assert 5 <= event.duration < 15


def test_only_the_first_reason_to_stop_counts_and_names_who_runs():
    told: list[Event] = []
    ledger = Ledger(Plan(()), Settings(), telling(told.append), time.monotonic(), Routing(keeps=True))
    ledger.start("a")
    ledger.stop(Interrupted(StopReason.MAXFAIL))
    ledger.stop(Interrupted(StopReason.USER))
    assert told[1:] == [Interrupted(StopReason.MAXFAIL, ("a",))]


def test_a_start_that_nobody_listens_to_counts_all_the_same():
    told: list[Event] = []
    audience = Fanout([NamedReporter("ends", told.append, (TestStarted,))])
    ledger = Ledger(Plan(()), Settings(), audience, time.monotonic(), Routing(keeps=True))
    ledger.start("a")
    assert [node_id for node_id, _ in ledger.running()] == ["a"]
    ledger.finish("a", PASSED)
    (event,) = told
    assert isinstance(event, TestFinished)
    assert event.duration > 0
