"""`request`: what a fixture or test may ask of the run that it is part of, as pytest has it."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, MutableSequence
from types import ModuleType

from rustest.model.failure import Phase
from rustest.model.hints import TYPE_CHECKING, Protocol
from rustest.model.marks import Mark, MarkDecorator

if TYPE_CHECKING:
    from pathlib import Path


class Config(Protocol):
    """The settings of the run, as fixtures see them."""

    @property
    def rootpath(self) -> "Path":
        """The root folder."""
        ...

    @property
    def suite_properties(self) -> MutableSequence[tuple[str, object]]:
        """What was recorded of the run as a whole, by name and value."""
        ...

    def getoption(self, name: str, default: object = ...) -> object:
        """The value of a setting, by its key or flag; raises ValueError for one that does not exist."""
        ...


class Node(Protocol):
    """The test that runs, as `request.node`."""

    @property
    def name(self) -> str:
        """The function with its case: `test_x[1]`."""
        ...

    @property
    def nodeid(self) -> str:
        """The whole node id."""
        ...

    @property
    def path(self) -> "Path":
        """The test's file."""
        ...

    @property
    def keywords(self) -> Mapping[str, object]:
        """The names by which `-k` finds it."""
        ...

    @property
    def stash(self) -> MutableMapping[object, object]:
        """Room for whatever fixtures want to keep for this test."""
        ...

    @property
    def user_properties(self) -> MutableSequence[tuple[str, object]]:
        """What the test has recorded of itself, by name and value."""
        ...

    @property
    def xml_attributes(self) -> MutableSequence[tuple[str, object]]:
        """What the test wants to have in its element of a JUnit file."""
        ...

    @property
    def setbacks(self) -> MutableSequence[BaseException]:
        """What it has gone on after, and fails with all the same once its body has ended."""
        ...

    def get_closest_marker(self, name: str) -> Mark | None:
        """The nearest mark of that name."""
        ...

    def iter_markers(self, name: str | None = None) -> Iterator[Mark]:
        """All marks, or those of that name, nearest first."""
        ...

    def add_marker(self, marker: "str | MarkDecorator") -> None:
        """Add a mark to this test alone."""
        ...


class Request(Protocol):
    """What `request` offers."""

    @property
    def param(self) -> object:
        """The value for which a parametrized fixture runs; raises AttributeError where there is none."""
        ...

    @property
    def node(self) -> Node:
        """The test; for a fixture of a wider scope the first test that asked for it."""
        ...

    @property
    def phase(self) -> Phase:
        """The part of the test's life that it is in just now; for a fixture of a wider scope, the first test's."""
        ...

    @property
    def config(self) -> Config:
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
