"""Tests that are nodes of a hook's own making: how rustest runs what such a node has in `runtest`."""

from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, cast

from rustest.authoring.exception_info import ExceptionInfo
from rustest.collect.fixtures import shown_path
from rustest.collect.parameters import origin_of
from rustest.compat.hooks.nodes import Node
from rustest.compat.hooks.representations import LongRepr
from rustest.model.calls import CallKind
from rustest.model.errors import Failed
from rustest.model.failure import say_of
from rustest.model.fixtures import FixtureDef
from rustest.model.scope import Scope

if TYPE_CHECKING:
    from rustest.compat.hooks.items import Item
    from rustest.compat.hooks.nodes import Collector
    from rustest.model.item import TestFunction
    from rustest.model.request import Request

REQUEST = "request"


class NodeBody:
    """The body of such a test: called, it runs what the node says."""

    __slots__ = ("node",)

    def __init__(self, node: "Item") -> None:
        self.node = node
        """As it was collected; a copy of the test has a copy of it, which the request knows."""

    def __call__(self, request: "Request", **fixtures: object) -> object:
        """Run it; what it raises is told as the node tells it."""
        node = cast("Item", request.node)
        node.live_request = request
        try:
            returned = cast("object", node.runtest())
            return cast("object", returned) if isinstance(returned, Awaitable) else None  # which nobody has awaited
        except (Exception, Failed) as error:
            _let_say(node, error)
            raise


def _let_say(node: "Item", error: BaseException) -> None:
    """Have an exception told as the node tells it; where that raises, as it is."""
    try:
        said = node.repr_failure(ExceptionInfo(error))
    except Exception as broken:
        error.add_note(f"repr_failure of {type(node).__name__} raised {type(broken).__name__}: {broken}")
    else:
        if not isinstance(said, LongRepr):
            say_of(error, said)


def is_node(function: "TestFunction") -> bool:
    """Whether a test is such a node."""
    return isinstance(function.func, NodeBody)


def around_item(item: "Item", place: str) -> FixtureDef:
    """What runs the `setup` and the `teardown` of tests of that kind in a file, after all that they use is set up."""

    def run(request: "Request") -> Generator[None]:
        node = cast("Item", request.node)
        node.live_request = request
        yield from _around(node)

    made = _define(item, f"{type(item).__name__}.setup", place, run)
    return made._replace(scope=Scope.FUNCTION, arguments=(REQUEST,))


def around_collector(collector: "Collector", name: str) -> FixtureDef:
    """What runs those of a file, or of something in it, around all tests there."""
    scope = Scope.MODULE if collector is collector.file else Scope.CLASS
    return _define(collector, name, collector.nodeid, lambda: _around(collector))._replace(scope=scope)


def has_set_up(node: "Node") -> bool:
    """Whether a node is of a kind that has something to be set up or torn down."""
    return any(function.__module__ != Node.__module__ for function in (type(node).setup, type(node).teardown))


def _around(node: "Node") -> Generator[None]:
    try:
        node.setup()
        yield
    finally:  # as in pytest, where what was set up in part is torn down as well
        node.teardown()


def _define(node: "Node", name: str, place: str, run: Callable[..., object]) -> FixtureDef:
    origins = tuple(each for each in (type(node).setup, type(node).teardown) if each.__module__ != Node.__module__)
    code, root = origin_of(origins[0]), node.config.settings.rootdir
    return FixtureDef(
        name=name,
        place=place,
        func=run,
        kind=CallKind.GENERATOR,
        scope=Scope.FUNCTION,
        arguments=(),
        autouse=False,
        params=None,
        ids=None,
        serial=(),
        cls=None,
        file=shown_path(code.__code__.co_filename, root) if code else place,
        line=code.__code__.co_firstlineno if code else 0,
        origins=origins,
    )
