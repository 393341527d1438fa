"""The scheduler by itself: which step may start next, for any plan and in any order of ends."""

from collections import Counter
from time import process_time

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from scheduler_plans import Drive, bounds, plans, step

from rustest.run import scheduler as scheduler_module
from rustest.run.scheduler import PATIENCE, Scheduler

ORDERS = st.lists(st.integers(0, 100), min_size=12, max_size=12)


@given(plans(), st.integers(1, 5), ORDERS)
@examples(60)
def test_every_step_is_taken_once_within_the_rules_and_none_is_left_lying(steps, width, order):
    drive = Drive(steps, width)
    for position in [*order, *[0] * len(steps)]:
        while drive.take():
            pass
        # No test of a dozen is overtaken so often that a key is kept for it: whoever may start has started.
        assert len(drive.out) == width or not any(map(drive.has_keys, drive.in_line)), "work is left lying"
        assert drive.scheduler.is_idle == (not drive.out)
        if drive.out:
            drive.end(position)
    assert sorted(drive.taken) == sorted(one.item.id for one in steps)
    assert drive.scheduler.is_done


@given(plans(most=20), st.integers(1, 5), ORDERS, st.integers(0, 3))
@examples(40)
def test_nobody_is_overtaken_more_often_than_patience_allows_and_keys_are_kept_for_nobody_else(
    steps, width, order, patience
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scheduler_module, "PATIENCE", patience)
        drive = Drive(steps, width)
        for position in [*order, *[0] * len(steps)]:
            while drive.take():
                pass
            assert all(count <= patience for count in drive.overtaken.values())
            kept = drive.kept(patience)
            idle = [one for one in drive.in_line if drive.has_keys(one) and kept.isdisjoint(bounds(one))]
            assert len(drive.out) == width or not idle, "work is left lying"
            if drive.out:
                drive.end(position)
    assert drive.scheduler.is_done


@given(plans(), st.integers(1, 5), ORDERS, st.integers(0, 12))
@examples(40)
def test_a_run_that_stops_early_ends_what_is_out_and_takes_nothing_more(steps, width, order, moment):
    drive = Drive(steps, width)
    for position in order[:moment]:
        while drive.take():
            pass
        if drive.out:
            drive.end(position)
    while drive.out:  # as a stop has it: all in flight are cancelled, and each ends
        drive.end(0)
    assert drive.scheduler.is_idle
    assert drive.scheduler.is_done == (len(drive.ended) == len(steps))


ENDS = st.lists(
    st.tuples(st.sampled_from(["end", "set aside", "put back"]), st.integers(0, 100), st.booleans()), max_size=30
)


@given(plans(), st.integers(1, 5), ENDS)
@examples(80)
def test_steps_set_aside_or_put_back_come_once_more_each_by_its_own_rules(steps, width, ends):
    drive = Drive(steps, width)
    seconds = Counter[str]()
    for how, position, is_held in [*ends, *[("end", 0, False)] * 3 * len(steps)]:
        drive.scheduler.is_held = is_held and bool(drive.aside)
        while drive.take():
            pass
        drive.scheduler.is_held = False
        assert drive.alone is None or drive.scheduler.take() is None, "it gets company"
        assert drive.scheduler.pending() == len(drive.aside) + (drive.alone is not None)
        if not drive.out:
            continue
        name = drive.out[position % len(drive.out)].item.id
        if drive.alone is not None or how == "end":
            drive.end(position)
            continue
        seconds[name] += 1
        if how == "set aside":
            drive.set_aside(position)
        else:
            drive.put_back(position)
    assert drive.scheduler.is_done
    assert Counter(drive.taken) == Counter(one.item.id for one in steps) + seconds


@given(st.integers(0, 20), st.integers(1, 5), st.lists(st.integers(0, 100), min_size=20, max_size=20))
@examples(40)
def test_steps_that_wait_for_nobody_start_in_the_order_of_the_plan(count, width, order):
    drive = Drive([step(str(number)) for number in range(count)], width)
    for position in [*order, *[0] * count]:
        while drive.take():
            pass
        if drive.out:
            drive.end(position)
    assert drive.taken == [str(number) for number in range(count)]


def test_a_step_that_is_held_up_by_a_key_keeps_its_place():
    scheduler = Scheduler([step("first", keys=("db",)), step("second", keys=("db",)), step("third")], 2)
    first = scheduler.take()
    assert (first.item.id, scheduler.take().item.id, scheduler.take()) == ("first", "third", None)
    scheduler.end(first)
    assert scheduler.take().item.id == "second"


