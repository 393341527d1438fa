"""What the door answers to one of pytest's names."""

from typing import NamedTuple


class Ours(NamedTuple):
    """The name is there, and does what it does in pytest."""

    target: str
    """Where it is: `package.module:name`; without a name the module itself."""


class Partial(NamedTuple):
    """The name is there, and does less than in pytest, or something else."""

    target: str
    note: str
    """What the difference is."""


class Absent(NamedTuple):
    """The name is not there."""

    advice: str
    """What to do instead."""


Answer = Ours | Partial | Absent
