"""The members of exception groups, drawn as a tree in plain ASCII."""

from collections.abc import Callable, Iterable, Iterator

from rustest.model.failure import Failure
from rustest.report.lines import Line


def member_lines(failure: Failure, tell: Callable[[Failure], Iterable[Line]]) -> Iterator[Line]:
    """The lines of each member, as `tell` gives them, on a branch of its own."""
    total = len(failure.members)
    for number, member in enumerate(failure.members, 1):
        first, *rest = tell(member)
        yield Line(f"+-- {number} of {total}: {first.text}", first.role)
        trunk = "|   " if number < total else "    "
        yield from (Line(f"{trunk}{line.text}".rstrip(), line.role) for line in rest)
