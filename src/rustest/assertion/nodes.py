"""Nodes of the syntax tree: making them, placing them, and telling some apart.

They come from `_ast`, which is part of the interpreter: `ast` itself takes time to load, and has nothing to add.
"""

from _ast import AST, Call, Constant, Del, GeneratorExp, Load, Name, Store, UnaryOp, USub, expr, stmt
from collections.abc import Mapping

from rustest.model.hints import TypeVar

_Node = TypeVar("_Node", bound=AST)
LOAD, STORE, DEL = Load(), Store(), Del()


def is_private(name: str) -> bool:
    """Whether Python may know it by another name inside a class."""
    return name.startswith("__") and not name.endswith("__")


def is_each(node: Call) -> bool:
    """Whether it calls `all` or `any` with a generator."""
    return (
        type(node.func) is Name
        and node.func.id in ("all", "any")
        and len(node.args) == 1
        and not node.keywords
        and type(node.args[0]) is GeneratorExp
    )


def put(kind: type[_Node], place: Mapping[str, object], **fields: object) -> _Node:
    """A new node; calling its class with the same would take three times as long."""
    node = kind()
    node.__dict__.update(place, **fields)
    return node


def place_of(node: expr | stmt) -> dict[str, object]:
    """Where it stands in the source, for a node that is to stand there too."""
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno or node.lineno,
        "end_col_offset": node.end_col_offset or node.col_offset,
    }


def number_of(node: UnaryOp) -> int | float | complex | None:
    """The negative number that it writes, for the syntax tree knows none; None if it is another expression."""
    match node:
        case UnaryOp(op=USub(), operand=Constant(value=int() | float() | complex() as number)):
            return -number
        case _:
            return None
