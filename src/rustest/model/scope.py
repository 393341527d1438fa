"""Scopes: how long a fixture or an event loop lives, and who shares it."""

import enum

from rustest.model.hints import Literal
from rustest.model.record import NamedTuple


class Scope(enum.IntEnum):
    """pytest's five scopes, narrow to wide: a wider scope compares greater."""

    FUNCTION = 0
    CLASS = 1
    MODULE = 2
    PACKAGE = 3
    SESSION = 4

    @property
    def label(self) -> str:
        """The name that users write: `"module"`."""
        return self.name.lower()


ScopeName = Literal["function", "class", "module", "package", "session"]
"""A scope as users write it."""

SCOPES = {scope.label: scope for scope in Scope}


class ScopeInstance(NamedTuple):
    """One concrete extent of a scope, named by the node id of what it spans.

    The path is `""` for the session, a folder for a package, a file for a module, `file::Class` for a class,
    and the test's own id for a function; `OWN` stands for that in what many tests have in common. With a path, that of
    a session is the part of it in which one window runs.
    """

    scope: Scope
    path: str

    @property
    def is_of_window(self) -> bool:
        """Whether it is over when another window begins."""
        return self.scope is Scope.SESSION and bool(self.path)

    def spans(self, node_id: str) -> bool:
        """Whether the test of that id belongs to this extent."""
        match self.scope:
            case Scope.SESSION:
                return True
            case Scope.PACKAGE:
                return not self.path or node_id.startswith(f"{self.path}/")
            case Scope.MODULE | Scope.CLASS:
                return node_id.startswith(f"{self.path}::")
            case Scope.FUNCTION:
                return node_id == self.path


SESSION = ScopeInstance(Scope.SESSION, "")
OWN = ScopeInstance(Scope.FUNCTION, "")
"""The extent of one test, whichever it is."""


def parse_scope(value: object, what: str) -> Scope:
    """The scope of that name; raises ValueError with the valid names where there is none."""
    scope = SCOPES.get(value) if isinstance(value, str) else None
    if scope is None:
        raise ValueError(f"{what} must be one of {', '.join(map(repr, SCOPES))}, not {value!r}")
    return scope
