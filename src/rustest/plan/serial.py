"""The mark `serial` and the `serial` keys of fixtures: tests that keep apart."""

from rustest.model.item import Item
from rustest.model.plan import FixtureUse
from rustest.plan.complaint import PlanError


def serial_keys(item: Item, fixtures: tuple[FixtureUse, ...]) -> tuple[str, ...]:
    """The keys that the test holds while it runs, by its marks and its fixtures; raises PlanError for what is none."""
    keys: list[object] = [key for use in fixtures for key in use.definition.serial]
    for mark in item.marks:
        if mark.name == "serial":
            keys.extend(mark.args)
    if not keys:
        return ()
    for key in keys:
        if not isinstance(key, str):
            raise PlanError(f'keys of mark.serial are strings, such as mark.serial("database"), not {key!r}')
    return tuple(dict.fromkeys(key for key in keys if isinstance(key, str)))


def is_serial(item: Item) -> bool:
    """Whether a bare `serial` mark asks that nothing else be in flight."""
    return any(mark.name == "serial" and not mark.args for mark in item.marks)
