"""Values that a function has made itself, or that it is given: objects of which nobody else may know."""

import builtins
import dis
from collections.abc import Sequence
from types import CodeType

from rustest.model.hints import cast
from rustest.plan.footprints.known_object import Unknown, class_attribute, gives_itself, makes_new
from rustest.plan.footprints.process_acts import Surroundings
from rustest.plan.footprints.process_values import NOTHING, ProcessValues, Value

_OF_ENTER = 1
"""What `GET_AWAITABLE` has for what `__aenter__` gives."""


class MadeValues(ProcessValues):
    """The stack of one function, whose values know whether the function has made them."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.rebound: frozenset[str] = frozenset()
        """The local variables that hold several things, one after the other."""
        self.named = 0
        """How many arguments of the call that is being made are given by name; they are the last."""

    def is_made(self, value: Value) -> bool:
        """Whether the function itself has made it, and the variable that holds it never held anything else.

        For a method, it may as well be what another one has made and stored in the test's instance.
        """
        if value.known is Unknown.MADE:
            return value.text not in self.rebound
        is_of_test = value.known is Unknown.NOTHING and bool(value.owner) and value.owner[0].known is Unknown.SELF
        return is_of_test and self.cls is not None and self._is_stored(self.cls, value.method)

    def _is_stored(self, cls: type, name: str) -> bool:
        from rustest.plan.footprints.stored_objects import stores_made

        stored = self.around.stored
        if (cls, name) not in stored:
            stored[cls, name] = False  # for what is stored from itself
            stored[cls, name] = stores_made(cls, name, self.around)
        return stored[cls, name]

    def is_given(self, value: Value) -> bool:
        """Whether the function is given it, by a variable that never holds anything else."""
        return value.known is Unknown.ARGUMENT and value.text not in self.rebound

    def target_of(self, arguments: Sequence[Value]) -> Value:
        """What a call is given first, and not by name."""
        return arguments[0] if len(arguments) > self.named else NOTHING

    def result_of(self, callee: Value, arguments: Sequence[Value]) -> Value:
        """What a call gives: something new if it is that of a class."""
        if makes_new(callee.known):
            return Value(Unknown.MADE, kind=cast("type", callee.known))
        if callee.known is builtins.__build_class__:
            bases = arguments[2:]  # behind the body and the name
            is_plain = not self.named and all(makes_new(one.known) or self._is_made_class(one) for one in bases)
            return Value(Unknown.MADE, kind=type) if is_plain else NOTHING
        return Value(Unknown.MADE) if self._is_made_class(callee) else NOTHING

    def _is_made_class(self, value: Value) -> bool:
        return self.is_made(value) and value.kind is type

    def name_arguments(self, instruction: dis.Instruction, _: str) -> None:
        """`KW_NAMES`, before a call with arguments given by name."""
        self.named = len(cast("tuple[str, ...]", self.code.co_consts[instruction.arg or 0]))

    def build_class(self, _: dis.Instruction, __: str) -> None:
        """`class`, inside a function."""
        self.stack.append(Value(builtins.__build_class__))

    # --- with blocks ----------------------------------------------------------------------------------------

    def note_entered(self, value: Value, *, is_async: bool) -> None:
        """A `with` block begins: what is behind its `as` is the value itself, or unknown."""
        method = class_attribute(value.kind, "__aenter__" if is_async else "__enter__")[1] if value.kind else None
        self.stack[-1] = value._replace(text="") if gives_itself(method) else NOTHING

    def get_awaitable(self, instruction: dis.Instruction, _: str) -> None:
        """`await value`; where an `async with` block begins, what that gives stands for what it waits for."""
        if instruction.arg != _OF_ENTER:
            self.pass_over(instruction)
