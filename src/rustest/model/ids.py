"""Node ids: how users name a test, and how a run does."""

from collections import Counter
from collections.abc import Iterator

from rustest.model.record import NamedTuple

SEPARATOR = "::"


class IdParts(NamedTuple):
    """A node id taken apart: `a/test_x.py::TestC::test_y[1]` has file, classes, function and case."""

    file: str
    classes: tuple[str, ...]
    function: str
    case: str | None

    @property
    def name(self) -> str:
        """The function with its case, as pytest and JUnit readers know it: `test_y[1]`."""
        return self.function if self.case is None else f"{self.function}[{self.case}]"


def make_id(file: str, classes: tuple[str, ...], function: str, case: str | None = None) -> str:
    """The node id of a test; `file` is relative to the root folder, with forward slashes."""
    name = function if case is None else f"{function}[{case}]"
    return SEPARATOR.join((file, *classes, name)) if classes else f"{file}{SEPARATOR}{name}"


def split_id(node_id: str) -> IdParts:
    """Take a node id apart; a case id may itself contain `::` or brackets."""
    head, bracket, case = node_id.partition("[")
    file, *classes, function = head.split(SEPARATOR) if SEPARATOR in head else (head, "")
    return IdParts(file, tuple(classes), function, case.removesuffix("]") if bracket else None)


def places_above(file: str, classes: tuple[str, ...]) -> Iterator[str]:
    """The places whose fixtures the tests of that file or class see, from the root folder down to the innermost class.

    A folder is named by its path, `""` for the root, a file or class by its node id.
    """
    yield ""
    folders = file.split("/")[:-1]
    for depth in range(1, len(folders) + 1):
        yield "/".join(folders[:depth])
    for depth in range(len(classes) + 1):
        yield SEPARATOR.join((file, *classes[:depth]))


def join_ids(*ids: str | None) -> str | None:
    """The id of a case that is made of several; None where none of them has a part in it."""
    parts = [part for part in ids if part is not None]
    return "-".join(parts) if parts else None


def tell_apart(ids: list[str | None]) -> list[str | None]:
    """The same ids, of which a second one of the same name and all after it get numbers.

    pytest has several tests by one name there; here a name means one test.
    """
    if len(set(ids)) == len(ids):
        return ids
    given, taken = frozenset(ids), set[str | None]()
    unique: list[str | None] = []
    for wanted in ids:
        name, number = wanted, 0
        while name in taken or (number and name in given):
            number += 1
            name = f"{wanted or ''}_{number}"
        taken.add(name)
        unique.append(name)
    return unique


def make_unique(ids: list[str]) -> list[str]:
    """The same ids with numbers after those that occur more than once, as many as it takes."""
    if len(set(ids)) == len(ids):
        return ids
    given = Counter(ids)
    taken, numbers = given.copy(), Counter[str]()
    return [each if given[each] == 1 else _number(each, taken, numbers) for each in ids]


def _number(id: str, taken: Counter[str], numbers: Counter[str]) -> str:
    stem = f"{id}_" if id[-1:].isdigit() else id
    while taken[unique := f"{stem}{numbers[id]}"]:
        numbers[id] += 1
    numbers[id] += 1
    taken[id] -= 1
    taken[unique] += 1
    return unique
