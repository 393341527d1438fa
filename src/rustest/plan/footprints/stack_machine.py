"""The stack of a function, walked through once in the order of its instructions, without running anything.

What a value is, and what is known of it, is for those to say who watch; and what either of two values is, of which a
condition chooses one. Jumps backward and those of exceptions are not followed, and need not be: a store looks only at
values that its own statement pushed.
"""

import dis
from collections import Counter
from collections.abc import Iterable, Iterator
from types import CodeType
from typing import Generic, TypeVar, cast

_QUIET = ("STORE", "DELETE", "POP", "JUMP", "RESUME", "NOP", "KW_NAMES", "RETURN", "RAISE", "END_")
"""Beginnings of the names of instructions that leave the values below those that they take as they were."""
_VARARGS, _VARKEYWORDS = 0x04, 0x08
"""As `inspect` has them."""

_JUMPS = frozenset((*dis.hasjrel, *dis.hasjabs))
_LEAVING = ("RETURN_VALUE", "RETURN_CONST", "RAISE", "RERAISE")
_AWAY = ("JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT", "JUMP_ABSOLUTE", "JUMP", "JUMP_NO_INTERRUPT")

Value = TypeVar("Value")


class StackMachine(Generic[Value]):
    """Values on a stack and in local variables; `nothing` stands for those of which nothing is known."""

    def __init__(self, nothing: Value) -> None:
        self.locals: dict[str, Value] = {}
        self.stack: list[Value] = []
        self.nothing = nothing
        self._arriving: dict[int, list[Value]] = {}
        """The stacks that jumps forward bring along, by where they go."""
        self._goes_on = True
        """Whether the instruction before this one may be followed by it."""

    def join(self, one: Value, other: Value) -> Value:
        """What is either of two values."""
        return one if one is other else self.nothing

    def follow_jumps(self, instruction: dis.Instruction) -> None:
        """Before each instruction: have the stack be what all ways to it make of it."""
        if (brought := self._arriving.pop(instruction.offset, None)) is not None:
            self.stack = self._join_stacks(brought, self.stack) if self._goes_on else brought
        if is_jump(instruction) and (target := cast("int", instruction.argval)) > instruction.offset:
            stack, effect = [*self.stack], dis.stack_effect(instruction.opcode, instruction.arg, jump=True)
            stack = stack[:effect] if effect < 0 else stack + [self.nothing] * effect
            arriving = self._arriving.get(target)
            self._arriving[target] = stack if arriving is None else self._join_stacks(arriving, stack)
        self._goes_on = goes_on(instruction)

    def _join_stacks(self, one: list[Value], other: list[Value]) -> list[Value]:
        height = min(len(one), len(other))
        return [self.join(*pair) for pair in zip(one[len(one) - height :], other[len(other) - height :], strict=True)]

    def local(self, name: str) -> Value:
        """The value of a local variable."""
        return self.locals.get(name, self.nothing)

    def pop(self) -> Value:
        """Take the topmost value."""
        return self.stack.pop() if self.stack else self.nothing

    def peek(self, depth: int) -> Value:
        """The value so many places down, the topmost being the first."""
        return self.stack[-depth] if depth <= len(self.stack) else self.nothing

    def shift(self, effect: int) -> None:
        """Push or drop as many values of which nothing is known."""
        if effect < 0:
            del self.stack[effect:]
        self.stack.extend([self.nothing] * effect)

    def pass_over(self, instruction: dis.Instruction) -> None:
        """Any instruction that does nothing but compute."""
        effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=False)
        if instruction.opname.startswith("UNPACK"):
            self.pop()
            effect += 1
        if "JUMP" in instruction.opname or instruction.opname.startswith(_QUIET):
            self.shift(effect)
        else:
            self.shift(effect - 1)
            self.stack.append(self.nothing)

    def load_fast(self, argument: object) -> None:
        """Push a local variable, or two."""
        self.stack.extend(self.local(local) for local in locals_of(argument))

    def store_fast(self, name: str, argument: object) -> Iterator[Value]:
        """Store into one or two local variables; gives the values that were stored, as they are."""
        targets = locals_of(argument)
        for local in targets:
            yield self.store_local(local)
            if name == "STORE_FAST_LOAD_FAST":
                self.stack.append(self.local(next(targets)))

    def store_local(self, name: str) -> Value:
        """Store the topmost value into the local variable."""
        self.locals[name] = value = self.pop()
        return value

    def swap(self, instruction: dis.Instruction, _: str) -> None:
        """Exchange the topmost value with one below."""
        depth, stack = instruction.arg or 1, self.stack
        if depth <= len(stack):
            stack[-1], stack[-depth] = stack[-depth], stack[-1]

    def ignore(self, _: dis.Instruction, __: str) -> None:
        """`PRECALL`, whose work is counted with the call's."""


def is_jump(instruction: dis.Instruction) -> bool:
    """Whether the function may go on elsewhere after it."""
    return instruction.opcode in _JUMPS


def goes_on(instruction: dis.Instruction) -> bool:
    """Whether the function may go on with the next instruction after it."""
    return not instruction.opname.startswith(_LEAVING) and instruction.opname not in _AWAY


def is_call(instruction: dis.Instruction) -> bool:
    """Whether an instruction that loads an attribute loads a method that is about to be called."""
    return instruction.opname == "LOAD_METHOD" or dis.stack_effect(instruction.opcode, instruction.arg) == 1


def is_subscript(instruction: dis.Instruction) -> bool:
    """Whether it is `container[key]`, which later versions write as one more binary operator."""
    return instruction.opname != "BINARY_OP" or instruction.argrepr == "[]"


def arguments_of(code: CodeType) -> tuple[str, ...]:
    """The names of all that a function can be given."""
    number = code.co_argcount + code.co_kwonlyargcount
    return code.co_varnames[: number + bool(code.co_flags & _VARARGS) + bool(code.co_flags & _VARKEYWORDS)]


def rebound(code: CodeType, instructions: Iterable[dis.Instruction]) -> frozenset[str]:
    """The local variables that are not the same object from their first use to their last."""
    stores = Counter(arguments_of(code))
    for instruction in instructions:
        if instruction.opname.startswith(("STORE_FAST", "STORE_DEREF")):
            names = [*locals_of(cast("object", instruction.argval))]
            stores.update(names[:1] if instruction.opname == "STORE_FAST_LOAD_FAST" else names)
    return frozenset(name for name, times in stores.items() if times > 1).union(_stored_inside(code))


def _stored_inside(code: CodeType) -> Iterator[str]:
    """The variables of others that the functions defined in this one store into."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            stores = (one for one in dis.get_instructions(constant) if one.opname == "STORE_DEREF")
            yield from (str(cast("object", one.argval)) for one in stores)
            yield from _stored_inside(constant)


def locals_of(argument: object) -> Iterator[str]:
    """Later versions load or store two locals in one instruction."""
    names = cast("tuple[object, ...]", argument) if isinstance(argument, tuple) else (argument,)
    return map(str, names)
