"""`request`: the run, as one fixture or test sees it."""

import sys
from collections.abc import Awaitable, Callable
from types import ModuleType

from rustest.model.errors import FixtureLookupError
from rustest.model.failure import Phase
from rustest.model.hints import TYPE_CHECKING, NoReturn, Protocol
from rustest.model.marks import MarkDecorator
from rustest.model.node import RunConfig, TestNode
from rustest.model.plan import REQUEST, FixtureUse, RunStep
from rustest.model.scope import Scope
from rustest.run.calls import Teardown

if TYPE_CHECKING:
    from pathlib import Path

    from rustest.model.local_path import LocalPath


class Asker(Protocol):
    """The attempt behind a request."""

    @property
    def step(self) -> RunStep:
        """What the plan says of the test."""
        ...

    @property
    def node(self) -> TestNode:
        """The test as fixtures see it."""
        ...

    @property
    def phase(self) -> Phase:
        """The part of the test's life that it is in."""
        ...

    def instance(self) -> object:
        """The instance of the test's class, made if it is not yet; None without a class."""
        ...

    def get_fixture(self, name: str) -> object:
        """The value of a sync fixture that was not planned, set up here and now."""
        ...

    def await_fixture(self, name: str) -> Awaitable[object]:
        """The value of any fixture that was not planned."""
        ...


class FixtureRequest:
    """What a function gets for its argument `request`."""

    def __init__(self, asker: Asker, use: FixtureUse | None, teardowns: list[Teardown]) -> None:
        self._asker = asker
        self._use = use
        self._teardowns = teardowns

    def __repr__(self) -> str:
        return f"<request of {self.fixturename or 'the test'} for {self.node.nodeid}>"

    # --- the fixture that asks ------------------------------------------------------------------------------

    @property
    def param(self) -> object:
        """The value for which a parametrized fixture runs; raises AttributeError where there is none."""
        if self._use is None or self._use.param is None:
            raise AttributeError(f"{self.fixturename or 'the test'} is not parametrized: request.param is for fixtures")
        return self._use.param.value

    @property
    def param_index(self) -> int:
        """The number of the param among the fixture's params; 0 where there is none."""
        return self._use.param.number if self._use is not None and self._use.param is not None else 0

    @property
    def fixturename(self) -> str | None:
        """The fixture that asks; None in a test."""
        return self._use.definition.name if self._use is not None else None

    @property
    def scope(self) -> str:
        """How long the value of the fixture that asks will live."""
        return self._use.definition.scope.label if self._use is not None else Scope.FUNCTION.label

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        """Call this when the fixture that asks is torn down, latest first; after the test, when the test asks."""
        where = f"{self.path}:{self._asker.step.item.function.line}"
        self._teardowns.append(Teardown(self.fixturename or "request", where, finalizer))

    # --- the test -------------------------------------------------------------------------------------------

    @property
    def node(self) -> TestNode:
        """The test; for a fixture of a wider scope the class, file, folder or run, where the suite is pytest's.

        Elsewhere it is the first test that asked for the fixture.
        """
        scope = Scope.FUNCTION if self._use is None else self._use.definition.scope
        return self._asker.node if scope is Scope.FUNCTION else self._asker.node.around(scope)

    @property
    def phase(self) -> Phase:
        """The part of the test's life that it is in just now."""
        return self._asker.phase

    @property
    def config(self) -> RunConfig:
        """The settings of the run."""
        return self.node.config

    @property
    def session(self) -> object:
        """The root of the tree of tests, where the suite is pytest's; AttributeError elsewhere."""
        return self.node.session

    @property
    def keywords(self) -> object:
        """The names by which `-k` finds the test."""
        return self.node.keywords

    @property
    def fixturenames(self) -> list[str]:
        """The fixtures of the test, in their order of set-up, then its other arguments."""
        step = self._asker.step
        names = (use.definition.name for use in step.fixtures)
        asked = [name for use in step.fixtures for name, position in use.arguments if position == REQUEST]
        return list(dict.fromkeys((*names, *step.item.function.arguments, *asked)))

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        return self._asker.step.item.function.func

    @property
    def cls(self) -> type | None:
        """The test's class; None for a function, and in fixtures of a scope wider than a class."""
        return None if self._is_wider_than(Scope.CLASS) else self._asker.step.item.function.cls

    @property
    def instance(self) -> object:
        """The instance of the test's class on which the test is called; None in fixtures of a wider scope."""
        return None if self._is_wider_than(Scope.FUNCTION) else self._asker.instance()

    @property
    def module(self) -> ModuleType:
        """The test's module."""
        return sys.modules[self.function.__module__]

    @property
    def path(self) -> "Path":
        """The test's file."""
        return self._asker.node.path

    @property
    def fspath(self) -> "LocalPath":
        """The same, as suites older than pathlib know it."""
        from rustest.model.local_path import LocalPath

        return LocalPath(self.path)

    def raiseerror(self, msg: str | None) -> NoReturn:
        """Fail what asks, with that message; raises FixtureLookupError."""
        raise FixtureLookupError(msg or "")

    def applymarker(self, marker: str | MarkDecorator) -> None:
        """Add a mark to the test."""
        self.node.add_marker(marker)

    def _is_wider_than(self, scope: Scope) -> bool:
        return self._use is not None and self._use.definition.scope > scope

    # --- other fixtures -------------------------------------------------------------------------------------

    def getfixturevalue(self, argname: str) -> object:
        """The value of another fixture, set up now if it is not yet; only sync ones.

        Raises LookupError where there is no such fixture, and RuntimeError for one that needs an event loop.
        """
        return self._asker.get_fixture(argname)

    def agetfixturevalue(self, argname: str) -> Awaitable[object]:
        """The value of another fixture, sync or async; raises LookupError where there is no such fixture."""
        return self._asker.await_fixture(argname)
