"""The rewriter: asserts that keep the values of their parts, and explain themselves if they fail.

    assert f(x) == 3, "why"

becomes, with names that no source can have,

    assert (@0 := f(x)) == 3, explain(sketch, "why")
    del @0

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
    Attribute,
    Call,
    ClassDef,
    Constant,
    Delete,
    ExceptHandler,
    Expr,
    For,
    FunctionDef,
    Global,
    If,
    Match,
    Module,
    Name,
    Nonlocal,
    PyCF_ONLY_AST,
    Starred,
    Try,
    TryStar,
    Tuple,
    While,
    With,
    expr,
    match_case,
    stmt,
)
from collections.abc import Collection, Generator, Iterator
from contextlib import contextmanager
from marshal import dumps

from rustest.assertion.cache import Hidden, Rewritten
from rustest.assertion.expressions import Instrument
from rustest.assertion.nodes import DEL, LOAD, STORE, name_anywhere, put
from rustest.assertion.sketch import EXPLAIN
from rustest.model.hints import cast

SWITCHES = ("RUSTEST_DONT_REWRITE", "PYTEST_DONT_REWRITE")
"""Either of these in a module's docstring leaves its asserts as they are."""

_BLOCKS: dict[type[AST], tuple[str, ...]] = {
    Module: ("body",),
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

_EXPLAIN = name_anywhere(EXPLAIN, LOAD)
_FUNCTIONS = (FunctionDef, AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ClassDef)
_TESTS = ("test", "Test")
_ALWAYS_TRUE = (
    "this assert can never fail: it asserts a tuple, and a tuple that is not empty is always true; "
    "remove its parentheses, to assert what stands first in it"
)


def compile_module(source: bytes, path: str) -> Rewritten:
    """The code of a test module; raises what compiling it as it stands would raise."""
    if b"\0" in source:  # Python does not say where
        line = source.count(b"\n", 0, source.index(b"\0")) + 1
        raise SyntaxError("there are null bytes in the file: is it text, and in UTF-8?", (path, line, None, None))
    if b"assert" in source or b"def test" in source:
        try:
            return _rewrite_module(source, path)
        except RecursionError:  # an expression so deep that Python compiles it, but gives no tree of it
            pass
    return Rewritten(compile(source, path, "exec", dont_inherit=True))


def _rewrite_module(source: bytes, path: str) -> Rewritten:
    with _without_collector():
        tree = cast("Module", compile(source, path, "exec", PyCF_ONLY_AST, dont_inherit=True))
        rewriter = Rewriter(_rebound_in(tree) if b"global" in source or b"nonlocal" in source else ())
        if not _is_switched_off(tree):
            rewriter.rewrite(tree)
        return Rewritten(
            compile(tree, path, "exec", dont_inherit=True), tuple(sorted(rewriter.hidden, key=lambda one: one.line))
        )


class Rewriter:
    """Changes the asserts of a module in place; `rebound` are the names that its functions may bind for others."""

    def __init__(self, rebound: Collection[str]) -> None:
        self.hidden: list[Hidden] = []
        self._rebound = rebound

    def rewrite(self, tree: Module) -> None:
        """Go through all statements that can hold others."""
        blocks: list[tuple[list[AST], AST]] = [(cast("list[AST]", tree.body), tree)]
        while blocks:
            body, scope = blocks.pop()
            if type(scope) not in _FUNCTIONS:
                self.hidden += _hidden_in(body)
            for position in range(len(body) - 1, -1, -1):  # backwards, as each assert takes more room than before
                node = body[position]
                kind = type(node)
                if kind is Assert:
                    body[position : position + 1] = self._rewrite_assert(cast("Assert", node), scope)
                elif parts := _BLOCKS.get(kind):
                    inside = node if kind in _SCOPES else scope
                    blocks += [(cast("list[AST]", getattr(node, part)), inside) for part in parts]

    def _rewrite_assert(self, node: Assert, scope: AST) -> list[stmt]:
        test = node.test
        if type(test) is Tuple and any(type(part) is not Starred for part in test.elts):
            return _fail(node, test)
        instrument = Instrument(in_class=type(scope) is ClassDef, rebound=self._rebound)
        node.test, sketch = instrument.visit(test)
        node.msg = _explain(test, dumps(cast("tuple[str, ...]", sketch)), node.msg)
        if isinstance(scope, _FUNCTIONS) and node is scope.body[-1]:
            return [*_fill(node, instrument.unsure), node]  # and all variables are gone with the function
        return [*_fill(node, instrument.unsure), node, *_delete(test, instrument.kept)]


def _rebound_in(tree: Module) -> set[str]:
    """The names that stand in a `global` or `nonlocal` anywhere in the module."""
    names: set[str] = set()
    nodes: list[AST] = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, Global | Nonlocal):
            names.update(node.names)
        for part in _BLOCKS.get(type(node), ()):
            nodes += getattr(node, part)
    return names


def _hidden_in(body: list[AST]) -> Iterator[Hidden]:
    """The tests of the block that stand above others of the same name, and that those do not build on."""
    lines: dict[str, int] = {}
    for node in body:
        if isinstance(node, _SCOPES) and node.name.startswith(_TESTS):
            if node.name in lines and not any(_goes_on_from(node.name, one) for one in node.decorator_list):
                yield Hidden(node.name, lines[node.name], node.lineno)
            lines[node.name] = node.lineno


def _goes_on_from(name: str, decorator: expr) -> bool:
    """Whether it is one such as `@name.setter`, which hides nothing."""
    called = decorator.func if isinstance(decorator, Call) else decorator
    return isinstance(called, Attribute) and isinstance(called.value, Name) and called.value.id == name


def _fail(node: Assert, test: expr) -> list[stmt]:
    """An assert of a tuple has never failed yet: whoever wrote it meant what stands first in it."""
    message = put(Constant, test, value=_ALWAYS_TRUE)
    return [put(Expr, node, value=test), put(Assert, node, test=put(Constant, node, value=False), msg=message)]


def _explain(test: expr, sketch: bytes, message: expr | None) -> Call:
    arguments: list[expr] = [put(Constant, test, value=sketch)]
    if message:
        arguments.append(message)
    return put(Call, test, func=_EXPLAIN, args=arguments, keywords=[])


def _fill(node: Assert, names: list[str]) -> list[stmt]:
    if not names:
        return []
    targets = [put(Name, node, id=name, ctx=STORE) for name in names]
    return [put(Assign, node, targets=targets, value=put(Name, node, id=EXPLAIN, ctx=LOAD))]


def _delete(test: expr, names: list[str]) -> list[stmt]:
    """Placed on the assert's own expression, so that no debugger stops once more."""
    if not names:
        return []
    return [put(Delete, test, targets=[put(Name, test, id=name, ctx=DEL) for name in names])]


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
