"""Bad tests of which there is the very same to say, as of all users of a fixture that is broken: told once."""

from collections.abc import Iterable, Iterator, Sequence

from rustest.model.events import TestFinished
from rustest.model.failure import Failure, Phase
from rustest.model.outcome import Outcome
from rustest.report.lines import Line
from rustest.report.messages import LISTED, count, listing


def told_together(bad: Iterable[TestFinished]) -> Iterable[tuple[TestFinished, list[str]]]:
    """Each bad test that is told in full, with the ids of those that its failures stand for as well."""
    groups: dict[object, tuple[TestFinished, list[str]]] = {}
    for finished in bad:
        outcome = finished.outcome
        told = (outcome.verdict, _told(outcome)) if outcome.failures and not finished.output else finished.id
        if told in groups:
            groups[told][1].append(finished.id)
        else:
            groups[told] = finished, []
    return groups.values()


def _told(outcome: Outcome) -> tuple[Failure, ...]:
    """What there is to say; a complaint of the plan has the place of its test, and is the same in other places."""
    return tuple(one._replace(frames=()) if one.phase is Phase.PLAN else one for one in outcome.failures)


def alike_lines(alike: Sequence[str], verbosity: int) -> Iterator[Line]:
    """The names of the tests that went wrong in the same way; all of them where no short list follows."""
    if alike:
        yield Line(f"the same in {count(len(alike), 'more test')}:")
        names = listing(alike, len(alike) if verbosity < 0 else LISTED)
        yield from (Line(f"  {name}") for name in names)
