"""docs/pytest-names.md, held against the table of pytest's names."""

from pathlib import Path
from typing import assert_never

from rustest.compat.names.answers import Absent, Answer, Ours, Partial
from rustest.compat.names.pytest_names import MODULES

DOC = Path(__file__).parents[2] / "docs" / "pytest-names.md"


def tables() -> list[str]:
    """The headings and tables that the page must hold: when the test fails, copy them from there."""
    return [line for module in MODULES if MODULES[module] for line in section(module)]


def section(module: str) -> list[str]:
    rows = [f"| `{name}` | {told(answer)} |" for name, answer in MODULES[module].items()]
    return [f"## `{module}`", "| name | under rustest |", "|---|---|", *rows]


def told(answer: Answer) -> str:
    match answer:
        case Ours():
            return "yes"
        case Partial(note=note):
            return f"partly: {note}"
        case Absent(advice):
            return f"no: {advice}"
        case _:
            assert_never(answer)


def test_the_page_has_the_table_of_names():
    written = [line for line in DOC.read_text().splitlines() if line.startswith(("|", "## `"))]
    assert written == tables()
