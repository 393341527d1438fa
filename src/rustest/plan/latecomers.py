"""Tests that hooks add when all others are known: with their fixtures, and once for each param of these."""

from rustest.model.fixtures import FixtureDef
from rustest.model.hooks import Hooks
from rustest.model.item import Item
from rustest.model.settings import Settings
from rustest.plan.fixtures.chosen_scopes import choose_scopes, with_default_loops
from rustest.plan.fixtures.graph import FixtureGraph


class Latecomers:
    """Takes them in."""

    def __init__(self, graph: FixtureGraph, settings: Settings, hooks: Hooks) -> None:
        self._graph, self._settings, self._hooks = graph, settings, hooks
        self.fixtures: tuple[FixtureDef, ...] = ()
        """Those that have come with tests so far."""

    def take(self, items: tuple[Item, ...], fixtures: tuple[FixtureDef, ...]) -> tuple[Item, ...]:
        """The tests, once for each param; `fixtures` are those that are new with them."""
        if fixtures:
            new = choose_scopes(self._hooks.around_set_ups(fixtures), self._settings, self._hooks)
            self.fixtures += new
            self._graph.add(with_default_loops(new, self._settings))
        if not self._graph.has_params:
            return items
        from rustest.plan.fixtures.multiply import multiply

        return multiply(items, self._graph)[0]
