"""How often a test that fails is tried again."""

from rustest.model.hints import cast
from rustest.model.item import Item
from rustest.model.marks import Mark
from rustest.model.plan import Retry


def retry_of(item: Item, default: int) -> Retry | None:
    """What the nearest mark `flaky` asks for, or else the settings; None where the first attempt is the last."""
    for mark in item.marked("flaky"):
        return _of_mark(mark)
    return Retry(default) if default else None


def _of_mark(mark: Mark) -> Retry | None:
    """Its values were checked when it was written."""
    retries = cast("int", mark.kwargs.get("retries", 1))
    delay = cast("float", mark.kwargs.get("delay", 0.0))
    only = cast("tuple[type[BaseException], ...] | None", mark.kwargs.get("only"))
    return Retry(retries, delay, only) if retries else None
