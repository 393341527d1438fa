"""Which fixtures a place in the tree can see, and which of one name is nearest."""

from collections.abc import Iterable, Mapping

from rustest.model.fixtures import BUILTIN, FixtureDef
from rustest.model.ids import places_above

REQUEST_NAME = "request"
"""The argument that is no fixture: every test and fixture gets one of its own."""
PARAMETER = "[parameter]"
"""The place of a direct parameter in the shape of a fixture, in what the cases of a test have in common."""

Shelf = dict[str, list[FixtureDef]]
"""The fixtures of one place by name; of two of one name the later is the nearer."""


class FixtureView:
    """All fixtures that the tests of one file or class can see."""

    def __init__(self, shelves: Mapping[str, Shelf], file: str, classes: tuple[str, ...]) -> None:
        self.file = file
        self.classes = classes
        self.places = tuple(places_above(file, classes))
        """From the root folder down to the innermost class."""
        self._shelves = [shelves[place] for place in (BUILTIN, *self.places) if place in shelves]
        self._found: dict[str, tuple[FixtureDef, ...]] = {}
        self._near: dict[str, list[str]] = {}
        self.autouse = self._autouse()

    def definitions(self, name: str) -> tuple[FixtureDef, ...]:
        """All fixtures of that name, the nearest first."""
        found = self._found.get(name)
        if found is None:
            shelves = reversed(self._shelves)
            found = tuple(definition for shelf in shelves for definition in reversed(shelf.get(name, ())))
            self._found[name] = found
        return found

    def near(self, name: str) -> list[str]:
        """The fixtures in view whose names are most like it."""
        if name not in self._near:
            import difflib

            names = sorted({name for shelf in self._shelves for name in shelf})
            self._near[name] = difflib.get_close_matches(name, names)
        return self._near[name]

    def _autouse(self) -> tuple[str, ...]:
        names: dict[str, None] = {}
        for shelf in self._shelves:
            autouse = [one for definitions in shelf.values() for one in definitions if one.autouse]
            names.update((one.name, None) for one in sorted(autouse, key=_rank))
        return tuple(names)


def _rank(definition: FixtureDef) -> tuple[bool, str]:
    """Sorts the autouse fixtures of one place as pytest does: by their functions' names.

    Those that no argument can ask for, which stand for `setup_module` and its kin, come first, as they are.
    """
    if not definition.name.isidentifier():
        return False, ""
    return True, str(getattr(definition.func, "__name__", definition.name))


def shelve(fixtures: Iterable[FixtureDef]) -> dict[str, Shelf]:
    """Sort the fixtures by place, then by name."""
    shelves: dict[str, Shelf] = {}
    for definition in fixtures:
        shelves.setdefault(definition.place, {}).setdefault(definition.name, []).append(definition)
    return shelves
