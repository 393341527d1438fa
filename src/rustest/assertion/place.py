"""Where in two compared values a pair of their parts stands."""

from collections.abc import Callable, Iterator

from rustest.model.record import NamedTuple
from rustest.model.saferepr import LIMIT, WHOLE, saferepr

_WIDTH = 80
"""How long two values together may be to stand on one line."""


def show(value: object, verbosity: int) -> str:
    """The value on one line, and all of it at `-vv`."""
    return saferepr(value, WHOLE if verbosity > 1 else LIMIT)


class Place(NamedTuple):
    """The way from the compared values to a pair of parts, and what describes such a pair."""

    verbosity: int
    describe: Callable[["Place", object, object], Iterator[str]]
    """Gives the lines on two values that are known to differ."""
    left: str = ""
    """The way as source code: `['users'][2].name`."""
    right: str = ""
    outer: frozenset[tuple[int, int]] = frozenset()
    """The identities of the pairs on the way: a pair that comes up again is part of a cycle."""

    def remember(self, left: object, right: object) -> "Place":
        """The same place, for the way to what is inside of these two."""
        return self._replace(outer=self.outer | {(id(left), id(right))})

    def differ(self, left: object, right: object) -> bool:
        """Whether two parts differ, as containers judge it; the two of a cycle are known to."""
        if left is right:
            return False
        return self.is_again(left, right) or not left == right  # noqa: SIM201 - `!=` may be another method

    def is_again(self, left: object, right: object) -> bool:
        """Whether the way has led to these two before."""
        return (id(left), id(right)) in self.outer

    def describe_inside(self, step: str, left: object, right: object, right_step: str | None = None) -> Iterator[str]:
        """The lines on two differing parts that stand that step inside; `right_step` where it is another one there."""
        return self.describe(self.enter(step, right_step), left, right)

    def enter(self, step: str, right_step: str | None = None) -> "Place":
        """The place that step inside."""
        return self._replace(left=self.left + step, right=self.right + (step if right_step is None else right_step))

    def only_left(self, step: str, value: object) -> str:
        """The line on a part which the right side has not."""
        return f"- {self.left}{step}: {self.show(value)}"

    def only_right(self, step: str, value: object) -> str:
        """The line on a part which the left side has not."""
        return f"+ {self.right}{step}: {self.show(value)}"

    def show(self, value: object) -> str:
        """The value on one line."""
        return show(value, self.verbosity)

    def say(self, what: str) -> str:
        """A line on this place."""
        return f"at {self._name()}: {what}" if self.left else what

    def say_unequal(self, left: str, right: str, hint: str = "") -> list[str]:
        """The lines on two shown values at this place; of the compared values themselves, the hint alone."""
        if not self.left:
            return [hint] if hint else []
        if len(left) + len(right) <= _WIDTH:
            return [self.say(f"{left} != {right}" + (f" ({hint})" if hint else ""))]
        return [*self.head(), f"- {left}", f"+ {right}", *([f"({hint})"] if hint else [])]

    def head(self, what: str = "") -> list[str]:
        """The line above those on this place; none where nothing would stand in it."""
        named = ", ".join(part for part in (self.left and self._name(), what) if part)
        return [f"at {named}:"] if named else []

    def _name(self) -> str:
        return self.left if self.left == self.right else f"{self.left} (right: {self.right})"
