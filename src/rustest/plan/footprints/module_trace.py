"""What one function does to state that outlives it, read from its bytecode.

Of each value it is known from which load it came, and the object itself where it can be known without running
anything. Whatever reads another module's objects, or goes through an instance's own methods, is not seen.
"""

import dis
from collections.abc import Mapping
from types import CodeType, ModuleType
from typing import cast

from rustest.model.record import NamedTuple
from rustest.plan.footprints.footprint import CHANGING_METHODS, Access, Footprint, Resource, is_container, method_access
from rustest.plan.footprints.known_object import Unknown, as_class, class_attribute, instance_attribute
from rustest.plan.footprints.stack_machine import StackMachine, is_call, is_subscript


class _Load:
    """One place where a resource is loaded; one that nothing is known of by the end has been read."""

    __slots__ = ("access", "resource")

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.access = Access(0)


class _Value(NamedTuple):
    load: _Load | None = None
    known: object = None


_NOTHING = _Value(None, Unknown.NOTHING)


def trace(code: CodeType, names: Mapping[str, object], cls: type | None) -> Footprint:
    """The footprint of a function whose globals are `names`, and which is a method of `cls` if that is not None."""
    tracer = _Tracer(names, cls)
    if cls is not None and code.co_argcount:
        first = code.co_varnames[0]
        tracer.locals[first] = _Value(None, cls if first == "cls" else Unknown.SELF)
    tracer.walk(code)
    return tracer.footprint()


