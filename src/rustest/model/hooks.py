"""What the stages ask of hooks: functions of `conftest.py` files and plugins, which only the pytest door lets in."""

from collections.abc import Iterable
from types import ModuleType

from rustest.model.failure import Phase
from rustest.model.fixtures import FixtureDef
from rustest.model.item import Item, TestFunction
from rustest.model.marks import Mark
from rustest.model.node import RunConfig, TestNode
from rustest.model.settings import Settings


class Bracket:
    """What hooks do around one phase of a test: nothing, where there are none."""

    def enter(self) -> None:
        """Do what comes before the phase; raises what a hook raises."""

    def leave(self, raised: BaseException | None) -> BaseException | None:
        """Do what comes after it, and say with what it has ended after all."""
        return raised


class Hooks:
    """The hooks of a run in which nobody has any: whoever asks goes on as it would."""

    @property
    def modifies(self) -> bool:
        """Whether `modify` is to be asked."""
        return False

    surrounds_tests = False
    """Whether any hook is to be called while tests run."""

    def finish(self, exitstatus: int) -> None:
        """The last test has ended."""

    def config(self, settings: Settings) -> RunConfig:
        """The run as fixtures and hooks see it."""
        return RunConfig(settings)

    def node(self, item: Item, config: RunConfig) -> TestNode:
        """The test as fixtures and hooks see it."""
        return TestNode(item, config)

    def fixtures(self) -> tuple[FixtureDef, ...]:
        """Those that plugins bring along."""
        return ()

    def add_conftest(self, module: ModuleType, path: str) -> None:
        """Take in the hooks of a conftest that was just imported."""

    def ignores(self, path: str) -> bool | None:
        """Whether that file or folder is to be left out; None where no hook has a word on it."""
        return None

    def generate(self, function: TestFunction, fixtures: Iterable[FixtureDef]) -> tuple[Mark, ...]:
        """The `parametrize` marks that hooks give to a test which sees these fixtures."""
        return ()

    def modify(self, items: tuple[Item, ...]) -> tuple[Item, ...]:
        """The tests to run, as hooks leave them: in their order, with their marks."""
        return items

    def bracket(self, phase: Phase, node: TestNode) -> Bracket:
        """What is to happen around that phase of the test."""
        return _NOTHING


_NOTHING = Bracket()
NO_HOOKS = Hooks()
