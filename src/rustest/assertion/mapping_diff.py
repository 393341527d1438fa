"""Two mappings, key by key."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping

from rustest.assertion.place import Place
from rustest.model.saferepr import shorten

_KEY = 60


def diff_mappings(place: Place, left: Mapping[object, object], right: Mapping[object, object]) -> Iterator[str]:
    """What differs of the values of common keys, then the keys that one side has alone."""
    only_left = list[object]()
    for key, value in left.items():
        if key not in right:
            only_left.append(key)
        elif place.differ(value, (other := right[key])):
            yield from place.describe_inside(step_of(place, key), value, other)
    only_right = [key for key in right if key not in left]
    yield from (place.only_left(step_of(place, key), left[key]) for key in only_left)
    yield from (place.only_right(step_of(place, key), right[key]) for key in only_right)
    if not only_left and not only_right and _differ_in_order(left, right):
        yield place.say("their keys stand in another order, which counts for OrderedDict")


def step_of(place: Place, key: object) -> str:
    """The step to what is held under that key, or index."""
    shown = place.show(key)
    return f"[{shown if place.verbosity > 1 else shorten(shown, _KEY)}]"


def _differ_in_order(left: Mapping[object, object], right: Mapping[object, object]) -> bool:
    if not (isinstance(left, OrderedDict) and isinstance(right, OrderedDict)):
        return False
    return list(left) != list(right)