def test_a_step_needs_all_its_keys_at_once():
    scheduler = Scheduler([step("a", keys=("a",)), step("b", keys=("b",)), step("both", keys=("a", "b"))], 3)
    first, second = scheduler.take(), scheduler.take()
    scheduler.end(first)
    assert scheduler.take() is None
    scheduler.end(second)
    assert scheduler.take().item.id == "both"


def test_a_limit_lets_as_many_holders_run_at_once():
    scheduler = Scheduler([step(str(number), limits=[("api", 3)]) for number in range(5)], 10)
    out = [scheduler.take() for _ in range(4)]
    assert [one and one.item.id for one in out] == ["0", "1", "2", None]
    scheduler.end(out[1])
    assert (scheduler.take().item.id, scheduler.take()) == ("3", None)


def test_a_step_of_two_keys_comes_up_though_others_take_them_in_turn():
    singles = [step(f"{key}{number}", keys=(key,)) for number in range(50) for key in "ab"]
    drive = Drive([*singles[:2], step("both", keys=("a", "b")), *singles[2:]], 10)
    while not drive.scheduler.is_done:
        while drive.take():
            pass
        drive.end(0)  # one of the two keys is always held
    assert drive.taken.index("both") == 2 + PATIENCE


def test_the_second_in_a_line_has_not_been_overtaken_as_often_as_the_first_had():
    both = {"keys": ("db",), "limits": [("api", 2)]}
    waiting = [step("first", **both), step("second", **both)]
    others = [step(f"other {number}", limits=[("api", 2)]) for number in range(2 * PATIENCE)]
    scheduler = Scheduler([step("holder", keys=("db",)), *waiting, *others], 10)
    holder = scheduler.take()
    for _ in range(PATIENCE - 1):
        scheduler.end(scheduler.take())
    last = scheduler.take()
    assert (last.item.id, scheduler.take()) == (f"other {PATIENCE - 1}", None)
    scheduler.end(holder)
    assert scheduler.take().item.id == "first"
    scheduler.end(last)
    assert scheduler.take().item.id == f"other {PATIENCE}"


def test_what_comes_after_a_test_of_another_window_need_not_wait():
    assert Scheduler([step("a", after=("elsewhere",))], 1).take().item.id == "a"


def test_a_window_without_steps_is_done():
    assert Scheduler([], 1).is_done


def seconds_for(count: int) -> float:
    """How long a window takes in which half of the tests wait for keys behind others."""
    steps = [step(str(number), keys=("db",) if number % 2 else ("db", "mail")) for number in range(count)]
    steps += [step(f"free {number}") for number in range(count)]
    scheduler = Scheduler(steps, 50)
    began, out = process_time(), []
    while not scheduler.is_done:
        while (taken := scheduler.take()) is not None:
            out.append(taken)
        scheduler.end(out.pop())
    return process_time() - began


def test_a_long_line_before_a_key_costs_no_more_for_each_test_than_a_short_one():
    assert seconds_for(8000) < 40 * seconds_for(1000)  # 64 times as long if each look went through the whole line


def test_a_step_that_was_set_aside_comes_once_more_when_no_other_is_out_and_alone():
    first, second, third = steps = [step("a"), step("b"), step("c", after=("a",))]
    scheduler = Scheduler(steps, 2)
    assert (scheduler.take(), scheduler.take()) == (first, second)
    scheduler.set_aside(first)
    assert (scheduler.take(), scheduler.take()) == (third, None)
    scheduler.end(second)
    assert scheduler.take() is None
    scheduler.end(third)
    assert not scheduler.is_done
    assert (scheduler.take(), scheduler.take()) == (first, None)
    assert scheduler.is_alone
    scheduler.end(first)
    assert scheduler.is_done


def test_while_the_others_are_held_only_steps_that_were_set_aside_come():
    first, second, third = steps = [step("a", keys=("k",)), step("b"), step("c")]
    scheduler = Scheduler(steps, 2)
    assert (scheduler.take(), scheduler.take()) == (first, second)
    scheduler.set_aside(first)
    scheduler.is_held = True
    assert scheduler.take() is None
    scheduler.put_back(second)
    assert (scheduler.take(), scheduler.take()) == (first, None)
    scheduler.end(first)
    scheduler.is_held = False
    assert (scheduler.take(), scheduler.take()) == (third, second)
