"""Values that a function has made itself, or that it is given: objects of which nobody else may know."""

import builtins
import dis
from types import CodeType

from rustest.model.hints import cast
from rustest.plan.footprints.known_object import Unknown, class_attribute, gives_itself, makes_new
from rustest.plan.footprints.process_acts import Surroundings
from rustest.plan.footprints.process_values import NOTHING, ProcessValues, Value

_TAKING = ("STORE", "POP", "UNPACK")
"""Beginnings of the names of the instructions that take what an `async with` block gives."""


class MadeValues(ProcessValues):
    """The stack of one function, whose values know whether the function has made them."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.rebound: frozenset[str] = frozenset()
        """The local variables that hold several things, one after the other."""
        self._entered: Value | None = None
        """What the `async with` block that begins gives."""

    def is_made(self, value: Value) -> bool:
        """Whether the function itself has made it, and the variable that holds it never held anything else."""
        return value.known is Unknown.MADE and value.text not in self.rebound

    def is_given(self, value: Value) -> bool:
        """Whether the function is given it, by a variable that never holds anything else."""
        return value.known is Unknown.ARGUMENT and value.text not in self.rebound

    def result_of(self, callee: Value) -> Value:
        """What a call gives: something new if it is that of a class."""
        if makes_new(callee.known):
            return Value(Unknown.MADE, kind=cast("type", callee.known))
        if callee.known is builtins.__build_class__:
            return Value(Unknown.MADE, kind=type)
        return Value(Unknown.MADE) if self.is_made(callee) and callee.kind is type else NOTHING

    def build_class(self, _: dis.Instruction, __: str) -> None:
        """`class`, inside a function."""
        self.stack.append(Value(builtins.__build_class__))

    # --- with blocks ----------------------------------------------------------------------------------------

    def note_entered(self, value: Value, *, is_async: bool) -> None:
        """A `with` block begins: what is behind its `as` is the value itself, or unknown."""
        method = class_attribute(value.kind, "__aenter__" if is_async else "__enter__")[1] if value.kind else None
        entered = value._replace(text="") if gives_itself(method) else NOTHING
        if is_async:
            self._entered = entered  # for the instruction that takes it, once it has been awaited
        else:
            self.stack[-1] = entered

    def take_entered(self, instruction: str) -> None:
        """Where an `async with` block begins, have the instruction find what that gives."""
        if self._entered is not None and instruction.startswith(_TAKING):
            self.stack[-1:] = [self._entered]
            self._entered = None
