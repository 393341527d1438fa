"""`metafunc`, with which `pytest_generate_tests` parametrizes a test."""

from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from rustest.authoring.parametrize import parametrize
from rustest.compat.hooks.closure import fixture_names
from rustest.compat.hooks.functions import Function
from rustest.compat.hooks.lazy_values import with_lazy_values
from rustest.compat.hooks.tree import GENERATOR, Tree
from rustest.model.failure import Phase, describe
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import make_id
from rustest.model.item import Item, Problem, TestFunction
from rustest.model.marks import Mark
from rustest.model.scope import ScopeName

if TYPE_CHECKING:
    from rustest.compat.plugins.registry import Plugins


class Metafunc:
    """A test function before it is multiplied."""

    def __init__(self, definition: Function, fixturenames: list[str]) -> None:
        self.definition = definition
        self.config = definition.config
        self.fixturenames = fixturenames
        self._calls: list[object] = []
        """What pytest multiplies, and pytest-lazy-fixtures with it: nothing, for that is done once hooks are over."""
        self._arg2fixturedefs: dict[str, object] = {}
        """Where plugins put the fixtures that they add, by name: what counts here is `fixturenames`."""
        self.made: list[Mark] = []
        """What it was parametrized with so far, its own marks among it, once those have had their turn."""

    @property
    def written(self) -> list[Mark]:
        """What it is parametrized with by its own marks."""
        return [mark for mark in self.definition.item.marks if mark.name == "parametrize"]

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        return self.definition.function

    @property
    def cls(self) -> type | None:
        """The test's class."""
        return self.definition.cls

    @property
    def module(self) -> ModuleType:
        """The test's module."""
        return self.definition.module

    def parametrize(
        self,
        argnames: str | Sequence[str],
        argvalues: Iterable[object],
        indirect: bool | Sequence[str] = False,
        ids: Iterable[object] | Callable[[object], object] | None = None,
        scope: ScopeName | None = None,
    ) -> None:
        """Run the test once for each of the values, as the mark of that name does."""
        self.made.append(parametrize(argnames, argvalues, ids=ids, indirect=indirect, scope=scope).mark)


def generate(
    function: TestFunction, fixtures: Iterable[FixtureDef], tree: Tree, plugins: "Plugins"
) -> TestFunction | Problem:
    """The test with the `parametrize` marks that hooks give it; what a hook raises is the test's problem."""
    node_id = make_id(function.file, function.classes, function.name)
    definition = Function.of(Item(node_id, function, None, function.marks), tree.config, tree.holder(function))
    closure = fixture_names(function, fixtures)
    metafunc = Metafunc(definition, [*closure])
    try:
        own = _own_hooks(function, tree)
        plugins.relay(str(definition.path.parent)).pytest_generate_tests.call_extra(own, {"metafunc": metafunc})
    except Exception as error:
        return Problem(node_id, describe(error, Phase.COLLECT))
    used = tuple(name for name in metafunc.fixturenames if name not in closure)
    if not used and metafunc.made == metafunc.written:
        return with_lazy_values(function)
    others = [mark for mark in function.marks if mark.name != "parametrize"]
    asks = [Mark("usefixtures", used)] if used else []
    return with_lazy_values(function._replace(marks=(*metafunc.made, *asks, *others)))


def _own_hooks(function: TestFunction, tree: Tree) -> list[Any]:
    """Those of the test's module and class, the class's on an instance of its own."""
    module = tree.module_of(function)
    holders: list[Any] = [module, function.cls() if hasattr(function.cls, GENERATOR) and function.cls else None]
    return [getattr(holder, GENERATOR) for holder in holders if hasattr(holder, GENERATOR)]
