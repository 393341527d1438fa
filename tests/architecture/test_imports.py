"""Who may import whom: the layers of the architecture, held against every import statement."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "rustest"

MAY_IMPORT = {
    "model": set(),
    "output": {"model"},
    "authoring": {"model"},
    "assertion": {"model"},
    "builtin_fixtures": {"model", "authoring", "output"},
    "compat": {"model", "collect", "authoring", "builtin_fixtures", "output"},
    "collect": {"model", "assertion", "output"},
    "plan": {"model"},
    "run": {"model", "output"},
    "report": {"model"},
    "workers": {"model", "output", "run"},
    "coverage": {"model"},
    "planning": {"model", "assertion", "builtin_fixtures", "collect", "compat", "plan", "report"},
    "session": {
        "model",
        "output",
        "builtin_fixtures",
        "collect",
        "compat",
        "coverage",
        "plan",
        "planning",
        "run",
        "workers",
        "report",
    },
    "listing": {"model", "planning", "report"},
    "child": set(),
    "isolation": {"child", "model", "planning", "report", "session"},
    "doctor": {"child", "model", "planning", "report", "session"},
    "cli": {"model", "session", "listing", "isolation", "doctor", "merging", "compat"},
    "merging": {"model", "report"},
    "testing": {"model", "planning", "report", "session", "cli"},
    "__main__": {"cli"},
    "__init__": {"model", "authoring", "builtin_fixtures", "testing"},
}
"""Each room of the package, and the rooms that it may import from; every room may import from itself."""

ASYNCIO_PRIVATE = {
    "_ready",
    "_scheduled",
    "_run_once",
    "_set_running_loop",
    "_timer_cancelled_count",
    "_process_events",
    "_selector",
    "_write_to_self",
    "_stopping",
    "_thread_id",
    "_check_closed",
    "_asyncgens",
    "_run_forever_setup",
    "_run_forever_cleanup",
    "_set_coroutine_origin_tracking",
    "_make_self_pipe",
    "_close_self_pipe",
    "_enter_task",
    "_leave_task",
}


def room_of(file: Path) -> str:
    return file.relative_to(SOURCE).parts[0].removesuffix(".py")


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


class Words(NamedTuple):
    """What a file imports, and what may be one of asyncio's private names in it, each with its line."""

    imports: list[tuple[str, int]]
    names: list[tuple[str, int]]


@cache
def words_of(file: Path) -> Words:
    """Each file is read once for all tests, and no tree of it is kept, which would slow down all that come later."""
    found = Words([], [])
    for node in ast.walk(ast.parse(file.read_text())):
        found.imports.extend(imported_modules(file, node))
        if name := private_name(node):
            found.names.append((name, node.lineno))
    return found


def imported_modules(file: Path, node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.Import):
        yield from ((alias.name, node.lineno) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"{file}:{node.lineno}: a relative import"
        yield node.module or "", node.lineno


def test_every_room_has_its_line_in_the_table():
    assert {room_of(file) for file in sources()} <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_each_room_imports_only_what_it_may(room):
    wrong = [
        f"{file.relative_to(SOURCE)}:{line} imports {module}"
        for file in sources()
        if room_of(file) == room
        for module, line in words_of(file).imports
        if module.split(".")[0] == "rustest" and room_named(module) not in MAY_IMPORT[room] | {room}
    ]
    assert wrong == []


def room_named(module: str) -> str:
    return [*module.split("."), "__init__"][1]


def test_imports_are_from_the_leaf_module():
    wrong = [
        f"{file.relative_to(SOURCE)}:{line} imports {module}"
        for file in sources()
        for module, line in words_of(file).imports
        if module.split(".")[0] == "rustest" and SOURCE.joinpath(*module.split(".")[1:]).is_dir()
    ]
    assert wrong == []


def test_asyncios_private_names_are_used_in_the_hub_alone():
    wrong = [
        f"{file.relative_to(SOURCE)}:{line} uses {name}"
        for file in sources()
        if not file.is_relative_to(SOURCE / "run" / "hub")
        for name, line in words_of(file).names
    ]
    assert wrong == []


def private_name(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(value=ast.Name(id="self")):
            return None  # our own attribute, whatever its name
        case ast.Attribute(attr=name) | ast.alias(name=name) | ast.Constant(value=str(name)):
            return name if name in ASYNCIO_PRIVATE else None
        case _:
            return None
