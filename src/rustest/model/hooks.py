"""What the stages ask of hooks: functions of `conftest.py` files and plugins, which only the pytest door lets in."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from rustest.model.errors import Exit
from rustest.model.events import Event
from rustest.model.failure import Phase
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING, TextIO
from rustest.model.item import Harvest, Item, Problem, TestFunction
from rustest.model.node import RunConfig, TestNode
from rustest.model.outcome import ExpectedFailure
from rustest.model.record import NamedTuple
from rustest.model.settings import Settings

if TYPE_CHECKING:
    from rustest.model.worker_names import Seat


Reporter = Callable[[Event], None]
TakeLate = Callable[[tuple[Item, ...], tuple[FixtureDef, ...]], tuple[Item, ...]]
"""Gives the tests that come of new ones, with the fixtures that are new with them."""
NameValue = Callable[[object, str], str | None]
"""Gives what stands for a value of that argument, where the user has said nothing; None leaves it to the value."""


class Bracket:
    """What hooks do around one phase of a test: nothing, where there are none."""

    def enter(self) -> bool:
        """Do what comes before the phase, and say whether it is to come; raises what a hook raises."""
        return True

    def leave(self, raised: BaseException | None) -> BaseException | None:
        """Do what comes after it, and say with what it has ended after all."""
        return raised


class PhaseEnd(NamedTuple):
    """How a phase of a test has ended."""

    phase: Phase
    raised: BaseException | None
    duration: float
    expected: ExpectedFailure | None
    """The `xfail` that counts for the test."""
    is_xfailed: bool
    """Whether that covers what was raised."""


class Reading(NamedTuple):
    """What hooks want a file to be read for, whatever its name is."""

    tests: bool = False
    examples: bool = False
    """Those of its docstrings, or of the text that it is."""
    others: bool = False
    """Those that hooks make themselves of what stands in it."""


class Hooks:
    """The hooks of a run in which nobody has any: whoever asks goes on as it would."""

    chosen_status: int | None = None
    """What a hook has the process say of the run, once that is over, in place of what the report says."""
    ends_run: tuple[type[BaseException], ...] = (Exit,)
    """The exceptions of a test, fixture or hook that are to end the run."""

    @property
    def modifies(self) -> bool:
        """Whether `modify` is to be asked."""
        return False

    @property
    def surrounds_tests(self) -> bool:
        """Whether any hook is to be called while tests run."""
        return False

    def reporter(self, stream: "TextIO | None", status: Callable[[], int]) -> Reporter | None:
        """Who is to hear of the run's events, with a say of its own at their end; `status` is the exit status then."""
        return None

    def tell(self) -> tuple[str, ...]:
        """What to say before the first test, a line each."""
        return ()

    def config(self, settings: Settings) -> RunConfig:
        """The run as fixtures and hooks see it."""
        return RunConfig(settings)

    def node(self, item: Item) -> TestNode | None:
        """The test as hooks see it, and fixtures with them; None where that needs no more than the plan knows of it."""
        return None

    def fixtures(self) -> tuple[FixtureDef, ...]:
        """Those that plugins bring along."""
        return ()

    def around_set_ups(self, fixtures: tuple[FixtureDef, ...]) -> tuple[FixtureDef, ...]:
        """The fixtures, with what hooks do around their set-ups."""
        return fixtures

    def add_conftest(self, module: ModuleType, path: str) -> None:
        """Take in the hooks of a conftest that was just imported."""

    def ignores(self, path: str) -> bool:
        """Whether that file or folder is to be left out."""
        return False

    def before_import(self, path: str) -> None:
        """Take note of a test file that is about to be imported."""

    def add_module(self, module: ModuleType, path: str, *, is_test: bool) -> None:
        """Take in what a file asks for that was just imported; one that is no test file is read for its doctests."""

    def every_file(self) -> Sequence[str]:
        """The paths of all files of the run in order, if a hook may make something of any; else none."""
        return ()

    def late_files(self, conftests: Sequence[str]) -> Iterator[str | Problem]:
        """The same for hooks that have come to light since, and what hooks would have that nobody runs.

        `conftests` are those of all folders that were looked through.
        """
        return iter(())

    def reading(self, path: str) -> Reading:
        """What hooks want that file to be read for."""
        return NOT_READ

    def harvested(
        self, found: Harvest, path: str, fixtures: tuple[FixtureDef, ...], module: ModuleType | None
    ) -> Harvest:
        """What a file holds, with what hooks have made of it; `fixtures` are those of its conftest files."""
        return found

    def generate(
        self, functions: Sequence[TestFunction], fixtures: Iterable[FixtureDef]
    ) -> Sequence[TestFunction | Problem]:
        """The tests of a file with the `parametrize` marks that hooks give them; they see these fixtures."""
        return functions

    @property
    def name_value(self) -> NameValue | None:
        """What gives the text that stands for a value in node ids; None where no hook has a word on it."""
        return None

    def loop_factories(self, item: Item) -> Mapping[str, Callable[[], object]] | None:
        """What makes the loops on which an async test runs, once for each, by name; None where no hook says."""
        return None

    def modify(self, items: tuple[Item, ...], take: TakeLate) -> tuple[Item, ...]:
        """The tests to run, as hooks leave them: in their order, with their marks; `take` has a word on new ones."""
        return items

    @property
    def deselected(self) -> int:
        """How many tests hooks say that they have left out in `modify`."""
        return 0

    def enter_worker(self, seat: "Seat") -> None:
        """Take note that this process is a worker from now on."""

    def finish_collection(self, items: Iterable[Item]) -> None:
        """Take note of the tests that will run."""

    def skipped(self, item: Item, why: BaseException) -> None:
        """Take note of a test that is known not to run."""

    def surround(self, node: TestNode) -> Bracket:
        """What is to happen around the whole test."""
        return _NOTHING

    def report(self, node: TestNode, end: PhaseEnd) -> BaseException | None:
        """Tell how a phase of the test has ended, and hear with what it has after all."""
        return end.raised

    def bracket(self, phase: Phase, node: TestNode) -> Bracket:
        """What is to happen around that phase of the test."""
        return _NOTHING


class UnheardHooks(Hooks):
    """Takes note of hooks that nobody calls, because the run is not known to be a pytest suite's from its begin on."""

    def __init__(self, rootdir: str) -> None:
        self._rootdir = os.path.join(rootdir, "")
        self._places: list[str] = []

    def add_conftest(self, module: ModuleType, path: str) -> None:
        """Take note of a conftest that has hooks, or asks for plugins."""
        if any(name.startswith("pytest_") for name in vars(module)):
            self._places.append(path.removeprefix(self._rootdir))

    def tell(self) -> tuple[str, ...]:
        """Which conftest files have hooks in vain, and what to do."""
        if not self._places:
            return ()
        return (f"the hooks and plugins of {', '.join(self._places)} are not run: with --pytest-compat they are",)


_NOTHING = Bracket()
NOT_READ = Reading()
NO_HOOKS = Hooks()
