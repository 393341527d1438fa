"""Fixtures that only the run asks for, by `request.getfixturevalue`."""

from collections.abc import Iterable
from functools import cached_property

from rustest.model.item import Item
from rustest.model.plan import FixtureUse, RunStep, Window
from rustest.plan.fixture_graph import FixtureGraph


class Lookup:
    """Finds what one more fixture of a planned test needs, with the params that the test has."""

    def __init__(self, graph: FixtureGraph, windows: Iterable[Window]) -> None:
        self._graph = graph
        self._windows = windows

    def resolve(self, item: Item, name: str) -> tuple[FixtureUse, ...]:
        """The fixture, which stands last, and before it what it asks for; raises LookupError."""
        uses = self._graph.resolve(item, name)
        planned = self._planned.get(item.id, ())
        if not any(use.variant for use in planned):
            return uses
        known = {(use.definition.key, use.instance): use.variant for use in planned}
        lives = {key: number for variant in known.values() for key, number in variant}
        return tuple(
            use._replace(variant=known.get((use.definition.key, use.instance)) or _translate(use, lives))
            for use in uses
        )

    @cached_property
    def _planned(self) -> dict[str, tuple[FixtureUse, ...]]:
        """By id what was planned for each test."""
        steps = (step for window in self._windows for step in window.steps)
        return {step.item.id: step.fixtures for step in steps if isinstance(step, RunStep)}


def _translate(use: FixtureUse, lives: dict[str, int]) -> tuple[tuple[str, int], ...]:
    """The variant of what was not planned: made of the lives that what it uses has in this test."""
    return tuple((key, lives.get(key, number)) for key, number in use.variant)
