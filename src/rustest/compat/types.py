"""Small types of pytest's that test files and plugins name."""

import enum
from typing import Final, Literal

ScopeName = Literal["session", "package", "module", "class", "function"]


class NotSetType(enum.Enum):
    """The type of the value that stands for none."""

    token = 0


NOTSET: Final = NotSetType.token


class FuncFixtureInfo:
    """What pytest knows of a test's fixtures: a name for annotations."""


class CallSpec:
    """The parameters of one test."""


class Exit(Exception):  # noqa: N818  # its name is pytest's
    """What pytest raises to end a run."""
