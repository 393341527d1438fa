"""Plugins that keep what they know of the running test, or of those before it, where overlap would mix it up.

Their tests run one at a time, and with the other tests of their files that do, in file order.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from rustest.compat.config import Config
from rustest.model.item import IN_ORDER_FOR, Item
from rustest.model.marks import Mark


class Sequential(NamedTuple):
    """A plugin beside whose tests nothing else is in flight."""

    project: str
    names: tuple[str, ...]
    """The names under which it is loaded."""
    mark: str = ""
    """The mark that makes a test one of its own; empty where all are."""
    setting: str = ""
    """The setting by which all are in spite of that."""
    option: str = ""
    """The option without which it does nothing; empty where it needs none."""


SEQUENTIAL = (
    Sequential("pytest-check", ("check", "pytest_check", "pytest_check.plugin")),
    Sequential("pytest-assume", ("assume", "pytest_assume", "pytest_assume.plugin")),
    Sequential("allure-pytest", ("allure_pytest", "allure_pytest.plugin"), option="allure_report_dir"),
    Sequential("pytest-dependency", ("dependency", "pytest_dependency"), "dependency", "automark_dependency"),
)


def keep_in_sequence(items: Iterable[Item], loaded: Collection[str], config: Config) -> tuple[Item, ...]:
    """The tests, those of such plugins with the mark that nothing else is in flight beside them, nor comes before."""
    found = tuple(items)
    for plugin in SEQUENTIAL:
        is_there = any(name in loaded for name in plugin.names)
        if is_there and (not plugin.option or config.getoption(plugin.option)):
            mark = "" if plugin.setting and config.getini(plugin.setting) else plugin.mark
            found = tuple(_alone(item, plugin) if not mark or item.marked(mark) else item for item in found)
    return found


def _alone(item: Item, plugin: Sequential) -> Item:
    return item._replace(marks=(*item.marks, Mark("serial", (), {IN_ORDER_FOR: plugin.project})))
