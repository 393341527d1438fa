"""How long a test may take."""

from rustest.model.errors import PlanError
from rustest.model.item import Item
from rustest.model.marks import Mark


def time_limit(item: Item, default: float | None) -> float | None:
    """The limit in seconds: `asyncio(timeout=...)` of an async test, else `timeout`, else the default of the settings.

    Of several marks of one name the nearest counts. Raises PlanError for a limit that is no positive number.
    """
    if item.is_async:
        for mark in item.marked("asyncio"):
            if mark.kwargs.get("timeout") is not None:
                return _seconds(mark.kwargs["timeout"], mark)
    for mark in item.marked("timeout"):
        return _seconds(mark.args[0] if mark.args else mark.kwargs.get("timeout"), mark)
    return default


def _seconds(limit: object, mark: Mark) -> float:
    if isinstance(limit, bool) or not isinstance(limit, int | float):
        raise PlanError(f"the timeout of mark.{mark.name} must be a number of seconds, not {limit!r}")
    if not 0 < limit < float("inf"):
        raise PlanError(f"timeout must be positive: mark.{mark.name} gives {limit!r}")
    return float(limit)
