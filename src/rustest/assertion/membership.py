"""`in`, `not in` and `is`: where something was found, what comes near to it, and what is equal but another object."""

import itertools
from collections.abc import Iterable, Iterator

from rustest.assertion.containers import is_collection, is_mapping, is_sequence
from rustest.assertion.marked_text import mark_pair
from rustest.assertion.place import Place

_AROUND = 30
_NEAR = 1_000
"""How many elements are looked at for one that comes near."""
_BEGINNING = 4
"""How many characters a beginning must have to be worth showing."""


def describe_presence(place: Place, left: object, right: object) -> Iterator[str]:
    """Where the right side holds what it should not."""
    if isinstance(left, str) and isinstance(right, str):
        yield from _show_found(left, right, right.find(left))
    elif isinstance(left, bytes) and isinstance(right, bytes | bytearray):
        yield f"found at index {right.find(left)}"
    elif is_mapping(right):
        yield f"found as a key, with the value {place.show(right[left])}"
    elif is_sequence(right):
        index = next((index for index, element in enumerate(right) if element is left or element == left), None)
        if index is not None:
            yield f"found at index {index}"


def _show_found(part: str, text: str, index: int) -> Iterator[str]:
    """The place of the part in the text, with what stands around it and marks beneath it."""
    if index < 0 or not part:
        return
    line = text.count("\n", 0, index) + 1
    yield f"found at index {index}" + (f", in line {line}:" if "\n" in text else ":")
    start = max(text.rfind("\n", 0, index) + 1, index - _AROUND)
    end = index + len(part.partition("\n")[0][: 2 * _AROUND])
    stop = min(_find_or_end(text, "\n", end), end + _AROUND)
    before, found, after = (_visible(text[slice(*ends)]) for ends in ((start, index), (index, end), (end, stop)))
    yield f"  {before}{found}{after}"
    yield f"  {' ' * len(before)}{'^' * max(1, len(found))}"


def _find_or_end(text: str, part: str, start: int) -> int:
    found = text.find(part, start)
    return len(text) if found < 0 else found


def _visible(text: str) -> str:
    return text if text.isprintable() else repr(text)[1:-1]


def describe_absence(place: Place, left: object, right: object) -> Iterator[str]:
    """What comes near to what the right side should hold."""
    if isinstance(left, str) and isinstance(right, str):
        yield from _find_near_text(place, left, right)
    elif is_collection(right) and not isinstance(right, str | bytes):
        yield from _find_near_element(place, left, right)


def _find_near_text(place: Place, part: str, text: str) -> Iterator[str]:
    index = text.casefold().find(part.casefold())
    if index >= 0 and len(text.casefold()) == len(text):
        yield f"found only where case is ignored, at index {index}: {place.show(text[index : index + len(part)])}"
        return
    size = _longest_beginning(part, text)
    if size >= _BEGINNING and size * 3 >= len(part):
        index = text.find(part[:size])
        yield f"only its first {size} characters are there, at index {index}:"
        yield from mark_pair(part, text[index : index + len(part)], quoted=True, whole=place.verbosity > 1).lines


def _longest_beginning(part: str, text: str) -> int:
    """How many of its first characters stand somewhere in the text one after the other."""
    known, unknown = 0, len(part)
    while known < unknown:
        middle = (known + unknown + 1) // 2
        if part[:middle] in text:
            known = middle
        else:
            unknown = middle - 1
    return known


def _find_near_element(place: Place, left: object, right: Iterable[object]) -> Iterator[str]:
    """An element that looks the same but is not, or a text that differs in case and blanks only."""
    wanted = _simplify(place, left)
    for element in itertools.islice(right, _NEAR):
        if (type(element) is type(left) or place.show(element) == place.show(left)) and _simplify(
            place, element
        ) == wanted:
            yield f"there is one like it: {place.show(element)}"
            return


def _simplify(place: Place, value: object) -> str:
    return " ".join(value.casefold().split()) if isinstance(value, str) else place.show(value)


def describe_identity(place: Place, left: object, right: object) -> Iterator[str]:
    """That two objects look the same and yet are two."""
    if type(left) is type(right) and place.show(left) == place.show(right):
        yield "they look the same, but are two objects: == compares values"
