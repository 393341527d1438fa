"""How long files and functions may be, and what files may be called."""

import ast
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rustest"

FILE_LINES = 300
FUNCTION_LINES = 60
PARAMETERS = 6
NO_NOUNS = {"utils", "util", "helpers", "helper", "base", "manager", "common", "misc"}

EXCEPTIONS: dict[str, str] = {}
"""What may be larger, as `path` or `path::function`, and the reason."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def files() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


class Size(NamedTuple):
    name: str
    lines: int
    parameters: int


@cache
def functions() -> list[Size]:
    return [
        Size(f"{file.relative_to(SOURCE)}::{node.name}", (node.end_lineno or 0) - node.lineno + 1, parameters(node))
        for file in files()
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, Function)
    ]


def parameters(function: Function) -> int:
    args = function.args
    names = [arg.arg for arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg) if arg]
    return len([name for name in names if name not in ("self", "cls")])


def too_large(sizes: dict[str, int], limit: int) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > limit and name not in EXCEPTIONS}


def test_files_are_short():
    sizes = {str(file.relative_to(SOURCE)): len(file.read_text().splitlines()) for file in files()}
    assert too_large(sizes, FILE_LINES) == {}


def test_functions_are_short():
    assert too_large({one.name: one.lines for one in functions()}, FUNCTION_LINES) == {}


def test_functions_have_few_parameters():
    assert too_large({one.name: one.parameters for one in functions()}, PARAMETERS) == {}


def test_files_are_nouns_of_the_domain():
    assert [str(file) for file in files() if file.stem in NO_NOUNS or file.parent.name in NO_NOUNS] == []


def test_exceptions_name_what_exists():
    known = {str(file.relative_to(SOURCE)) for file in files()} | {one.name for one in functions()}
    assert set(EXCEPTIONS) <= known


def test_no_source_evaluates_its_annotations_late():
    """Named tuples are read by their annotations; one way of writing them is enough."""
    assert [str(file) for file in files() if "from __future__ import annotations" in file.read_text()] == []
