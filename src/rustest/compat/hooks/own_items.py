"""Tests that are nodes of a hook's own making: how rustest runs what such a node has in `runtest`."""

from collections.abc import Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any, cast

from rustest.authoring.exception_info import ExceptionInfo
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
    kind = type(item)

    def run(request: "Request") -> Generator[None]:
        node = cast("Item", request.node)
        node.live_request = request
        yield from _around(node)

    return _define(f"{kind.__name__}.setup", place, run, Scope.FUNCTION, kind)._replace(arguments=(REQUEST,))


def around_collector(collector: "Collector", name: str) -> FixtureDef:
    """What runs those of a file, or of something in it, around all tests there."""
    scope = Scope.MODULE if collector is collector.file else Scope.CLASS
    return _define(name, collector.nodeid, lambda: _around(collector), scope, type(collector))


def has_set_up(collector: "Collector") -> bool:
    """Whether a collector is of a kind that has something to be set up or torn down."""
    from rustest.compat.hooks.nodes import Node

    kind = type(collector)
    return kind.setup is not Node.setup or kind.teardown is not Node.teardown


def _around(node: Any) -> Generator[None]:
    try:
        node.setup()
        yield
    finally:  # as in pytest, where what was set up in part is torn down as well
        node.teardown()


def _define(name: str, place: str, run: Callable[..., object], scope: Scope, kind: Any) -> FixtureDef:
    origins = (kind.setup, kind.teardown)
    values = (False, None, None, (), None, place.partition("::")[0], 0)
    return FixtureDef(name, place, run, CallKind.GENERATOR, scope, (), *values, origins=origins)
