"""The scheduler by itself: which step may start next, for any plan and in any order of ends."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rustest.model.calls import CallKind
from rustest.model.item import Item, TestFunction
from rustest.model.plan import RunStep
from rustest.run.scheduler import Scheduler


def step(node_id: str, after: tuple[str, ...] = (), keys: tuple[str, ...] = ()) -> RunStep:
    function = TestFunction("test_it.py", (), node_id, step, None, CallKind.COROUTINE, (), (), 1)
    return RunStep(Item(node_id, function, None, ()), after=after, keys=keys)


@st.composite
def plans(draw) -> list[RunStep]:
    """Steps that hold keys, and come after steps before them or after tests of other windows."""
    steps = []
    for number in range(draw(st.integers(0, 12))):
        earlier = [str(before) for before in range(number)]
        after = draw(st.lists(st.sampled_from([*earlier, "elsewhere"]), max_size=3, unique=True))
        keys = draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True))
        steps.append(step(str(number), tuple(after), tuple(keys)))
    return steps


class Drive:
    """Goes through a window, ending steps in an order of its own, and looks at what is out at every moment."""

    def __init__(self, steps: list[RunStep], width: int) -> None:
        self.scheduler = Scheduler(steps, width)
        self.steps = steps
        self.width = width
        self.out: list[RunStep] = []
        self.ended: set[str] = set()
        self.taken: list[str] = []

    def may_start(self, step: RunStep) -> bool:
        here = {one.item.id for one in self.steps}
        held = {key for one in self.out for key in one.keys}
        waits = here.intersection(step.after) - self.ended
        return step.item.id not in self.taken and not waits and held.isdisjoint(step.keys)

    def take_all(self) -> None:
        while len(self.out) < self.width and any(map(self.may_start, self.steps)):
            taken = self.scheduler.take()
            assert taken is not None, "work is left lying"
            assert self.may_start(taken)
            self.taken.append(taken.item.id)
            self.out.append(taken)
        assert self.scheduler.take() is None
        assert self.scheduler.is_idle == (not self.out)

    def end(self, position: int) -> None:
        ended = self.out.pop(position % len(self.out))
        self.ended.add(ended.item.id)
        self.scheduler.end(ended)


@given(plans(), st.integers(1, 5), st.lists(st.integers(0, 100), min_size=12, max_size=12))
@settings(max_examples=300, deadline=None)
def test_every_step_is_taken_once_within_the_rules_and_none_is_left_lying(steps, width, order):
    drive = Drive(steps, width)
    drive.take_all()
    for position in order:
        if drive.out:
            drive.end(position)
            drive.take_all()
    assert sorted(drive.taken) == sorted(one.item.id for one in steps)
    assert drive.scheduler.is_done


@given(st.integers(0, 20), st.integers(1, 5), st.lists(st.integers(0, 100), min_size=20, max_size=20))
def test_steps_that_wait_for_nobody_start_in_the_order_of_the_plan(count, width, order):
    drive = Drive([step(str(number)) for number in range(count)], width)
    drive.take_all()
    for position in order:
        if drive.out:
            drive.end(position)
            drive.take_all()
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


def test_what_comes_after_a_test_of_another_window_need_not_wait():
    assert Scheduler([step("a", after=("elsewhere",))], 1).take().item.id == "a"


def test_a_window_without_steps_is_done():
    assert Scheduler([], 1).is_done


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
    assert (scheduler.take(), scheduler.take()) == (second, third)
