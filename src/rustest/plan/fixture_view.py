"""Which fixtures a place in the tree can see, and which of one name is nearest."""

from collections.abc import Iterable, Iterator, Mapping

from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR

Shelf = dict[str, list[FixtureDef]]
"""The fixtures of one place by name; of two of one name the later is the nearer."""


class FixtureView:
    """All fixtures that the tests of one file or class can see."""

    def __init__(self, shelves: Mapping[str, Shelf], file: str, classes: tuple[str, ...]) -> None:
        self.file = file
        self.classes = classes
        self.places = tuple(_places(file, classes))
        """From the root folder down to the innermost class."""
        self._shelves = [shelves[place] for place in self.places if place in shelves]
        self._found: dict[str, tuple[FixtureDef, ...]] = {}
        self._near: dict[str, list[str]] = {}
        self.autouse = self._autouse()

    def find(self, name: str, below: FixtureDef | None = None) -> FixtureDef | None:
        """The nearest fixture of that name; with `below`, one of the same name, the next one up from it."""
        candidates = self._candidates(name)
        if below is None:
            return candidates[0] if candidates else None
        above = iter(candidates)
        for candidate in above:
            if candidate is below:
                return next(above, None)
        return None

    def near(self, name: str) -> list[str]:
        """The fixtures in view whose names are most like it."""
        if name not in self._near:
            import difflib

            names = sorted({name for shelf in self._shelves for name in shelf})
            self._near[name] = difflib.get_close_matches(name, names)
        return self._near[name]

    def _candidates(self, name: str) -> tuple[FixtureDef, ...]:
        found = self._found.get(name)
        if found is None:
            shelves = reversed(self._shelves)
            found = tuple(definition for shelf in shelves for definition in reversed(shelf.get(name, ())))
            self._found[name] = found
        return found

    def _autouse(self) -> tuple[str, ...]:
        shelves = (definitions for shelf in self._shelves for definitions in shelf.values())
        return tuple(dict.fromkeys(one.name for definitions in shelves for one in definitions if one.autouse))


def shelve(fixtures: Iterable[FixtureDef]) -> dict[str, Shelf]:
    """Sort the fixtures by place, then by name."""
    shelves: dict[str, Shelf] = {}
    for definition in fixtures:
        shelves.setdefault(definition.place, {}).setdefault(definition.name, []).append(definition)
    return shelves


def _places(file: str, classes: tuple[str, ...]) -> Iterator[str]:
    yield ""
    folders = file.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        yield "/".join(folders[:depth])
    for depth in range(len(classes) + 1):
        yield SEPARATOR.join((file, *classes[:depth]))
