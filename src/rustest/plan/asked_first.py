"""Fixtures that are asked before all others, for they say on what a test runs: the backend, or the loop's policy."""

from collections.abc import Callable, Iterable

from rustest.model.calls import CallKind
from rustest.model.errors import PlanError
from rustest.model.fixtures import FixtureDef, FixtureParam
from rustest.model.item import Item, TestFunction
from rustest.model.marks import Mark
from rustest.model.record import NamedTuple

_REQUEST = "request"


class _Request(NamedTuple):
    """All that is there of `request` before anything runs."""

    param: object


def have_asked(items: Iterable[Item], name: str, has_to: Callable[[Item], bool]) -> tuple[Item, ...]:
    """Have each test that has to use the fixture, and so run once for each of its params."""
    marks = (Mark("usefixtures", (name,)),)
    known: dict[int, TestFunction] = {}

    def asking(item: Item) -> Item:
        function = known.get(id(item.function))
        if function is None:  # the cases of one function go on sharing it
            function = known[id(item.function)] = item.function._replace(marks=(*marks, *item.function.marks))
        return item._replace(function=function, marks=(*item.marks, *marks))

    return tuple(asking(item) if has_to(item) else item for item in items)


def value_asked_first(definition: FixtureDef, param: FixtureParam | None, what: str) -> Callable[[], object]:
    """What gives the fixture's value; raises PlanError for one that needs more than its param."""
    arguments = definition.arguments
    if definition.kind is not CallKind.PLAIN or definition.cls is not None or arguments not in ((), (_REQUEST,)):
        raise PlanError(
            f"the fixture {definition.name} ({definition.where}) is asked before any other: "
            f"it must be a plain def that takes nothing, or `request` for its param, and returns the {what}"
        )
    request = _Request(None if param is None else param.value)
    return lambda: definition.func(**dict.fromkeys(arguments, request))
