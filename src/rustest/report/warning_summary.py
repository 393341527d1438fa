"""The warnings of a run, each told once, with how often it was given, where, and in which tests."""

from collections.abc import Iterator, Sequence

from rustest.model.events import WarningIssued
from rustest.report.lines import Line, Role
from rustest.report.messages import listing, place

_NAMED = 3
"""How many places and tests are named of each warning before the rest is counted."""


def warning_lines(warnings: Sequence[WarningIssued], rootdir: str) -> Iterator[Line]:
    """The warnings in the order in which they first came, those of one class and message together."""
    alike: dict[tuple[str, str], list[WarningIssued]] = {}
    for warning in warnings:
        alike.setdefault((warning.category, warning.message), []).append(warning)
    for (category, message), given in alike.items():
        times = f" ({len(given)} times)" if len(given) > 1 else ""
        first, *more = message.split("\n")
        yield Line(f"WARNING {category}: {first}{times}", Role.HEADING)
        yield from (Line(f"  {line}", Role.DETAIL) for line in more)
        places = dict.fromkeys(place(one.file, one.line, rootdir) for one in given)
        yield from (Line(f"  {where}", Role.PLACE) for where in listing(list(places), _NAMED))
        tests = dict.fromkeys(f"in {one.id}" if one.id else "outside of tests" for one in given)
        yield from (Line(f"  {test}") for test in listing(list(tests), _NAMED))
