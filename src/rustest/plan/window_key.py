"""What tells one window of the run from another."""

import enum

from rustest.model.fixtures import BUILTIN
from rustest.model.plan import Lane
from rustest.model.record import NamedTuple
from rustest.model.scope import ScopeInstance


class Rank(enum.IntEnum):
    """The kinds of windows, in the order in which they stand in their file's stretch of the run."""

    WHOLE_RUN = 0
    PACKAGE = 1
    SYNC = 2
    MODULE = 3
    CLASS = 4
    LOOP = 5
    ALONE = 6


class WindowKey(NamedTuple):
    """What tells one window from another."""

    rank: Rank
    path: str = ""
    """The node id of the file, class or package whose window it is."""
    loop: ScopeInstance | None = None
    """The loop on which all its tests run, where a user's factory makes it."""
    stretch: tuple[int, int] = (0, 0)
    """The stretch of the run, and that of its file in it, between which the params of shared fixtures change."""
    common: tuple[str, ...] = ()
    """The keys of fixtures of its tests' own that do the same for all of them, and so are set up once."""

    @property
    def undivided(self) -> "WindowKey":
        """What windows have in common that only the params of shared fixtures divide."""
        return self._replace(stretch=(0, 0))

    @property
    def lane(self) -> Lane:
        """How its tests run."""
        match self.rank:
            case Rank.SYNC:
                return Lane.SYNC
            case Rank.ALONE:
                return Lane.ALONE
            case _:
                return Lane.OVERLAP

    @property
    def title(self) -> str:
        """What its tests have in common, in words."""
        return f"{self._place}, with {self.common_names}" if self.common else self._place

    @property
    def common_names(self) -> str:
        """The fixtures of the project's own among the common ones; the built-in ones are there for these."""
        keys = [key for key in self.common if not key.startswith(BUILTIN)] or self.common
        return " and ".join(f"`{key.rpartition('::')[2]}`" for key in keys)

    @property
    def _place(self) -> str:
        match self.rank:
            case Rank.WHOLE_RUN:
                return "the whole run"
            case Rank.SYNC | Rank.ALONE:
                return self.path
            case Rank.LOOP:
                return f"the loop that a loop_factory makes for {self.path or 'the session'}"
            case Rank.PACKAGE | Rank.MODULE | Rank.CLASS:
                loop = ", on a loop_factory's loop" if self.loop else ""
                return f"fixtures of {self.rank.name.lower()} {self.path or '.'}{loop}"
