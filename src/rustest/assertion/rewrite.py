"""The rewriter: asserts that keep the values of their parts, and explain themselves if they fail.

    assert f(x) == 3, "why"

becomes, with names that no source can have,

    assert (@0 := f(@1 := x)) == 3, explain(sketch, @0, f, @1, message="why")
    del @0, @1

It stays an assert: what it raises, from where, and that `-O` leaves it out, is Python's own doing. A message is made
only if it fails. Parts that may be left out, as behind an `and`, have their variables filled before, so that the
message can tell; and all are deleted behind it, so that no value lives longer than it would have.

The walk visits statements alone, and without recursion: expressions hold no asserts, and most statements hold no
others. It changes the tree in place and keeps every position, so that tracebacks mark what they marked before.
"""

import gc
from _ast import (
    AST,
    Assert,
    Assign,
    AsyncFor,
    AsyncFunctionDef,
    AsyncWith,
    Call,
    ClassDef,
    Constant,
    Del,
    Delete,
    ExceptHandler,
    Expr,
    For,
    FunctionDef,
    If,
    Load,
    Match,
    Module,
    Name,
    PyCF_ONLY_AST,
    Starred,
    Try,
    TryStar,
    Tuple,
    While,
    With,
    expr,
    keyword,
    match_case,
    stmt,
)
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from rustest.assertion.cache import Rewritten
from rustest.assertion.expressions import STORE, Instrument, place_of
from rustest.assertion.sketch import EXPLAIN

SWITCHES = ("RUSTEST_DONT_REWRITE", "PYTEST_DONT_REWRITE")
"""Either of these in a module's docstring leaves its asserts as they are."""

_BLOCKS: dict[type[AST], tuple[str, ...]] = {
    FunctionDef: ("body",),
    AsyncFunctionDef: ("body",),
    ClassDef: ("body",),
    For: ("body", "orelse"),
    AsyncFor: ("body", "orelse"),
    While: ("body", "orelse"),
    If: ("body", "orelse"),
    With: ("body",),
    AsyncWith: ("body",),
    Try: ("body", "handlers", "orelse", "finalbody"),
    TryStar: ("body", "handlers", "orelse", "finalbody"),
    ExceptHandler: ("body",),
    Match: ("cases",),
    match_case: ("body",),
}
"""The parts of statements that are lists of statements, or of what holds such lists."""

_LOAD, _DEL = Load(), Del()


def compile_module(source: bytes, path: str) -> Rewritten:
    """The code of a test module; raises what compiling it as it stands would raise."""
    if b"assert" not in source:
        return Rewritten(compile(source, path, "exec", dont_inherit=True))
    with _without_collector():
        tree = cast("Module", compile(source, path, "exec", PyCF_ONLY_AST, dont_inherit=True))
        always_true = () if _is_switched_off(tree) else rewrite(tree)
        return Rewritten(compile(tree, path, "exec", dont_inherit=True), always_true)


def rewrite(tree: Module) -> tuple[int, ...]:
    """Change all asserts of the module in place, and give the lines of those that can never fail."""
    always_true: list[int] = []
    blocks: list[tuple[list[AST], bool]] = [(cast("list[AST]", tree.body), False)]
    while blocks:
        body, in_class = blocks.pop()
        for position in range(len(body) - 1, -1, -1):  # backwards, as each assert takes more room than before
            node = body[position]
            if type(node) is Assert:
                body[position : position + 1] = _rewrite_assert(node, always_true, in_class=in_class)
            elif parts := _BLOCKS.get(type(node)):
                inside = type(node) is ClassDef or (in_class and not isinstance(node, FunctionDef | AsyncFunctionDef))
                blocks += [(cast("list[AST]", getattr(node, part)), inside) for part in parts]
    return tuple(sorted(always_true))


def _rewrite_assert(node: Assert, always_true: list[int], *, in_class: bool) -> list[stmt]:
    test = node.test
    if type(test) is Tuple and any(type(part) is not Starred for part in test.elts):
        always_true.append(node.lineno)
        return [Expr(test, **place_of(node))]  # what such an assert does, without Python's warning beside ours
    instrument = Instrument(in_class=in_class)
    node.test, sketch = instrument.visit(test)
    place = place_of(test)
    values = [cast("expr", Name(name, _LOAD, **place)) for name in instrument.loads]
    message = [keyword("message", node.msg, **place_of(node.msg))] if node.msg else []
    node.msg = Call(Name(EXPLAIN, _LOAD, **place), [Constant(sketch, **place), *values], message, **place)
    return [*_fill(node, instrument.unsure), node, *_delete(test, instrument.kept)]


def _fill(node: Assert, names: list[str]) -> list[stmt]:
    if not names:
        return []
    place = place_of(node)
    targets = [cast("expr", Name(name, STORE, **place)) for name in names]
    return [Assign(targets, Name(EXPLAIN, _LOAD, **place), **place)]


def _delete(test: expr, names: list[str]) -> list[stmt]:
    """Placed on the assert's own expression, so that no debugger stops once more."""
    place = place_of(test)
    return [Delete([Name(name, _DEL, **place) for name in names], **place)] if names else []


def _is_switched_off(tree: Module) -> bool:
    match tree.body[:1]:
        case [Expr(value=Constant(value=str(docstring)))]:
            return any(switch in docstring for switch in SWITCHES)
        case _:
            return False


@contextmanager
def _without_collector() -> Generator[None]:
    """A tree is a great many objects, none of them garbage: looking for it would take as long as the rewriting."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
