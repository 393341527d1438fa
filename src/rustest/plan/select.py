"""Selection: which of the collected tests `-k`, `-m` and `--deselect` keep."""

from collections.abc import Callable, Mapping

from rustest.model.ids import split_id
from rustest.model.item import Item
from rustest.model.settings import Settings

_MISSING = object()


def select(items: tuple[Item, ...], settings: Settings) -> tuple[Item, ...]:
    """The items that are kept, in order; raises UsageError for an expression that cannot be read."""
    filters = _filters(settings)
    return tuple(item for item in items if all(keeps(item) for keeps in filters)) if filters else items


def _filters(settings: Settings) -> list[Callable[[Item], bool]]:
    filters: list[Callable[[Item], bool]] = []
    if settings.markexpr.strip():
        filters.append(_by_marks(settings.markexpr))
    if settings.keyword.strip():
        filters.append(_by_keyword(settings.keyword))
    if settings.deselect:
        filters.append(lambda item: not item.id.startswith(settings.deselect))
    return filters


def _by_keyword(text: str) -> Callable[[Item], bool]:
    from rustest.plan.expression import compile_expression

    expression = compile_expression(text, "-k", keywords=False)

    def keeps(item: Item) -> bool:
        words = _words(item)
        return expression(lambda name, _: name.lower() in words)

    return keeps


def _words(item: Item) -> str:
    """All names of a test, one a line: no expression's name holds a line's end, so none matches across two."""
    function = item.function
    name = split_id(item.id).name
    marks = (mark.name for mark in item.marks)
    attributes = getattr(function.func, "__dict__", ())  # as in pytest: what somebody has set on the function
    return "\n".join((*function.file.split("/"), *function.classes, name, *marks, *attributes)).lower()


def _by_marks(text: str) -> Callable[[Item], bool]:
    from rustest.plan.expression import compile_expression

    expression = compile_expression(text, "-m", keywords=True)
    return lambda item: expression(lambda name, keywords: _has_mark(item, name, keywords))


def _has_mark(item: Item, name: str, keywords: Mapping[str, object]) -> bool:
    return any(
        all(mark.kwargs.get(key, _MISSING) == value for key, value in keywords.items()) for mark in item.marked(name)
    )
