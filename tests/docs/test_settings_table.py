"""docs/settings.md, held against the table of options."""

from collections.abc import Mapping
from pathlib import Path

from rustest.cli.option import Option
from rustest.cli.options import OPTIONS, default_of
from rustest.model.scope import Scope

DOC = Path(__file__).parents[2] / "docs" / "settings.md"


def table() -> list[str]:
    """What the page must hold: when the test fails, copy it from there."""
    rows = ["| key | command line | value | default | meaning |", "|---|---|---|---|---|"]
    return rows + [f"| {' | '.join(cells(option))} |" for option in OPTIONS]


def cells(option: Option) -> list[str]:
    key = f"`{option.key}`" + (" ¹" if option.once else "")
    value = "" if option.const is not None else option.kind.expected
    return [key, spelling(option), value, f"`{shown(default_of(option.key))}`", option.help]


def spelling(option: Option) -> str:
    flags = option.flags if not option.positional else ("",)
    return ", ".join(f"`{f'{flag} {option.metavar}'.strip()}`" for flag in flags)


def shown(default: object) -> str:
    match default:
        case Scope():
            return f'"{default.label}"'
        case tuple():
            return "[" + ", ".join(f'"{text}"' for text in default) + "]"
        case Mapping():
            return "{}"
        case bool():
            return str(default).lower()
        case None:
            return "none"
        case str() | int() | float():
            return f'"{default}"' if isinstance(default, str) else str(default)
        case mode:
            return f'"{mode.value}"'


def test_the_page_has_the_table_of_options():
    written = [line for line in DOC.read_text().splitlines() if line.startswith("|")]
    assert written == table()