class _Tracer(StackMachine[_Value]):
    def __init__(self, names: Mapping[str, object], cls: type | None) -> None:
        super().__init__(_NOTHING)
        self._names = names
        self._cls = cls
        self._own: set[str] = set()
        self._loads: list[_Load] = []

    def footprint(self) -> Footprint:
        """All that was found, access by access joined."""
        found: Footprint = {}
        for load in self._loads:
            found[load.resource] = found.get(load.resource, Access(0)) | (load.access or Access.READ)
        return found

    def walk(self, code: CodeType) -> None:
        """Take in the code, and that of the functions defined inside it."""
        for instruction in dis.get_instructions(code):
            self._step(instruction)
        for constant in code.co_consts:
            if isinstance(constant, CodeType):
                self.walk(constant)

    def _step(self, instruction: dis.Instruction) -> None:
        name, argument = instruction.opname, cast("object", instruction.argval)
        if name.startswith("LOAD_FAST") or name in ("LOAD_DEREF", "LOAD_CLASSDEREF"):
            self.load_fast(argument)
        elif name.startswith("STORE_FAST"):
            for value in self.store_fast(name, argument):
                self._touch(value, Access.READ)  # what is done with it from now on comes on top
        elif handle := _HANDLERS.get(name):
            handle(self, instruction, str(argument))
        else:
            self.pass_over(instruction)

    def _touch(self, value: _Value, access: Access) -> None:
        if value.load is not None:
            value.load.access |= access

    def _open(self, resource: Resource) -> _Load:
        load = _Load(resource)
        self._loads.append(load)
        return load

    def load_global(self, instruction: dis.Instruction, name: str) -> None:
        """Push the global, with the NULL of a call where the instruction says so."""
        known = self._names.get(name, type if name == "type" else Unknown.NOTHING)
        # What stands in other modules is none of this module's hand-overs.
        is_module = issubclass(type(known), ModuleType)
        self.shift(dis.stack_effect(instruction.opcode, instruction.arg) - 1)
        self.stack.append(_NOTHING if is_module else _Value(self._open(Resource(None, name)), known))

    def store_global(self, _: dis.Instruction, name: str) -> None:
        """`name = value`."""
        self.pop()
        self._open(Resource(None, name)).access = Access.REPLACE

    def delete_global(self, _: dis.Instruction, name: str) -> None:
        """`del name`, which must have been there."""
        self._open(Resource(None, name)).access = Access.REPLACE | Access.READ

    def load_attribute(self, instruction: dis.Instruction, name: str) -> None:
        """`owner.name`, or the method `owner.name` that is about to be called."""
        owner = self.pop()
        calls = is_call(instruction)
        value = self._attribute(owner, name)
        # A name that holds None so far may well hold a container by the time of the call.
        is_unsure = owner.known is None or owner.known is Unknown.PART
        if name in CHANGING_METHODS and (is_unsure or is_container(owner.known)):
            self._touch(owner, method_access(name))
        elif calls:
            self._touch(owner, Access.READ if is_container(owner.known) else Access.CALL)
        self.stack.extend((_NOTHING, _NOTHING) if calls else (value,))

    def _attribute(self, owner: _Value, name: str) -> _Value:
        cls = self._cls if owner.known is Unknown.SELF else owner.known
        if (holder := as_class(cls)) is not None:
            if owner.known is Unknown.SELF and (name == "__class__" or name in self._own):
                return _Value(None, cls) if name == "__class__" else _NOTHING
            holder, known = class_attribute(holder, name)
            return _Value(self._open(Resource(holder, name)), known)
        return _Value(owner.load, instance_attribute(owner.known, name))

    def store_attribute(self, _: dis.Instruction, name: str) -> None:
        """`owner.name = value`; on `self` it is the test's own, and hides the class's."""
        owner, _value = self.pop(), self.pop()
        self._change_attribute(owner, name)

    def delete_attribute(self, _: dis.Instruction, name: str) -> None:
        """`del owner.name`."""
        self._change_attribute(self.pop(), name)

    def _change_attribute(self, owner: _Value, name: str) -> None:
        if owner.known is Unknown.SELF:
            self._own.add(name)
        elif (cls := as_class(owner.known)) is not None:
            self._open(Resource(class_attribute(cls, name)[0], name)).access = Access.REPLACE
        else:
            self._touch(owner, Access.CHANGE)

    def load_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key]`."""
        if not is_subscript(instruction):
            self.pass_over(instruction)
            return
        self.pop()
        self.stack.append(_Value(self.pop().load, Unknown.PART))

    def store_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key] = value` and `container[start:stop] = value`."""
        self._drop_key(instruction)
        self._touch(self.pop(), Access.CHANGE)
        self.pop()

    def delete_item(self, instruction: dis.Instruction, _: str) -> None:
        """`del container[key]`, which must have been there."""
        self._drop_key(instruction)
        self._touch(self.pop(), Access.CHANGE | Access.READ)

    def _drop_key(self, instruction: dis.Instruction) -> None:
        for _ in range(2 if instruction.opname == "STORE_SLICE" else 1):
            self.pop()

    def copy(self, instruction: dis.Instruction, _: str) -> None:
        """Duplicate a value, as `container[key] += 1` does to read before it stores."""
        value = self.peek(instruction.arg or 1)
        self._touch(value, Access.READ)
        self.stack.append(value)

    def call(self, instruction: dis.Instruction, _: str) -> None:
        """Call; of all results only that of `type(self)` is known."""
        count = instruction.arg or 0
        callees = self.stack[-3:-1]
        asks_type = count == 1 and any(value.known is type for value in callees)
        is_self = asks_type and self.stack[-1].known is Unknown.SELF
        self.shift(-2 - count)  # the callee, its NULL or self, and the arguments
        self.stack.append(_Value(None, self._cls) if is_self else _NOTHING)


_HANDLERS = {
    "LOAD_GLOBAL": _Tracer.load_global,
    "STORE_GLOBAL": _Tracer.store_global,
    "DELETE_GLOBAL": _Tracer.delete_global,
    "LOAD_ATTR": _Tracer.load_attribute,
    "LOAD_METHOD": _Tracer.load_attribute,
    "STORE_ATTR": _Tracer.store_attribute,
    "DELETE_ATTR": _Tracer.delete_attribute,
    "BINARY_SUBSCR": _Tracer.load_item,
    "BINARY_OP": _Tracer.load_item,
    "STORE_SUBSCR": _Tracer.store_item,
    "STORE_SLICE": _Tracer.store_item,
    "DELETE_SUBSCR": _Tracer.delete_item,
    "COPY": _Tracer.copy,
    "SWAP": _Tracer.swap,
    "PRECALL": _Tracer.ignore,
    "CALL": _Tracer.call,
}
