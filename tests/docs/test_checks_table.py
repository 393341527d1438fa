"""docs/false-passes.md, held against the table of checks."""

from pathlib import Path

from rustest.model.strictness import CHECKS

DOC = Path(__file__).parents[2] / "docs" / "false-passes.md"


def test_the_table_of_checks_is_the_one_that_runs_obey():
    rows = [f"| `{check.name}` | {check.default.value} | {check.meaning} |" for check in CHECKS]
    held = [line for line in DOC.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert held == rows
