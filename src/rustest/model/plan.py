"""The plan: every question that can be answered before running, answered."""

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter

from rustest.model.errors import FixtureLookupError
from rustest.model.events import StopReason
from rustest.model.failure import Failure, Phase, problem
from rustest.model.fixtures import FixtureDef, FixtureParam
from rustest.model.hooks import NO_HOOKS, Hooks
from rustest.model.item import Item, Problem, SkippedFile
from rustest.model.outcome import ExpectedFailure, Verdict
from rustest.model.record import NamedTuple
from rustest.model.scope import OWN, Scope, ScopeInstance
from rustest.model.warning_filters import WarningFilter

REQUEST = -1
"""The position that stands for `request`, which every fixture and test gets for itself."""
Positions = tuple[tuple[str, int], ...]
"""Arguments by name, and the position in a test's `fixtures` that fills each, or `REQUEST`."""
Variant = tuple[tuple[str, int], ...]
"""Which of its values a shared fixture has: the params on which it depends, its own and those of the fixtures that it
uses, by fixture key. A number stands for one life with one param; where a param, or a file, comes round once more in
the run, that is another life."""


class LoopPlan(NamedTuple):
    """The event loop of an async test: every test with the same instance shares it."""

    instance: ScopeInstance
    """Function scope with the test's own id as its path: a private loop."""
    debug: bool | None = None
    """asyncio's debug mode; None leaves asyncio's own default."""
    factory: Callable[[], object] | None = None
    """What makes the loop, where the user insists on a kind of his own."""
    trio: Mapping[str, object] | None = None
    """The options of a run of trio that takes the loop's place; None where asyncio runs the test."""

    def is_private(self) -> bool:
        """Whether one test has the loop for itself."""
        return self.instance.scope is Scope.FUNCTION


class FixtureUse(NamedTuple):
    """One fixture that a test needs, in its place in the order of set-up."""

    definition: FixtureDef
    instance: ScopeInstance
    """How long the value lives; `OWN` in function scope, so that tests that ask for the same have the same uses."""
    arguments: Positions
    """The fixture's own."""
    param: FixtureParam | None = None
    """What `request.param` is, for a parametrized fixture."""
    variant: Variant = ()
    """Empty where it has one value, and in function scope, where every value is another one."""
    loop: LoopPlan | None = None
    """The loop that it lives on where that is another one than its test's, as only pytest-asyncio has it."""

    def of_test(self, node_id: str) -> "FixtureUse":
        """The same use, with that test's id where it lives as long as one test."""
        return self._replace(instance=ScopeInstance(Scope.FUNCTION, node_id)) if self.instance is OWN else self

    def is_own(self, node_id: str) -> bool:
        """Whether it is set up for that test alone; a parameter only has the shape of a fixture."""
        return self.instance.scope is Scope.FUNCTION and self.definition.place != node_id

    def needs(self) -> Iterator[int]:
        """The positions, in the test's `fixtures`, of those that fill its arguments."""
        return (position for _, position in self.arguments if position != REQUEST)


def find_use(fixtures: Iterable[FixtureUse], name: str) -> FixtureUse | None:
    """The fixture of that name among those of a test."""
    return next((use for use in fixtures if use.definition.name == name), None)


AUTOJUMP = "autojump_threshold"
"""The one option of a run of trio that trio does not know: idle seconds after which the run's mock clock jumps."""


class Limit(NamedTuple):
    """A key that several tests may hold at once, but not too many."""

    key: str
    holders: int
    """How many, at most."""
    what: str
    """What is so limited, in words: `'api'`, or ``the fixture `pool` ``."""


class Touch(NamedTuple):
    """Something that a test does to what the whole process shares."""

    what: str
    """As a verb with its object: ``writes `os.environ` ``."""
    where: str
    """File and line."""


class Retry(NamedTuple):
    """How a test that fails is tried again."""

    retries: int
    delay: float = 0.0
    """Seconds before each further attempt."""
    only: tuple[type[BaseException], ...] | None = None
    """Only after failures of these types; None takes any."""


