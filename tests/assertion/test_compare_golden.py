"""What is said of typical comparisons, held against a golden file.

`UPDATE_GOLDEN=1 python -m pytest tests/assertion` writes the file anew: read the difference before you commit it.
"""

import ast
import os
import re
from pathlib import Path

from sample_comparisons import COMPARISONS, NAMES

from rustest.assertion.compare import explain_comparison

GOLDEN = Path(__file__).parent / "golden" / "comparisons.txt"
OPERATORS = {
    ast.Eq: "==",
    ast.LtE: "<=",
    ast.In: "in",
    ast.NotIn: "not in",
    ast.Is: "is",
}


def explained(source: str) -> list[str]:
    comparison = ast.parse(source, mode="eval").body
    assert isinstance(comparison, ast.Compare)
    left, right = (eval(ast.unparse(part), NAMES.copy()) for part in (comparison.left, comparison.comparators[0]))
    return explain_comparison(OPERATORS[type(comparison.ops[0])], left, right, verbosity=0)


def test_typical_comparisons_are_explained_as_in_the_golden_file():
    paragraphs = [
        "\n".join([f"assert {source}", *(f"    {line}" for line in explained(source))]) for source in COMPARISONS
    ]
    output = re.sub(r"0x[0-9a-f]+", "0xADDRESS", "\n\n".join(paragraphs)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(output)
    assert output == GOLDEN.read_text()
