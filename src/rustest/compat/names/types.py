"""Small types of pytest's that test files and plugins name."""

from typing import Any, Generic, Literal, TypeVar

Value = TypeVar("Value")

ScopeName = Literal["session", "package", "module", "class", "function"]


class CollectReport:
    """What pytest reports of a file or class that it collects: a name for annotations."""


class TerminalRepr:
    """What pytest prints of a failure: a name for annotations, and for what plugins would make of it."""


class Traceback:
    """What pytest makes of a traceback: a name for annotations."""


class TestCaseFunction:
    """A test of a `unittest.TestCase`, which plugins patch; here unittest runs such tests, and asks nobody."""

    __test__ = False

    def runtest(self) -> None:
        """Run nothing."""


class FixtureDef(Generic[Value]):
    """What pytest knows of a fixture: a name for annotations."""


class StashKey(Generic[Value]):
    """A key of `stash`, its own and nobody else's, with the type of its value for annotations."""


class Stash(dict[Any, Any]):
    """Room to keep values by such keys."""

    __slots__ = ()

    def get(self, key: Any, default: Any = None) -> Any:
        """The value of that key; `default`, which may be named as with pytest's, where there is none."""
        return super().get(key, default)
