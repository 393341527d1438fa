"""The two sides held against each other, test by test."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from rustest.doctor.pytest_side import Side


class Renamed(NamedTuple):
    """A test that both have, by different node ids."""

    there: str
    here: str


class Lone(NamedTuple):
    """A test that only one side has."""

    id: str
    reason: str
    """Why, as far as that is known; else empty."""


class Comparison(NamedTuple):
    """What is the same under pytest and here, and what is not."""

    same: int
    there: tuple[Lone, ...]
    here: tuple[Lone, ...]
    renamed: tuple[Renamed, ...]

    @property
    def differs(self) -> bool:
        """Whether anything does."""
        return bool(self.there or self.here or self.renamed)


def compare(there: Side, here: Side) -> Comparison:
    """Hold what pytest collects against what rustest does.

    Cases of one test function that only one side has each are the same cases under other names, if both have as many.
    """
    known_there, known_here = set(there.ids), set(here.ids)
    lone_there = [node_id for node_id in dict.fromkeys(there.ids) if node_id not in known_here]
    lone_here = [node_id for node_id in dict.fromkeys(here.ids) if node_id not in known_there]
    renamed = _pair(lone_there, lone_here)
    paired = {node_id for pair in renamed for node_id in pair}
    return Comparison(
        len(known_there & known_here),
        _explain([node_id for node_id in lone_there if node_id not in paired], here.errors),
        _explain([node_id for node_id in lone_here if node_id not in paired], there.errors),
        renamed,
    )


def _pair(there: Iterable[str], here: Iterable[str]) -> tuple[Renamed, ...]:
    cases_there, cases_here = _by_function(there), _by_function(here)
    return tuple(
        Renamed(*pair)
        for function, cases in cases_there.items()
        if len(cases) == len(cases_here.get(function, ()))
        for pair in zip(cases, cases_here[function], strict=True)
    )


def _by_function(ids: Iterable[str]) -> Mapping[str, list[str]]:
    cases: defaultdict[str, list[str]] = defaultdict(list)
    for node_id in ids:
        cases[node_id.partition("[")[0]].append(node_id)
    return cases


def _explain(ids: Sequence[str], errors: Mapping[str, str]) -> tuple[Lone, ...]:
    return tuple(Lone(node_id, _reason(node_id, errors)) for node_id in ids)


def _reason(node_id: str, errors: Mapping[str, str]) -> str:
    """What keeps the other side from having it: an error of the test itself, or of what it stands in."""
    return next((text for where, text in errors.items() if _is_within(node_id, where)), "")


def _is_within(node_id: str, where: str) -> bool:
    return node_id == where or node_id.startswith((f"{where}::", f"{where}[", f"{where}/"))
