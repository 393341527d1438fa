"""What a test does to state that outlives it.

Here stands what tests hand over to each other inside one module: its globals and the attributes of its classes.
"""

import enum
from collections import deque

from rustest.model.record import NamedTuple


class Access(enum.IntFlag):
    """How a function touches a resource."""

    READ = 1
    APPEND = 2
    """Adds to a container without looking at it."""
    CHANGE = 4
    """Changes an object in place."""
    REPLACE = 8
    """Stores another object under the name."""
    CALL = 16
    """Calls a method of an object, which may change it."""


WRITES = Access.APPEND | Access.CHANGE | Access.REPLACE
READS = Access.READ | Access.CALL


class Resource(NamedTuple):
    """A name that tests can hand state over by: a module's global, or an attribute of a class."""

    holder: type | None
    name: str

    @property
    def label(self) -> str:
        """The resource in words."""
        if self.holder is None:
            return f"the global `{self.name}`"
        return f"the class attribute `{self.holder.__qualname__}.{self.name}`"


Footprint = dict[Resource, Access]

_APPENDING = frozenset({"append", "appendleft", "extend", "extendleft", "add"})
_TAKING = frozenset({"pop", "popleft", "popitem", "remove", "setdefault"})
_CHANGING = frozenset({"update", "clear", "insert", "discard", "sort", "reverse", "rotate", "subtract", "move_to_end"})
CHANGING_METHODS = _APPENDING | _TAKING | _CHANGING
"""What Python's own containers call the methods that change them."""
TAKING_AWAY = frozenset({"pop", "popitem", "remove", "clear", "discard"})
"""Those that may take back what another one has done."""


def method_access(name: str) -> Access:
    """What one of the `CHANGING_METHODS` does to its container."""
    if name in _APPENDING:
        return Access.APPEND
    return Access.CHANGE | Access.READ if name in _TAKING else Access.CHANGE


def is_container(value: object) -> bool:
    """Whether it is a mutable container of Python's own, or of a class derived from one."""
    return issubclass(type(value), list | dict | set | deque | bytearray)
