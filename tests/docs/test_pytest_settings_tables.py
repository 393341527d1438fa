"""docs/pytest-settings.md, held against the tables of pytest's settings and options."""

from pathlib import Path

from rustest.compat.settings.ini_table import KNOWN_INI, KnownIni
from rustest.compat.settings.options import PYTEST_OPTIONS, PytestOption, Takes

DOC = Path(__file__).parents[2] / "docs" / "pytest-settings.md"


def tables() -> list[str]:
    """What the page must hold: when the test fails, copy it from there."""
    settings = ["| setting | value | what comes of it | |", "|---|---|---|---|", *map(setting_row, KNOWN_INI)]
    options = ["| option | what comes of it | |", "|---|---|---|", *map(option_row, PYTEST_OPTIONS)]
    return settings + options


def setting_row(row: KnownIni) -> str:
    target = f"decides `{row.key}`" if row.key not in ("", row.name) else ""
    return f"| `{row.name}` | {row.kind.value} | {row.effect.value} | {joined(target, row.note)} |"


def option_row(row: PytestOption) -> str:
    suffix = {Takes.NOTHING: "", Takes.VALUE: " VALUE", Takes.VALUES: " VALUE", Takes.MAYBE: " [VALUE]"}[row.takes]
    flags = ", ".join(f"`{flag}{suffix}`" for flag in row.flags)
    clash = "rustest's own option means something else" if row.overrides else ""
    return f"| {flags} | {row.effect.value} | {joined(row.note, clash)} |"


def joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def test_the_page_has_both_tables():
    written = [line for line in DOC.read_text().splitlines() if line.startswith("|")]
    assert written == tables()
