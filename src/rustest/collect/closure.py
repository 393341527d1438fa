"""The fixtures that a test comes to use: those that it asks for, and those that these ask for in turn."""

from collections.abc import Iterable

from rustest.model.fixtures import FixtureDef
from rustest.model.ids import make_id
from rustest.model.item import TestFunction


def closure_of(function: TestFunction, fixtures: Iterable[FixtureDef], *also: str) -> dict[str, tuple[FixtureDef, ...]]:
    """By name, in the order of asking, the definitions that it uses, the nearest first; none for a parameter.

    Autouse fixtures come first, then those of `usefixtures`, the arguments, and `also`. Of `fixtures`, which stand
    outermost first, it sees what its place does; a definition uses the one that it overrides if it asks for its name.
    """
    node_id, seen = make_id(function.file, function.classes, function.name), dict[str, list[FixtureDef]]()
    for fixture in fixtures:
        if fixture.is_seen_from(node_id):
            seen.setdefault(fixture.name, []).insert(0, fixture)
    around = {} if function.only_asked else seen
    autouse = (name for name, definitions in around.items() if any(one.autouse for one in definitions))
    marked = (str(name) for mark in function.marks if mark.name == "usefixtures" for name in mark.args)
    names = list(dict.fromkeys((*autouse, *marked, *function.arguments, *also)))
    closure: dict[str, tuple[FixtureDef, ...]] = {}
    for name in names:  # which grows meanwhile
        closure[name] = used = _used(seen.get(name, ()), name)
        names += [more for one in used for more in one.arguments if more not in names]
    return closure


def _used(definitions: Iterable[FixtureDef], name: str) -> tuple[FixtureDef, ...]:
    """Those of the definitions of that name, the nearest first, that come to be used."""
    used: list[FixtureDef] = []
    for definition in definitions:
        used.append(definition)
        if name not in definition.arguments:
            break
    return tuple(used)
