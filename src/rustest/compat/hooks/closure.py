"""The names of all fixtures that a test comes to use: `fixturenames`."""

from collections.abc import Iterable

from rustest.compat.hooks.carriers import is_carrier
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import make_id
from rustest.model.item import TestFunction


def closure_of(function: TestFunction, fixtures: Iterable[FixtureDef]) -> tuple[str, ...]:
    """The names of all fixtures and parameters that the test comes to use, wider scopes first, as in pytest."""
    node_id = make_id(function.file, function.classes, function.name)
    seen = {fixture.name: fixture for fixture in fixtures if fixture.is_seen_from(node_id)}
    used = [str(name) for mark in function.marks if mark.name == "usefixtures" for name in mark.args]
    autouse = (fixture.name for fixture in seen.values() if fixture.autouse and not is_carrier(fixture))
    names = list(dict.fromkeys((*autouse, *used, *function.arguments)))
    for name in names:  # which grows meanwhile
        if name in seen:
            names += [more for more in seen[name].arguments if more not in names]
    return tuple(sorted(names, key=lambda name: -(seen[name].scope if name in seen else 0)))
