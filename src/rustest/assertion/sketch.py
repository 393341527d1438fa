"""Sketches: what the rewriter tells the message about an expression.

A rewritten assert keeps values in slots, and hands its sketch to the message, which looks the values up. Each sketch
begins with a word for its kind. Sketches consist of nothing but constants, so that they can stand in bytecode.
"""

from rustest.model.hints import Literal, TypeAlias

EXPLAIN = "__@explain__"
"""The global of rewritten modules that makes messages; a slot holds it as long as its part was not evaluated.

No name in a source can look like this one. As it ends in underscores, enums and star imports leave it alone.
"""

Key: TypeAlias = int | str
"""Where a value is found as the message is made: in a slot, by number, or in the assert's own scope, by name."""

Value: TypeAlias = tuple[Literal["value"], Key]
"""A value of which no more is said than what it is."""
Name: TypeAlias = tuple[Literal["name"], Key, str]
"""A name's value, which is told by the name if it is a function or class of that name."""
Owner: TypeAlias = tuple[Literal["owner"], Key, str]
"""A name before a call's parenthesis or an attribute's dot: a function, class or module is always told by it."""
Constant: TypeAlias = tuple[Literal["constant"], object]
Made: TypeAlias = tuple[Literal["made"], int, tuple["str | Sketch", ...]]
"""A computed value, and the pieces of which to write how it was computed: `f(`, the argument, `)`."""
Operand: TypeAlias = tuple[int | None, "Sketch"]
"""A part that may be left out, and the slot that tells whether it was; None where it never is."""
Compare: TypeAlias = tuple[Literal["compare"], tuple[str, ...], tuple[Operand, ...]]
Junction: TypeAlias = tuple[Literal["and", "or"], tuple[Operand, ...]]
Not: TypeAlias = tuple[Literal["not"], "Sketch"]
Choice: TypeAlias = tuple[Literal["choice"], "Sketch", Operand, Operand]
"""A conditional expression: the condition, and the two branches."""
Each: TypeAlias = tuple[Literal["each"], int, Owner, Operand, "Sketch | None"]
"""`all` or `any` of a generator: the function, the last element that it asked for, and what was gone through."""

Sketch: TypeAlias = Value | Name | Owner | Constant | Made | Compare | Junction | Not | Choice | Each


def slot_name(number: int) -> str:
    """The local variable that keeps the value of a slot."""
    return f"__@{number}__"
