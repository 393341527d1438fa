"""Small types of pytest's that test files and plugins name."""

from typing import Any, Generic, Literal, TypeVar

Value = TypeVar("Value")

ScopeName = Literal["session", "package", "module", "class", "function"]


class CollectReport:
    """What pytest reports of a file or class that it collects: a name for annotations."""


class TerminalRepr:
    """What a plugin has to say of a failure, in `toterminal`."""

    def __str__(self) -> str:
        """What it writes, without colours."""
        from io import StringIO

        from rustest.compat.hooks.terminal_writer import TerminalWriter

        text = StringIO()
        self.toterminal(TerminalWriter(text))
        return text.getvalue().strip("\n")

    def toterminal(self, tw: Any) -> None:
        """Write it; raises NotImplementedError for a kind that does not say how."""
        raise NotImplementedError


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
