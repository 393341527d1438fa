"""`pytest.Stash`: room for values, each under a key that nobody else has."""

from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class StashKey(Generic[Value]):
    """A key: equal to itself and nothing else."""


class Stash(dict[StashKey[Any], Any]):
    """What nodes and the config have room in."""
