"""Keeping what the node ids on the command line name."""

from rustest.collect.discover import WantedFile
from rustest.model.errors import UsageError
from rustest.model.ids import SEPARATOR
from rustest.model.item import Item, Problem


class Selection:
    """What is wanted of one file, and what of that was found."""

    def __init__(self, wanted: WantedFile) -> None:
        self._file = wanted.file
        self._wanted = wanted.names
        self._missing = set(wanted.names)
        self._names: set[str] = set()

    def keep_items(self, items: list[Item]) -> list[Item]:
        """The wanted items, in their own order."""
        if not self._wanted:
            return items
        return [item for item in items if self._match(_prefixes(self._name(item.id)))]

    def keep_problems(self, problems: list[Problem]) -> list[Problem]:
        """The problems of the file itself, of what is wanted in it, and of what holds that."""
        if not self._wanted:
            return problems
        return [each for each in problems if each.where == self._file or self._concerns(self._name(each.where))]

    def check(self) -> None:
        """Raise UsageError for a name that matched nothing, with the names most like it."""
        for missing in sorted(self._missing):
            from difflib import get_close_matches

            near = get_close_matches(missing, sorted(self._names))
            hint = f"; did you mean {' or '.join(f'{self._file}{SEPARATOR}{name}' for name in near)}?" if near else ""
            raise UsageError(f"no such test: {self._file}{SEPARATOR}{missing}{hint}")

    def _name(self, node_id: str) -> str:
        return node_id[len(self._file) + len(SEPARATOR) :]

    def _concerns(self, name: str) -> bool:
        below = {wanted for wanted in self._wanted if name in _prefixes(wanted)}
        return self._match(_prefixes(name) | below)

    def _match(self, names: set[str]) -> bool:
        self._names |= names
        self._missing -= names
        return not names.isdisjoint(self._wanted)


def _prefixes(name: str) -> set[str]:
    """Every name that means this test too: without its case, and of its classes."""
    parts = name.partition("[")[0].split(SEPARATOR)
    return {name, *(SEPARATOR.join(parts[:depth]) for depth in range(1, len(parts) + 1))}
