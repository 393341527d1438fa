"""Sketches: what the rewriter tells the message about an expression, as constants that can stand in bytecode.

A rewritten assert keeps the values of its parts in slots, and hands them to the message with the sketch of the whole.
Each sketch begins with a word for its kind; the number that follows is its slot.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

EXPLAIN = "__@explain__"
"""The global of rewritten modules that makes messages; a slot holds it as long as its part was not evaluated.

No name in a source can look like this one. As it ends in underscores, enums and star imports leave it alone.
"""

Value: TypeAlias = tuple[Literal["value"], int]
"""A value of which no more is said than what it is."""
Name: TypeAlias = tuple[Literal["name"], int, str]
Owner: TypeAlias = tuple[Literal["owner"], int, str]
"""A name before a call's parenthesis or an attribute's dot: a function, class or module is told by it."""
Constant: TypeAlias = tuple[Literal["constant"], object]
Made: TypeAlias = tuple[Literal["made"], int, tuple["str | Sketch", ...]]
"""A computed value, and the pieces of which to write how it was computed: `f(`, the argument, `)`."""
Operand: TypeAlias = tuple[int | None, "Sketch"]
"""A part that may be left out, and the slot that tells whether it was; None where it never is."""
Compare: TypeAlias = tuple[Literal["compare"], tuple[str, ...], tuple[Operand, ...]]
Junction: TypeAlias = tuple[Literal["and", "or"], tuple[Operand, ...]]
Not: TypeAlias = tuple[Literal["not"], "Sketch"]
Choice: TypeAlias = tuple[Literal["choice"], int, tuple["Sketch", Operand, Operand]]
"""A conditional expression: the condition, and the two branches."""
Each: TypeAlias = tuple[Literal["each"], int, tuple[Owner, Operand, "Sketch | None"]]
"""`all` or `any` of a generator: the function, the last element that it asked for, and what was gone through."""

Sketch: TypeAlias = Value | Name | Owner | Constant | Made | Compare | Junction | Not | Choice | Each

Explain: TypeAlias = Callable[..., str]


def slot_name(number: int) -> str:
    """The local variable that keeps the value of a slot."""
    return f"__@{number}__"
