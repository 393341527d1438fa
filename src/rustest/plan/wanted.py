"""Keeping what the node ids on the command line name."""

from collections.abc import Iterable, Sequence

from rustest.model.errors import UsageError
from rustest.model.ids import SEPARATOR
from rustest.model.item import Collection, Item, Problem, Wanted


def keep_wanted(collection: Collection, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The items, made of the collection's, and the collection's problems without what nobody asked for.

    Raises UsageError for a name that nothing has, with the names most like it.
    """
    selections = {wanted.file: _Selection(wanted) for wanted in collection.wanted}
    kept = tuple(item for item in items if _keeps_item(item, selections.get(item.function.file)))
    problems = tuple(problem for problem in collection.problems if _keeps_problem(problem, selections))
    broken = {problem.where for problem in problems}
    for file, selection in selections.items():
        if file not in broken:  # a file that cannot be read may well hold the name
            selection.check()
    return kept, problems


def _keeps_item(item: Item, selection: "_Selection | None") -> bool:
    return selection is None or selection.keeps(item.id)


def _keeps_problem(problem: Problem, selections: "dict[str, _Selection]") -> bool:
    """Problems of the file itself are kept, those of what is wanted in it, and of what holds that."""
    file, separator, _ = problem.where.partition(SEPARATOR)
    return not separator or file not in selections or selections[file].concerns(problem.where)


class _Selection:
    """What is wanted of one file, and what of that was found."""

    def __init__(self, wanted: Wanted) -> None:
        self._file = wanted.file
        self._wanted = wanted.names
        self._missing = set(wanted.names)
        self._names: set[str] = set()

    def keeps(self, node_id: str) -> bool:
        """Whether that test is wanted."""
        return self._match(_prefixes(self._name(node_id)))

    def concerns(self, node_id: str) -> bool:
        """Whether that test or class is wanted, or holds what is."""
        name = self._name(node_id)
        below = {wanted for wanted in self._wanted if name in _prefixes(wanted)}
        return self._match(_prefixes(name) | below)

    def check(self) -> None:
        """Raise UsageError for a name that matched nothing, with the names most like it."""
        for missing in sorted(self._missing):
            near = _nearest(missing, sorted(self._names))
            hint = f"; did you mean {' or '.join(f'{self._file}{SEPARATOR}{name}' for name in near)}?" if near else ""
            raise UsageError(f"no such test: {self._file}{SEPARATOR}{missing}{hint}")

    def _name(self, node_id: str) -> str:
        return node_id[len(self._file) + len(SEPARATOR) :]

    def _match(self, names: Iterable[str]) -> bool:
        self._names.update(names)
        self._missing.difference_update(names)
        return not self._wanted.isdisjoint(names)


def _nearest(missing: str, names: Sequence[str]) -> Sequence[str]:
    """The names that may have been meant: those of a class that was left out, or else those that look much alike."""
    from difflib import get_close_matches

    inside = [name for name in names if name.endswith(SEPARATOR + missing)]
    return inside[:_SHOWN] or get_close_matches(missing, names, _SHOWN, _ALIKE)


_SHOWN, _ALIKE = 3, 0.75
"""How many names, and how much alike they are at least: nearly all have `test_` in common."""


def _prefixes(name: str) -> set[str]:
    """Every name that means this test too: without its case, and of its classes."""
    parts = name.partition("[")[0].split(SEPARATOR)
    return {name, *(SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1))}
