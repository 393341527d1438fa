"""docs/pytest-hooks.md, held against the tables of hooks and of plugins."""

from pathlib import Path

from rustest.compat.hooks.table import HOOKS, Hook
from rustest.compat.plugins.takeovers import TAKEOVERS, Takeover

DOC = Path(__file__).parents[2] / "docs" / "pytest-hooks.md"


def tables() -> list[str]:
    """The tables that the page must hold: when the test fails, copy them from there."""
    hooks = ["| hook | under rustest |", "|---|---|", *map(hook_row, HOOKS)]
    plugins = ["| plugin | under rustest | what that means |", "|---|---|---|", *map(plugin_row, TAKEOVERS)]
    return [*hooks, *plugins]


def hook_row(hook: Hook) -> str:
    if hook.runs:
        return f"| `{hook.name}` | yes{f': {hook.note}' if hook.note else ''} |"
    return f"| `{hook.name}` | no: {hook.note} |"


def plugin_row(takeover: Takeover) -> str:
    return f"| {takeover.project} | {takeover.fate.value} | {takeover.note} |"


def test_the_page_has_the_tables_of_hooks_and_plugins():
    written = [line for line in DOC.read_text().splitlines() if line.startswith("|")]
    assert written == tables()
