"""Fixtures that give what nobody can change: a text, a number, a path made of others, or nothing at all.

What such a fixture changes of the process is in place for all of its users, and always the same.
"""

import dis
from collections.abc import Sequence
from types import BuiltinFunctionType, CodeType, FunctionType

from rustest.model.fixtures import FixtureDef
from rustest.model.hints import cast
from rustest.plan.footprints.known_object import Unknown
from rustest.plan.footprints.process_acts import Surroundings
from rustest.plan.footprints.process_code import ProcessCode
from rustest.plan.footprints.process_values import NOTHING, Value
from rustest.plan.footprints.same_each_time import (
    ENVIRONMENT,
    SameTrace,
    holds,
    makes_value,
    own_function,
)
from rustest.plan.footprints.stack_machine import arguments_of

_MAKERS = (str, int, float, bool, bytes, len, repr)
"""Built-in functions whose results nobody can change."""
_FIXED = (*(bool, int, float, complex, str, bytes, type(None)), *(FunctionType, BuiltinFunctionType))
_TESTS = ("COMPARE_OP", "IS_OP", "CONTAINS_OP", "UNARY_NOT")
_TEXTS = ("BUILD_STRING", "FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "CONVERT_VALUE")
_TEXT = Value("")


def gives_what_is_fixed(definition: FixtureDef, code: ProcessCode) -> bool:
    """Whether tests can leave nothing in what the fixture gives, nor by means of it, as far as its code tells."""
    func = own_function(definition)
    return func is not None and holds(FixedTrace(func.__code__, code.home(func), None))


class FixedTrace(SameTrace):
    """A walk through a fixture's code that looks for anything that may change, or be changed later.

    What it is given by other fixtures is looked at where these are.
    """

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.locals = {name: Value(Unknown.ARGUMENT, text=name) for name in arguments_of(code)}

    def _step(self, instruction: dis.Instruction) -> None:
        name, top, below = instruction.opname, self.peek(1), self.peek(2)
        parts = self.stack[len(self.stack) - (instruction.arg or 0) :]
        super()._step(instruction)
        if name in ("RETURN_VALUE", "YIELD_VALUE"):
            self._want(_is_fixed(top) or top.known is Unknown.ARGUMENT)
        elif name == "ASYNC_GEN_WRAP" or instruction.argrepr.endswith("ASYNC_GEN_WRAP"):
            self.stack[-1] = top
        elif name in _TEXTS:
            self.stack[-1] = _TEXT
        elif name in _TESTS:
            self.stack[-1] = Value(known=True)
        elif name == "BINARY_OP" and instruction.argrepr != "[]" and _is_fixed(top) and _is_fixed(below):
            self.stack[-1] = below
        elif name == "BUILD_TUPLE" and all(map(_is_fixed, parts)):
            self.stack[-1] = Value(())

    def attribute(self, owner: Value, name: str) -> Value:
        """The attribute of a value; of what nobody can change, it is no other."""
        if owner.text == "request" and name == "param":
            return Value(Unknown.ARGUMENT)
        found = super().attribute(owner, name)
        return found._replace(known=owner.known) if makes_value(owner.known) and _is_data(found.known) else found

    def _called(self, callee: Value, arguments: Sequence[Value]) -> Value:
        if _asks_for_option(callee):
            return NOTHING
        result = super()._called(callee, arguments)
        owner = callee.owner[0] if callee.owner else NOTHING
        if owner.path in ENVIRONMENT and callee.method == "get":
            return _TEXT
        is_text = isinstance(owner.known, str) and callee.method in ("lower", "upper", "strip", "replace", "format")
        return _TEXT if is_text or any(callee.known is one for one in _MAKERS) else result


def _asks_for_option(callee: Value) -> bool:
    """Whether it is `request.config.getoption`, or its like for settings."""
    config = callee.owner[0] if callee.method in ("getoption", "getini") and callee.owner else NOTHING
    return config.method == "config" and bool(config.owner) and config.owner[0].text == "request"


def _is_data(known: object) -> bool:
    return isinstance(known, property | Unknown) or type(known).__name__.endswith("_descriptor")


def _is_fixed(value: Value) -> bool:
    known = value.known
    if type(known) is tuple:
        return all(_is_fixed(Value(one)) for one in cast("tuple[object, ...]", known))
    return type(known) in _FIXED or makes_value(known)
