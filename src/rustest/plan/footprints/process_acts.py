"""What functions do to what the whole process shares: the words in which one part of reading tells another."""

import enum
from collections.abc import Mapping
from types import CodeType

from rustest.model.hints import Protocol
from rustest.model.plan import Touch
from rustest.model.record import NamedTuple
from rustest.plan.footprints.shared_names import SharedNames

WHOLE = ""
"""The part of a resource that stands for all of it."""


class Resource(NamedTuple):
    """A name of the process's, and which part of what it holds, as far as that is known."""

    name: str
    part: str = WHOLE
    module: str = ""
    """The project's own module whose global it is; empty for what the whole process shares."""


class Effect(NamedTuple):
    """A change of a resource, and how to tell it."""

    resource: Resource
    touch: Touch
    given: str = ""
    """The argument of the function whose object is all that is changed; empty where it is anything else."""


class ActKind(enum.Enum):
    """What becomes of a resource."""

    CHANGE = enum.auto()
    PUT_BACK = enum.auto()
    """Ends a change, where there was one, and is one itself where there was none."""
    RELEASE = enum.auto()
    """Ends a change."""
    WITH = enum.auto()
    """A change that lasts as long as the `with` block that begins here."""
    SURE = enum.auto()
    """A change that counts wherever it stands."""


class Act(NamedTuple):
    """One step of what a function does, at one of its instructions."""

    offset: int
    kind: ActKind
    effect: Effect


class Called(NamedTuple):
    """What a call of another function amounts to for its caller."""

    acts: tuple[tuple[ActKind, Effect], ...] = ()
    holds: tuple[Effect, ...] = ()
    """What is changed while its result is used in a `with` block."""


class Surroundings(Protocol):
    """What a trace asks about the world around the function."""

    shared: SharedNames
    names: Mapping[str, object]
    stored: dict[tuple[type, str], bool]
    """By class and attribute, whether its methods store there but what they have made; filled by traces."""

    def path_of(self, name: str, known: object) -> str:
        """The dotted name of what a global stands for, if it belongs to another module."""
        ...

    def call(self, function: object, cls: type | None) -> Called | None:
        """What calling a function or class of the project's own amounts to; None for any other's."""
        ...

    def nested(self, code: CodeType, cls: type | None) -> Called:
        """What a function defined inside this one amounts to."""
        ...

    def place(self, code: CodeType, line: int) -> str:
        """File and line."""
        ...
