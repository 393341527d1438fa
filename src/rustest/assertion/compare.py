"""`explain_comparison`: the lines beneath `assert left == right`, which say what differs and nothing else."""

import itertools
from collections.abc import Iterator

from rustest.assertion.containers import is_set
from rustest.assertion.differences import describe_difference
from rustest.assertion.membership import describe_absence, describe_identity, describe_presence
from rustest.assertion.place import Place
from rustest.assertion.set_diff import diff_subset
from rustest.model.saferepr import MUST_PASS, shorten

_HEADING = "left (-) and right (+) differ:"
_SHOWN = (30, 150)
"""How many lines there may be at the verbosities 0 and 1."""
_COUNTED = 2_000
"""How many lines are counted to say how many were left out."""


def explain_comparison(op: str, left: object, right: object, *, verbosity: int) -> list[str]:
    """What to say beneath the failed comparison; nothing where its first line says all there is.

    Lines that begin with `- ` show what only the left side has, those with `+ ` what only the right side has. Whatever
    the methods of the two raise is said in a line, and not raised.
    """
    place = Place(verbosity, describe_difference)
    lines = _fold(_end_well(op, place, left, right), verbosity)
    if any(line.startswith(("- ", "+ ")) for line in lines):
        return [_HEADING, *lines]
    return lines


def _describe(op: str, place: Place, left: object, right: object) -> Iterator[str]:
    match op:
        case "==":
            return describe_difference(place, left, right)
        case "is":
            return describe_identity(place, left, right)
        case "in":
            return describe_absence(place, left, right)
        case "not in":
            return describe_presence(place, left, right)
        case "<=" | "<" if is_set(left) and is_set(right):
            return diff_subset(place, left, right, "-")
        case ">=" | ">" if is_set(left) and is_set(right):
            return diff_subset(place, right, left, "+")
        case _:
            return iter(())


def _end_well(op: str, place: Place, left: object, right: object) -> Iterator[str]:
    """The lines up to where a method of the compared values raises."""
    try:
        yield from _describe(op, place, left, right)
    except (GeneratorExit, *MUST_PASS):
        raise
    except BaseException as broken:  # a user's method may raise anything
        yield f"(no details: comparing them raised {_name(broken)})"


def _name(broken: BaseException) -> str:
    kind = type(broken).__name__
    try:
        message = " ".join(str(broken).split())
    except MUST_PASS:
        raise
    except BaseException:  # as broken as what raised it
        return kind
    return shorten(f"{kind}: {message}") if message else kind


def _fold(lines: Iterator[str], verbosity: int) -> list[str]:
    """As many lines as the verbosity lets through, and how many more there are."""
    if verbosity > 1:
        return list(lines)
    room = _SHOWN[max(verbosity, 0)]
    taken = list(itertools.islice(lines, _COUNTED))
    if len(taken) <= room:
        return taken
    more = f"{len(taken) - room}" if len(taken) < _COUNTED else f"more than {_COUNTED - room}"
    return [*taken[:room], f"... {more} more lines; -vv shows all"]
