"""Random windows for the scheduler, and somebody who goes through them and looks at what is out at every moment."""

from collections import Counter

from hypothesis import strategies as st

from rustest.model.calls import CallKind
from rustest.model.item import Item, TestFunction
from rustest.model.plan import Limit, RunStep
from rustest.run.scheduler import Scheduler


def step(node_id: str, after: tuple[str, ...] = (), keys: tuple[str, ...] = (), limits=()) -> RunStep:
    """A test; its limits are given as pairs of key and number."""
    function = TestFunction("test_it.py", (), node_id, step, None, CallKind.COROUTINE, (), (), 1)
    held = tuple(Limit(key, holders, repr(key)) for key, holders in limits)
    return RunStep(Item(node_id, function, None, ()), after=after, keys=keys, limits=held)


@st.composite
def plans(draw, most: int = 12) -> list[RunStep]:
    """Steps that hold keys of one or several holders, and come after steps before them or of other windows."""
    holders = {f"limit {number}": number for number in draw(st.sets(st.integers(1, 3)))}
    steps = []
    for number in range(draw(st.integers(0, most))):
        earlier = [str(before) for before in range(number)]
        after = draw(st.lists(st.sampled_from([*earlier, "elsewhere"]), max_size=3, unique=True))
        keys = draw(st.lists(st.sampled_from("abc"), max_size=2, unique=True))
        limited = draw(st.lists(st.sampled_from(sorted(holders)), max_size=2, unique=True)) if holders else []
        steps.append(step(str(number), tuple(after), tuple(keys), [(key, holders[key]) for key in limited]))
    return steps


def bounds(step: RunStep) -> dict[str, int]:
    """How many may hold each of the step's keys."""
    return {limit.key: limit.holders for limit in step.limits} | dict.fromkeys(step.keys, 1)


class Drive:
    """Goes through a window, ending steps in an order of its own."""

    def __init__(self, steps: list[RunStep], width: int) -> None:
        self.scheduler = Scheduler(steps, width)
        self.width = width
        self.out: list[RunStep] = []
        self.ended: set[str] = set()
        """Those that nobody waits for any more: they have ended, or were set aside."""
        self.taken: list[str] = []
        self.aside: list[RunStep] = []
        """Those that are to come once more, alone."""
        self.alone: RunStep | None = None
        self.in_line: list[RunStep] = []
        """Those that wait for no other test, in the order in which they got in line."""
        self.overtaken = Counter[str]()
        """How often a test of several keys, the first who needs these, saw one behind it take one of them."""
        self._here = {one.item.id for one in steps}
        self._coming = list(steps)
        self._line_up()

    def _line_up(self) -> None:
        for one in list(self._coming):
            if not self._here.intersection(one.after) - self.ended:
                self._coming.remove(one)
                self.in_line.append(one)

    def has_keys(self, step: RunStep) -> bool:
        """Whether its keys are free."""
        held = Counter(key for one in self.out for key in bounds(one))
        return all(held[key] < number for key, number in bounds(step).items())

    def take(self) -> RunStep | None:
        """What the scheduler hands out, if the rules allow that."""
        taken = self.scheduler.take()
        if taken is None:
            return None
        if self.scheduler.is_alone:
            self._take_alone(taken)
            return taken
        assert not self.scheduler.is_held, "it comes though it is held back"
        assert taken in self.in_line, "not in line, or taken before"
        assert self.has_keys(taken), "a key has too many holders"
        assert len(self.out) < self.width
        for one in self._foremost(self.in_line[: self.in_line.index(taken)]):
            if len(bounds(one)) > 1 and bounds(one).keys() & bounds(taken).keys():
                self.overtaken[one.item.id] += 1
        self.in_line.remove(taken)
        self.taken.append(taken.item.id)
        self.out.append(taken)
        return taken

    def _take_alone(self, taken: RunStep) -> None:
        assert taken is self.aside.pop(0), "not the first that was set aside"
        assert not self.out, "it has company"
        assert self.scheduler.is_held or not any(map(self.has_keys, self.in_line)), "it comes before others could end"
        self.alone = taken
        self.taken.append(taken.item.id)
        self.out.append(taken)

    def _foremost(self, steps: list[RunStep]) -> list[RunStep]:
        """The first of those that need the same keys: the others come after it."""
        return list({frozenset(bounds(one)): one for one in reversed(steps)}.values())

    def end(self, position: int) -> None:
        """End one of those that are out."""
        ended = self.out.pop(position % len(self.out))
        self.ended.add(ended.item.id)
        self.alone = None
        self.scheduler.end(ended)
        self._line_up()

    def set_aside(self, position: int) -> None:
        """Have one of those that are out come once more, alone."""
        doubtful = self.out.pop(position % len(self.out))
        self.ended.add(doubtful.item.id)
        self.aside.append(doubtful)
        self.scheduler.set_aside(doubtful)
        self._line_up()

    def put_back(self, position: int) -> None:
        """Have one of those that are out begin anew, at the end of the line."""
        cancelled = self.out.pop(position % len(self.out))
        self.in_line.append(cancelled)
        self.scheduler.put_back(cancelled)

    def kept(self, patience: int) -> set[str]:
        """The keys that are kept for somebody who was overtaken often enough."""
        return {key for one in self.in_line if self.overtaken[one.item.id] >= patience for key in bounds(one)}