class RunStep(NamedTuple):
    """A test that will run, with all that was decided about it."""

    item: Item
    fixtures: tuple[FixtureUse, ...] = ()
    """In the order of set-up, wider scopes first."""
    arguments: Positions = ()
    """Those of the test's arguments that fixtures fill."""
    loop: LoopPlan | None = None
    """None for a test that needs no loop."""
    timeout: float | None = None
    expected_failure: ExpectedFailure | None = None
    after: tuple[str, ...] = ()
    """Tests of the same window that must have ended before this one starts."""
    keys: tuple[str, ...] = ()
    """`serial` keys: two holders of one key never run at once."""
    limits: tuple[Limit, ...] = ()
    """Keys that it holds while it runs, and that others may hold beside it."""
    touches: tuple[Touch, ...] = ()
    """What an async test does to the process, also where it is undone before anybody else's turn comes."""
    reasons: tuple[str, ...] = ()
    """Why it has the lane, loop and order that it has, in words for `--plan`."""
    warning_filters: tuple[WarningFilter, ...] = ()
    """What its marks ask for, on top of the filters of the run."""
    retry: Retry | None = None
    alone_for: int = 0
    """For how many runs it gets no company, this one included: an earlier one has found that it passes alone only."""

    def is_bare(self) -> bool:
        """Whether nothing was decided about it but that it runs, as for most sync tests without fixtures."""
        return self[1:] == _NOTHING_DECIDED


_NOTHING_DECIDED = (*RunStep._field_defaults.values(),)


class SkipStep(NamedTuple):
    """A test that is known not to run: skipped, or expected to fail and not to be run."""

    item: Item
    verdict: Verdict
    reason: str


class ProblemStep(NamedTuple):
    """A test that cannot run, with what is wrong and how to mend it."""

    item: Item
    failure: Failure


def refused(item: Item, complaint: str) -> ProblemStep:
    """The step of a test of which the plan says that it cannot run as it is written."""
    return ProblemStep(item, problem(Phase.PLAN, complaint, at=item.function.place))


Step = RunStep | SkipStep | ProblemStep


class Lane(enum.Enum):
    """How the tests of a window run; the value is the word that `--plan` prints."""

    OVERLAP = "overlapping"
    SYNC = "one after another"
    ALONE = "alone"


class Window(NamedTuple):
    """A stretch of the run: its tests are in flight together, or in line; no other window's test is."""

    lane: Lane
    title: str
    """What its tests have in common, for `--plan`: a file, or "the whole run"."""
    steps: tuple[Step, ...]


Resolve = Callable[[Item, str], tuple[FixtureUse, ...]]
"""What must be set up so that a test gets the fixture of that name, which stands last: for names that only the run
comes up with. Raises LookupError with the same words as a complaint of the plan."""


def resolve_nothing(item: Item, name: str) -> tuple[FixtureUse, ...]:
    """The `Resolve` of a plan that was not made from a collection."""
    raise FixtureLookupError(f"no fixture {name!r} is known to {item.id}")


class Extent(NamedTuple):
    """What the plan has seen of the project, whether it is to run or not."""

    files: frozenset[str] = frozenset()
    """The files that were read whole: a test of theirs that is not among `items` does not exist."""
    items: tuple[Item, ...] = ()
    """All tests of the files that were read."""


class Plan(NamedTuple):
    """The run to be: windows in order."""

    windows: tuple[Window, ...]
    problems: tuple[Problem, ...] = ()
    """What kept files from being collected."""
    deselected: int = 0
    skipped_files: tuple[SkippedFile, ...] = ()
    """Files that skipped themselves as they were imported."""
    resolve: Resolve = resolve_nothing
    fixtures: tuple[FixtureDef, ...] = ()
    """All that were found, the outermost places first, whether a test uses them or not."""
    extent: Extent = Extent()
    hooks: Hooks = NO_HOOKS
    """What `conftest.py` files and plugins do beside it."""
    note: str = ""
    """What was chosen or ordered by earlier runs or by chance, in words; empty where nothing was."""
    stopped: StopReason | None = None
    """Why none of it is to run after all."""

    def steps(self) -> Iterator[Step]:
        """All its tests, in order."""
        return (step for window in self.windows for step in window.steps)

    def runs(self) -> Iterator[RunStep]:
        """Those of its tests that will run, in order."""
        return (step for window in self.windows for step in window.steps if isinstance(step, RunStep))

    def ids(self) -> Iterator[str]:
        """The node ids of its tests, in order."""
        return (step.item.id for window in self.windows for step in window.steps)

    def noting(self, *notes: str) -> "Plan":
        """The plan, with more to say before the first test."""
        return self._replace(note="\n".join(filter(None, (*notes, self.note)))) if notes else self

    @property
    def total(self) -> int:
        """How many tests it has, those that will be skipped included."""
        return sum(len(window.steps) for window in self.windows)

    def tests_per_file(self) -> dict[str, int]:
        """How many tests each file has, in the order of the run."""
        numbers = Counter[str]()
        for window in self.windows:
            numbers.update(map(attrgetter("item.function.file"), window.steps))
        return numbers
