"""The mark `filterwarnings`: which warnings count while a test runs."""

from rustest.model.errors import PlanError
from rustest.model.item import Item
from rustest.model.marks import marks_of
from rustest.model.warning_filters import WarningFilter, parse_filter


def warning_filters(item: Item) -> tuple[WarningFilter, ...]:
    """The filters of the test's marks, in the order in which they are put in force: the last that matches wins.

    The nearest holder wins: the test over its class, the class over its module. Of several marks on one test it is the
    topmost, as in pytest. Raises PlanError for what is no filter.
    """
    if not item.marked("filterwarnings"):
        return ()
    own = len(item.marks) - len(item.function.marks) + len(marks_of(item.function.func))
    marks = (*reversed(item.marks[own:]), *item.marks[:own])
    try:
        texts = [str(text) for mark in marks if mark.name == "filterwarnings" for text in mark.args]
        return tuple(map(parse_filter, texts))
    except ValueError as error:
        raise PlanError(f"mark.filterwarnings: {error}") from None
