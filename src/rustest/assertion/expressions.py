"""Expressions of asserts, changed so that they keep their values, and described by sketches.

What is evaluated last is met first here. So it is known for each name whether a call may still come that binds it
anew: only then is its value kept; otherwise the message looks the name up, and nothing more holds what it holds. A
value is kept with an assignment expression in place, which changes neither what is evaluated nor in what order.
"""

from _ast import (
    Attribute,
    Await,
    BinOp,
    BoolOp,
    Call,
    Compare,
    GeneratorExp,
    IfExp,
    Name,
    NamedExpr,
    Not,
    Or,
    Slice,
    Starred,
    Subscript,
    Tuple,
    UnaryOp,
    expr,
)
from _ast import Constant as Literal
from collections.abc import Callable, Collection

from rustest.assertion.nodes import is_each, is_private, number_of, put, target_anywhere
from rustest.assertion.operators import BINARY, COMPARING, UNARY
from rustest.assertion.sketch import Operand, Owner, Sketch, slot_name
from rustest.model.hints import cast

DEPTH = 40
"""How deep an expression is looked into; what is deeper is one value."""

Pieces = list[str | Sketch]


class Instrument:
    """Goes through the expression of one assert, from its last part to its first."""

    _depth = 0
    _always = True
    """Whether this part is evaluated whenever the assert is."""
    _in_element = False
    _calls = False  # whether something that is evaluated after this may call a function

    def __init__(self, *, in_class: bool, rebound: Collection[str]) -> None:
        self.kept: list[str] = []
        """The variables that exist for the message alone, by slot."""
        self.unsure: list[str] = []
        """Those of them whose parts may be left out, and which must hold something before."""
        self._in_class = in_class
        self._rebound = rebound
        self._calm = not in_class
        """Whether nothing that is evaluated after this can bind names anew, but for functions that are called."""

    def visit(self, node: expr) -> tuple[expr, Sketch]:
        """The expression that keeps its values, and its sketch."""
        handle = _HANDLERS.get(type(node))
        if handle is None or self._depth >= DEPTH:
            return self._opaque(node)
        self._depth += 1
        done = handle(self, node)
        self._depth -= 1
        return done

    def _keep(self, node: expr) -> tuple[expr, int]:
        """The expression, its value kept in a new slot, and the number of that slot."""
        slot = len(self.kept)
        name = slot_name(slot)
        self.kept.append(name)
        if not self._always:
            self.unsure.append(name)
        return put(NamedExpr, node, target=target_anywhere(name), value=node), slot

    def _opaque(self, node: expr) -> tuple[expr, Sketch]:
        kept, slot = self._keep(node)
        self._calm = False
        return kept, ("value", slot)

    def take_name(self, node: Name) -> tuple[expr, Sketch]:
        """A name that is not before a call or an attribute."""
        if self._stays(node.id) and not is_private(node.id):
            return node, ("name", node.id, node.id)
        kept, slot = self._keep(node)
        return kept, ("name", slot, node.id)

    def _stays(self, name: str) -> bool:
        return self._always and self._calm and not (self._calls and name in self._rebound)

    def _owner(self, node: Name, *, is_callee: bool = False) -> tuple[expr, Owner]:
        if self._always if is_callee else self._stays(node.id):
            return node, ("owner", node.id, node.id)
        kept, slot = self._keep(node)
        return kept, ("owner", slot, node.id)

    def take_literal(self, node: Literal) -> tuple[expr, Sketch]:
        """A number, text, None and the like."""
        if self._always:
            return node, ("constant", node.value)
        kept, slot = self._keep(node)
        return kept, ("value", slot)

    def _perhaps(self, node: expr) -> tuple[expr, Operand]:
        """A part that may be left out; its first value, which is kept last, tells whether it was."""
        always, self._always = self._always, False
        node, sketch = self.visit(node)
        self._always = always
        return node, (len(self.kept) - 1, sketch)

    def _operands(self, nodes: list[expr], sure: int) -> tuple[Operand, ...]:
        """Change the parts in place, of which so many are never left out."""
        operands: list[Operand] = []
        for position in range(len(nodes) - 1, -1, -1):
            if position >= sure:
                nodes[position], operand = self._perhaps(nodes[position])
            else:
                nodes[position], sketch = self.visit(nodes[position])
                operand = None, sketch
            operands.append(operand)
        return tuple(reversed(operands))

    def take_compare(self, node: Compare) -> tuple[expr, Sketch]:
        """`a < b`, and chains of comparisons."""
        if len(node.ops) == 1:  # as nearly always: neither side is ever left out
            node.comparators[0], right = self.visit(node.comparators[0])
            node.left, left = self.visit(node.left)
            return node, ("compare", (COMPARING[type(node.ops[0])],), ((None, left), (None, right)))
        if self._in_element:
            return self._opaque(node)
        sides = [node.left, *node.comparators]
        operands = self._operands(sides, sure=2)
        node.left, node.comparators = sides[0], sides[1:]
        return node, ("compare", tuple(COMPARING[type(op)] for op in node.ops), operands)

    def take_junction(self, node: BoolOp) -> tuple[expr, Sketch]:
        """`a and b`, `a or b`, of any length."""
        if self._in_element:
            return self._opaque(node)
        return node, ("or" if type(node.op) is Or else "and", self._operands(node.values, sure=1))

    def take_unary(self, node: UnaryOp) -> tuple[expr, Sketch]:
        """`-operand` and its like, and `not operand`."""
        if type(node.op) is Not:
            node.operand, sketch = self.visit(node.operand)
            return node, ("not", sketch)
        number = number_of(node)
        if number is not None and self._always:
            return node, ("constant", number)
        kept, slot = self._keep(node)
        node.operand, sketch = self.visit(node.operand)
        return kept, ("made", slot, (UNARY[type(node.op)], sketch))

    def take_binary(self, node: BinOp) -> tuple[expr, Sketch]:
        """`left + right` and its like."""
        kept, slot = self._keep(node)
        node.right, right = self.visit(node.right)
        node.left, left = self.visit(node.left)
        return kept, ("made", slot, (left, f" {BINARY[type(node.op)]} ", right))

    def take_choice(self, node: IfExp) -> tuple[expr, Sketch]:
        """`a if condition else b`."""
        if self._in_element:
            return self._opaque(node)
        node.orelse, orelse = self._perhaps(node.orelse)
        node.body, body = self._perhaps(node.body)
        node.test, test = self.visit(node.test)
        return node, ("choice", test, body, orelse)

    def take_attribute(self, node: Attribute) -> tuple[expr, Sketch]:
        """`owner.name`."""
        kept, slot = self._keep(node)
        return kept, ("made", slot, tuple(self._attribute_pieces(node)))

    def _attribute_pieces(self, node: Attribute) -> Pieces:
        node.value, owner = self._owner(node.value) if type(node.value) is Name else self.visit(node.value)
        return [owner, f".{node.attr}"]

    def take_subscript(self, node: Subscript) -> tuple[expr, Sketch]:
        """`owner[index]`."""
        kept, slot = self._keep(node)
        node.slice, index = self._index(node.slice)
        node.value, owner = self.visit(node.value)
        return kept, ("made", slot, (owner, "[", *index, "]"))

    def _index(self, node: expr) -> tuple[expr, Pieces]:
        if type(node) is Slice:
            return node, self._slice(node)
        if type(node) is Tuple and any(type(part) is Slice for part in node.elts):
            return node, self._indices(node.elts)
        node, sketch = self.visit(node)
        return node, [sketch]

    def _indices(self, nodes: list[expr]) -> Pieces:
        pieces: Pieces = []
        for position in range(len(nodes) - 1, -1, -1):
            nodes[position], index = self._index(nodes[position])
            pieces[:0] = [", ", *index] if position else index
        return pieces

    def _slice(self, node: Slice) -> Pieces:
        pieces: Pieces = []
        if node.step:
            node.step, step = self.visit(node.step)
            pieces = [":", step]
        if node.upper:
            node.upper, upper = self.visit(node.upper)
            pieces = [upper, *pieces]
        pieces = [":", *pieces]
        if node.lower:
            node.lower, lower = self.visit(node.lower)
            pieces = [lower, *pieces]
        return pieces

    def take_await(self, node: Await) -> tuple[expr, Sketch]:
        """`await awaitable`, whose coroutine is not told."""
        kept, slot = self._keep(node)
        self._calls = True
        if type(node.value) is Call:
            return kept, ("made", slot, ("await ", *self._call_pieces(node.value)))
        node.value, sketch = self.visit(node.value)
        return kept, ("made", slot, ("await ", sketch))

    def take_walrus(self, node: NamedExpr) -> tuple[expr, Sketch]:
        """`name := value`, which is told as the value is; names loaded before it may be others after it."""
        self._calm = False
        node.value, sketch = self.visit(node.value)
        return node, sketch

    def take_call(self, node: Call) -> tuple[expr, Sketch]:
        """`function(arguments)`."""
        kept, slot = self._keep(node)
        if not self._in_class and is_each(node):
            return kept, ("each", slot, *self._each(node))
        return kept, ("made", slot, tuple(self._call_pieces(node)))

    def _call_pieces(self, node: Call) -> Pieces:
        self._calls = True
        arguments: Pieces = []
        for word in reversed(node.keywords):
            word.value, value = self.visit(word.value)
            arguments[:0] = [", ", "**" if word.arg is None else f"{word.arg}=", value]
        for position in range(len(node.args) - 1, -1, -1):
            node.args[position], argument = self._argument(node.args[position])
            arguments[:0] = [", ", *argument]
        return [*self._callee(node), "(", *arguments[1:], ")"]

    def _argument(self, node: expr) -> tuple[expr, Pieces]:
        if type(node) is Starred:
            node.value, sketch = self.visit(node.value)
            return node, ["*", sketch]
        node, sketch = self.visit(node)
        return node, [sketch]

    def _callee(self, node: Call) -> Pieces:
        if type(node.func) is Attribute:
            return self._attribute_pieces(node.func)
        if type(node.func) is Name:  # which a call hardly ever binds anew, and if so, it is still a name to tell it by
            node.func, owner = self._owner(node.func, is_callee=True)
            return [owner]
        node.func, sketch = self.visit(node.func)
        return [sketch]

    def _each(self, node: Call) -> tuple[Owner, Operand, Sketch | None]:
        """`all` or `any`: its generator keeps the values of the element that it is at.

        What an element may leave out is not looked into: it might still hold the value of an element before.
        """
        self._calls = True
        generator = cast("GeneratorExp", node.args[0])
        in_element, self._in_element = self._in_element, True
        generator.elt, element = self._perhaps(generator.elt)
        self._in_element = in_element
        source = generator.generators[0].iter
        # nothing can be kept here, but the name can be loaded again
        sketch: Sketch | None = ("name", source.id, source.id) if type(source) is Name and self._always else None
        node.func, function = self._owner(cast("Name", node.func), is_callee=True)
        return function, element, sketch


_HANDLERS: dict[type[expr], Callable[..., tuple[expr, Sketch]]] = {
    Attribute: Instrument.take_attribute,
    Await: Instrument.take_await,
    BinOp: Instrument.take_binary,
    BoolOp: Instrument.take_junction,
    Call: Instrument.take_call,
    Compare: Instrument.take_compare,
    IfExp: Instrument.take_choice,
    Literal: Instrument.take_literal,
    Name: Instrument.take_name,
    NamedExpr: Instrument.take_walrus,
    Subscript: Instrument.take_subscript,
    UnaryOp: Instrument.take_unary,
}
