"""`request`: what a fixture or test may ask of the run that it is part of, as pytest has it."""

from collections.abc import Awaitable, Callable
from types import ModuleType

from rustest.model.failure import Phase
from rustest.model.hints import TYPE_CHECKING, Protocol
from rustest.model.marks import MarkDecorator

if TYPE_CHECKING:
    from pathlib import Path

    from rustest.model.node import RunConfig, TestNode


class Request(Protocol):
    """What `request` offers."""

    @property
    def param(self) -> object:
        """The value for which a parametrized fixture runs; raises AttributeError where there is none."""
        ...

    @property
    def node(self) -> "TestNode":
        """The test; for a fixture of a wider scope the first test that asked for it."""
        ...

    @property
    def phase(self) -> Phase:
        """The part of the test's life that it is in just now; for a fixture of a wider scope, the first test's."""
        ...

    @property
    def config(self) -> "RunConfig":
        """The settings of the run."""
        ...

    @property
    def function(self) -> Callable[..., object]:
        """The test's function."""
        ...

    @property
    def cls(self) -> type | None:
        """The test's class."""
        ...

    @property
    def instance(self) -> object:
        """The instance of the test's class on which the test is called."""
        ...

    @property
    def module(self) -> ModuleType:
        """The test's module."""
        ...

    @property
    def path(self) -> "Path":
        """The test's file."""
        ...

    @property
    def scope(self) -> str:
        """How long the value of the fixture that asks will live."""
        ...

    @property
    def fixturename(self) -> str | None:
        """The fixture that asks; None in a test."""
        ...

    @property
    def fixturenames(self) -> list[str]:
        """The fixtures of the test, in their order of set-up."""
        ...

    def addfinalizer(self, finalizer: Callable[[], object]) -> None:
        """Call this when the fixture that asks is torn down, latest first."""
        ...

    def applymarker(self, marker: "str | MarkDecorator") -> None:
        """Add a mark to the test."""
        ...

    def getfixturevalue(self, argname: str) -> object:
        """The value of another fixture, set up now if it is not yet; only sync ones."""
        ...

    def agetfixturevalue(self, argname: str) -> Awaitable[object]:
        """The value of another fixture, sync or async."""
        ...
