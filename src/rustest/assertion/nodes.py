"""Nodes of the syntax tree: making them, placing them, and telling some apart.

They come from `_ast`, which is part of the interpreter: `ast` itself takes time to load, and has nothing to add.
"""

from _ast import AST, Call, Constant, Del, GeneratorExp, Load, Name, Store, UnaryOp, USub, expr, stmt
from functools import cache

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


def put(kind: type[_Node], at: expr | stmt, **fields: object) -> _Node:
    """A new node in the place of another one; calling its class with the same would take three times as long.

    It gets all that the other one has, also what Python does not look for in a node of its kind. The constructor is
    passed over, for from Python 3.13 on it warns that the fields are missing, which come after it.
    """
    node = kind.__new__(kind)
    node.__dict__.update(at.__dict__, **fields)
    return node


def name_anywhere(name: str, context: Load | Store) -> Name:
    """A name for any number of asserts, for it has no place: to Python it stands where what comes before it does."""
    return Name(name, context, lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1)


@cache
def target_anywhere(name: str) -> Name:
    """Such a name to assign to, one node for all asserts."""
    return name_anywhere(name, STORE)


def number_of(node: UnaryOp) -> int | float | complex | None:
    """The negative number that it writes, for the syntax tree knows none; None if it is another expression."""
    match node:
        case UnaryOp(op=USub(), operand=Constant(value=int() | float() | complex() as number)):
            return -number
        case _:
            return None
