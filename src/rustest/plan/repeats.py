"""Copies of tests: each planned several times, under ids of its own."""

from rustest.model.ids import join_ids
from rustest.model.item import Item
from rustest.plan.fixtures.param_order import ParamKey


def repeat(
    items: tuple[Item, ...], keys: dict[str, tuple[ParamKey, ...]], times: int
) -> tuple[tuple[Item, ...], dict[str, tuple[ParamKey, ...]]]:
    """Each test so many times, as neighbours: `test_a[1]`, `test_a[2]`, and `test_b[x-1]` where it has a case."""
    copied: list[Item] = []
    copied_keys = dict(keys)
    for item in items:
        for number in range(1, times + 1):
            copy = item.renamed(join_ids(item.case.id if item.case else None, str(number)))
            copied.append(copy)
            if item.id in keys:
                copied_keys[copy.id] = keys[item.id]
    return tuple(copied), copied_keys
