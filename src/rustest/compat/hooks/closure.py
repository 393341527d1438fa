"""The names of all fixtures that a test comes to use: `fixturenames`."""

from collections.abc import Iterable

from rustest.collect.closure import closure_of
from rustest.compat.hooks.carriers import is_carrier
from rustest.model.fixtures import FixtureDef
from rustest.model.item import TestFunction


def fixture_names(function: TestFunction, fixtures: Iterable[FixtureDef]) -> tuple[str, ...]:
    """The names of all fixtures and parameters that the test comes to use, wider scopes first, as in pytest."""
    closure = closure_of(function, (fixture for fixture in fixtures if not is_carrier(fixture)))
    return tuple(sorted(closure, key=lambda name: -(closure[name][0].scope if closure[name] else 0)))
