"""Node ids: how users name a test, and how a run does."""

from typing import NamedTuple

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
    return SEPARATOR.join((file, *classes, name))


def split_id(node_id: str) -> IdParts:
    """Take a node id apart; a case id may itself contain `::` or brackets."""
    head, bracket, case = node_id.partition("[")
    file, *classes, function = head.split(SEPARATOR) if SEPARATOR in head else (head, "")
    return IdParts(file, tuple(classes), function, case.removesuffix("]") if bracket else None)
