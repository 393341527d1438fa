"""Loop factories that a hook of pytest-asyncio's names: each async test runs once for each of them."""

from collections.abc import Callable, Iterator, Mapping

from rustest.model.choices import AsyncioMode
from rustest.model.hints import cast
from rustest.model.hooks import Hooks
from rustest.model.ids import join_ids
from rustest.model.item import Item
from rustest.model.marks import Mark
from rustest.model.settings import Settings

LOOP_FACTORY = "_loop_factory"
"""The name of the mark by which a test carries what makes its loop."""


def multiply_by_factories(items: tuple[Item, ...], settings: Settings, hooks: Hooks) -> tuple[Item, ...]:
    """The tests, those of pytest-asyncio once for each factory; where it is but one, the ids stay."""
    return tuple(made for item in items for made in _multiply(item, settings, hooks))


def _multiply(item: Item, settings: Settings, hooks: Hooks) -> Iterator[Item]:
    nearest = next(iter(item.marked("asyncio")), None)
    if not item.is_async or (nearest is None and settings.asyncio_mode is not AsyncioMode.AUTO):
        yield item
        return
    factories = _chosen(hooks.loop_factories(item) or {}, nearest)
    if not factories:
        yield item
    for name, factory in factories.items():
        marked = item._replace(marks=(Mark(LOOP_FACTORY, (factory,)), *item.marks))
        yield marked if len(factories) == 1 else marked.renamed(join_ids(name, item.case.id if item.case else None))


def _chosen(factories: Mapping[str, Callable[[], object]], mark: Mark | None) -> Mapping[str, Callable[[], object]]:
    """Those of the factories that the test's mark names; all, where it names none."""
    names = cast("list[str] | None", mark.kwargs.get("loop_factories")) if mark is not None else None
    return factories if names is None else {name: factories[name] for name in names if name in factories}
