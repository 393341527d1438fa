"""Tests that hooks collect once all others are known, as one does that has each class run on several databases."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rustest.collect.expand import expand
from rustest.collect.rules import make_rules
from rustest.compat.hooks.items import Item
from rustest.compat.hooks.nodes import Collector, OwnNodeError
from rustest.compat.hooks.own_tests import OwnTests
from rustest.model.errors import HookError
from rustest.model.fixtures import FixtureDef
from rustest.model.item import Item as Test
from rustest.model.item import Problem, TestFunction

if TYPE_CHECKING:
    from rustest.compat.hooks.tree import Tree
    from rustest.model.hooks import Hooks, TakeLate

Generate = Callable[[Sequence[TestFunction], Iterable[FixtureDef]], Sequence[TestFunction | Problem]]


class LateTests:
    """Makes tests of nodes at once, and keeps the fixtures that come with them."""

    def __init__(self, tree: "Tree", hooks: "Hooks", take: "TakeLate") -> None:
        self._tree, self._hooks, self._take = tree, hooks, take
        self._fixtures: dict[str, FixtureDef] = {}

    def known(self, nodes: Iterable[Item]) -> Iterator[Item]:
        """The nodes, those that hooks have made as the tests that come of them."""
        for node in nodes:
            yield from (node,) if self._tree.known(node.nodeid) is node else self.tests_of(node)

    def tests_of(self, made: Item | Collector) -> Iterator[Item]:
        """The tests that come of a node; raises HookError for what cannot be collected."""
        tests = OwnTests(self._tree, self._hooks.name_value)
        try:
            tests.add(made)
        except OwnNodeError as refused:
            raise HookError(f"{made.nodeid} cannot be collected: {refused}") from refused
        found = tests.harvest()
        new = {fixture.key: fixture for fixture in found.fixtures if fixture.key not in self._fixtures}
        for function in found.functions[:1]:
            seen = self._tree.session.fixtures_of(function.file)
            new = {key: fixture for key, fixture in new.items() if all(key != one.key for one in seen)}
            self._tree.add_fixtures(function.file, (*seen, *new.values()))
        self._fixtures |= new
        items = [item for function in found.functions for item in self._expanded(function)]
        for problem in found.problems:
            raise HookError(f"{problem.where} cannot be collected: {problem.failure.headline}")
        yield from map(self._tree.node, self._take(tuple(items), tuple(new.values())))

    def _expanded(self, function: TestFunction) -> Iterable[Test]:
        visible = tuple(self._tree.session.fixtures_of(function.file))
        generated = self._hooks.generate((function,), visible)
        empty = make_rules(self._tree.config.settings).empty
        items, problems = expand(generated, visible, empty, self._hooks)
        for problem in problems:
            raise HookError(f"{problem.where} cannot be collected: {problem.failure.headline}")
        return items
