"""Two sets, element by element."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from rustest.assertion.place import Place

_SORTED = 10_000
"""Up to how many elements are put in order; a set has none, but a report should read the same each time."""


def diff_sets(place: Place, left: AbstractSet[object], right: AbstractSet[object]) -> Iterator[str]:
    """The elements that one side has alone."""
    only_left, only_right = _list_missing(left, right), _list_missing(right, left)
    if only_left or only_right:
        yield from place.head()
    yield from (f"- {shown}" for shown in _show_all(place, only_left))
    yield from (f"+ {shown}" for shown in _show_all(place, only_right))


def diff_subset(place: Place, small: AbstractSet[object], large: AbstractSet[object], sign: str) -> Iterator[str]:
    """Why the one is no subset, or no proper subset, of the other; `sign` is that of the side which should be small."""
    missing = _list_missing(small, large)
    yield from (f"{sign} {shown}" for shown in _show_all(place, missing))
    if not missing and len(small) == len(large):
        yield "both have the same elements"


def _list_missing(of: AbstractSet[object], other: AbstractSet[object]) -> list[object]:
    return [element for element in of if element not in other]


def _show_all(place: Place, elements: list[object]) -> Iterable[str]:
    if len(elements) > _SORTED:
        return map(place.show, elements)
    return sorted(map(place.show, elements))
