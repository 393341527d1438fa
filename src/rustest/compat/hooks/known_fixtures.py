"""Where plugins look which fixtures a test sees and uses: `session._fixturemanager`, and `_fixtureinfo` of tests."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from rustest.compat.hooks.fixture_setup import SetUpFixture
from rustest.compat.hooks.python_nodes import PyCollector
from rustest.model.fixtures import FixtureDef

if TYPE_CHECKING:
    from rustest.compat.hooks.items import Item


class KnownFixtures:
    """The fixtures that the tests of a run see."""

    def __init__(
        self, seen_in: Callable[[str], Iterable[FixtureDef]], parse: Callable[[tuple[object, str]], None]
    ) -> None:
        self._seen_in = seen_in
        """Gives those that the tests of a file see, the outermost first."""
        self._parse = parse

    def parsefactories(self, node_or_obj: object, nodeid: str | None = None) -> None:
        """Read a collector's module or class for fixtures, or another thing, for those that stand at that place."""
        if isinstance(node_or_obj, PyCollector):
            self._parse((node_or_obj.obj, node_or_obj.nodeid))
        else:
            self._parse((node_or_obj, nodeid or ""))

    def getfixturedefs(self, argname: str, node: "Item") -> list[SetUpFixture] | None:
        """All of that name that a test sees, the nearest last; None where there is none."""
        fixtures = self._seen_in(node.item.function.file)
        named = [one for one in fixtures if one.name == argname and one.is_seen_from(node.nodeid)]
        return [*map(SetUpFixture, named)] or None


class FuncFixtureInfo:
    """What a test asks for."""

    def __init__(self, item: "Item") -> None:
        self._item = item

    @property
    def argnames(self) -> tuple[str, ...]:
        """The arguments of its function."""
        return self._item.item.function.arguments

    @property
    def names_closure(self) -> list[str]:
        """The names of all fixtures that it comes to use."""
        return self._item.fixturenames

    @property
    def name2fixturedefs(self) -> dict[str, list[SetUpFixture]]:
        """These fixtures."""
        known = self._item.session.known_fixtures
        found = {name: known.getfixturedefs(name, self._item) for name in self.names_closure}
        return {name: definitions for name, definitions in found.items() if definitions}
