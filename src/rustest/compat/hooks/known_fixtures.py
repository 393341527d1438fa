"""Where plugins look which fixtures a test sees and uses: `session._fixturemanager`, and `_fixtureinfo` of tests."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from rustest.collect.parameters import arguments_of
from rustest.compat.hooks.closure import fixture_names
from rustest.compat.hooks.fixture_setup import SetUpFixture
from rustest.compat.hooks.nodes import Node
from rustest.compat.hooks.python_nodes import PyCollector
from rustest.model.fixtures import FixtureDef
from rustest.model.item import TestFunction

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

    def parsefactories(
        self, node_or_obj: Any = None, nodeid: str | None = None, *, holder: object = None, node: Node | None = None
    ) -> None:
        """Read a collector's module or class for fixtures, or another thing, for those that stand at that place."""
        if holder is not None:
            self._parse((holder, "" if node is None else node.nodeid))
        elif isinstance(node_or_obj, PyCollector):
            self._parse((node_or_obj.obj, node_or_obj.nodeid))
        else:
            self._parse((node_or_obj, nodeid or ""))

    def getfixtureinfo(self, node: "Item", func: Callable[..., object] | None, cls: type | None) -> "FuncFixtureInfo":
        """What a test comes to use that asks for a function's arguments, and for what all tests there have."""
        asks_for_none = func is None or getattr(node, "nofuncargs", False)
        arguments = () if func is None or asks_for_none else arguments_of(func, bound=cls is not None)
        return self._info(node, arguments, node.item.function._replace(arguments=arguments, only_asked=False))

    def getfixtureclosure(
        self, parentnode: "Item", initialnames: Iterable[str], ignore_args: object = ()
    ) -> tuple[list[str], Mapping[str, Sequence[SetUpFixture]]]:
        """The names of all fixtures that a test comes to use that asks for these, and the fixtures."""
        names = tuple(initialnames)
        info = self._info(parentnode, names, parentnode.item.function._replace(arguments=names))
        return info.names_closure, info.name2fixturedefs

    def _info(self, node: "Item", arguments: tuple[str, ...], asking: TestFunction) -> "FuncFixtureInfo":
        names = [*fixture_names(asking, self._seen_in(asking.file))]
        found = {name: definitions for name in names if (definitions := self.getfixturedefs(name, node))}
        return FuncFixtureInfo(arguments, arguments, names, found)

    def getfixturedefs(self, argname: str, node: "Item") -> list[SetUpFixture] | None:
        """All of that name that a test sees, the nearest last; None where there is none."""
        fixtures = self._seen_in(node.item.function.file)
        named = [one for one in fixtures if one.name == argname and one.is_seen_from(node.nodeid)]
        return [*map(SetUpFixture, named)] or None


class FuncFixtureInfo(NamedTuple):
    """What a test asks for."""

    argnames: tuple[str, ...]
    """The arguments of its function."""
    initialnames: tuple[str, ...]
    """These, and what else it asks for by itself."""
    names_closure: list[str]
    """The names of all fixtures that it comes to use."""
    name2fixturedefs: Mapping[str, Sequence[SetUpFixture]]
    """These fixtures."""


class LiveFixtureInfo:
    """The same of a test that rustest has collected; plugins may add to it."""

    def __init__(self, item: "Item") -> None:
        self._item = item
        self.argnames = item.item.function.arguments
        self.initialnames = self.argnames
        self.names_closure = item.fixturenames

    @property
    def name2fixturedefs(self) -> dict[str, list[SetUpFixture]]:
        """The fixtures that it comes to use."""
        known = self._item.session.known_fixtures
        found = {name: known.getfixturedefs(name, self._item) for name in self.names_closure}
        return {name: definitions for name, definitions in found.items() if definitions}
