"""What one function does to state that outlives it, read from its bytecode.

The instructions are walked once, in the order in which they stand, with a stack of what is known of each value: the
load that it came from, and the object itself where it can be known without running anything. What a jump does to the
stack is not followed, and need not be: a store looks only at values that its own statement pushed. Whatever reads
another module's objects, or goes through an instance's own methods, is not seen.
"""

import dis
import enum
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, ModuleType
from typing import NamedTuple, cast

from rustest.plan.footprint import CHANGING_METHODS, Access, Footprint, Resource, is_container, method_access

_QUIET = ("STORE", "DELETE", "POP", "JUMP", "RESUME", "NOP", "KW_NAMES", "RETURN", "RAISE", "END_")
"""Beginnings of the names of instructions that leave the values below those that they take as they were."""


class _Load:
    """One place where a resource is loaded; one that nothing is known of by the end has been read."""

    __slots__ = ("access", "resource")

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.access = Access(0)


class _Value(NamedTuple):
    load: _Load | None = None
    known: object = None


class _Unknown(enum.Enum):
    SELF = enum.auto()
    """The instance that a test is a method of: new for each test."""
    PART = enum.auto()
    """Something out of a container."""
    NOTHING = enum.auto()


_NOTHING = _Value(None, _Unknown.NOTHING)


def trace(code: CodeType, names: Mapping[str, object], cls: type | None) -> Footprint:
    """The footprint of a function whose globals are `names`, and which is a method of `cls` if that is not None."""
    tracer = _Tracer(names, cls)
    if cls is not None and code.co_argcount:
        first = code.co_varnames[0]
        tracer.locals[first] = _Value(None, cls if first == "cls" else _Unknown.SELF)
    tracer.walk(code)
    return tracer.footprint()


class _Tracer:
    def __init__(self, names: Mapping[str, object], cls: type | None) -> None:
        self.locals: dict[str, _Value] = {}
        self._names = names
        self._cls = cls
        self._own: set[str] = set()
        self._loads: list[_Load] = []
        self._stack: list[_Value] = []

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
            self._stack.extend(self.locals.get(local, _NOTHING) for local in _locals_of(argument))
        elif name.startswith("STORE_FAST"):
            self._store_fast(name, _locals_of(argument))
        elif handle := _HANDLERS.get(name):
            handle(self, instruction, str(argument))
        else:
            self._pass_over(instruction)

    def _store_fast(self, name: str, locals_: Iterable[str]) -> None:
        targets = iter(locals_)
        for local in targets:
            self.locals[local] = value = self._pop()
            self._touch(value, Access.READ)  # what is done with it from now on comes on top
            if name == "STORE_FAST_LOAD_FAST":
                self._stack.append(self.locals.get(next(targets), _NOTHING))

    def _pass_over(self, instruction: dis.Instruction) -> None:
        """Any instruction that does nothing to a resource but read it."""
        effect = dis.stack_effect(instruction.opcode, instruction.arg, jump=False)
        if "JUMP" in instruction.opname or instruction.opname.startswith(_QUIET):
            self._push(effect)
        else:
            self._push(effect - 1)
            self._stack.append(_NOTHING)

    def _push(self, effect: int) -> None:
        if effect < 0:
            del self._stack[effect:]
        self._stack.extend([_NOTHING] * effect)

    def _pop(self) -> _Value:
        return self._stack.pop() if self._stack else _NOTHING

    def _touch(self, value: _Value, access: Access) -> None:
        if value.load is not None:
            value.load.access |= access

    def _open(self, resource: Resource) -> _Load:
        load = _Load(resource)
        self._loads.append(load)
        return load

    def load_global(self, instruction: dis.Instruction, name: str) -> None:
        """Push the global, with the NULL of a call where the instruction says so."""
        known = self._names.get(name, type if name == "type" else _Unknown.NOTHING)
        # What stands in other modules is none of this module's hand-overs.
        is_module = issubclass(type(known), ModuleType)
        self._push(dis.stack_effect(instruction.opcode, instruction.arg) - 1)
        self._stack.append(_NOTHING if is_module else _Value(self._open(Resource(None, name)), known))

    def store_global(self, _: dis.Instruction, name: str) -> None:
        """`name = value`."""
        self._pop()
        self._open(Resource(None, name)).access = Access.REPLACE

    def delete_global(self, _: dis.Instruction, name: str) -> None:
        """`del name`, which must have been there."""
        self._open(Resource(None, name)).access = Access.REPLACE | Access.READ

    def load_attribute(self, instruction: dis.Instruction, name: str) -> None:
        """`owner.name`, or the method `owner.name` that is about to be called."""
        owner = self._pop()
        is_call = instruction.opname == "LOAD_METHOD" or dis.stack_effect(instruction.opcode, instruction.arg) == 1
        value = self._attribute(owner, name)
        # A name that holds None so far may well hold a container by the time of the call.
        is_unsure = owner.known is None or owner.known is _Unknown.PART
        if name in CHANGING_METHODS and (is_unsure or is_container(owner.known)):
            self._touch(owner, method_access(name))
        elif is_call:
            self._touch(owner, Access.READ if is_container(owner.known) else Access.CALL)
        self._stack.extend((_NOTHING, _NOTHING) if is_call else (value,))

    def _attribute(self, owner: _Value, name: str) -> _Value:
        cls = self._cls if owner.known is _Unknown.SELF else owner.known
        if (holder := _as_class(cls)) is not None:
            if owner.known is _Unknown.SELF and (name == "__class__" or name in self._own):
                return _Value(None, cls) if name == "__class__" else _NOTHING
            holder, known = _class_attribute(holder, name)
            return _Value(self._open(Resource(holder, name)), known)
        return _Value(owner.load, _instance_attribute(owner.known, name))

    def store_attribute(self, _: dis.Instruction, name: str) -> None:
        """`owner.name = value`; on `self` it is the test's own, and hides the class's."""
        owner, _value = self._pop(), self._pop()
        self._change_attribute(owner, name)

    def delete_attribute(self, _: dis.Instruction, name: str) -> None:
        """`del owner.name`."""
        self._change_attribute(self._pop(), name)

    def _change_attribute(self, owner: _Value, name: str) -> None:
        if owner.known is _Unknown.SELF:
            self._own.add(name)
        elif (cls := _as_class(owner.known)) is not None:
            self._open(Resource(_class_attribute(cls, name)[0], name)).access = Access.REPLACE
        else:
            self._touch(owner, Access.CHANGE)

    def load_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key]`, which later versions write as one more binary operator."""
        if instruction.opname == "BINARY_OP" and instruction.argrepr != "[]":
            self._pass_over(instruction)
            return
        self._pop()
        self._stack.append(_Value(self._pop().load, _Unknown.PART))

    def store_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key] = value` and `container[start:stop] = value`."""
        self._drop_key(instruction)
        self._touch(self._pop(), Access.CHANGE)
        self._pop()

    def delete_item(self, instruction: dis.Instruction, _: str) -> None:
        """`del container[key]`, which must have been there."""
        self._drop_key(instruction)
        self._touch(self._pop(), Access.CHANGE | Access.READ)

    def _drop_key(self, instruction: dis.Instruction) -> None:
        for _ in range(2 if instruction.opname == "STORE_SLICE" else 1):
            self._pop()

    def copy(self, instruction: dis.Instruction, _: str) -> None:
        """Duplicate a value, as `container[key] += 1` does to read before it stores."""
        depth = instruction.arg or 1
        value = self._stack[-depth] if depth <= len(self._stack) else _NOTHING
        self._touch(value, Access.READ)
        self._stack.append(value)

    def swap(self, instruction: dis.Instruction, _: str) -> None:
        """Exchange the topmost value with one below."""
        depth, stack = instruction.arg or 1, self._stack
        if depth <= len(stack):
            stack[-1], stack[-depth] = stack[-depth], stack[-1]

    def ignore(self, _: dis.Instruction, __: str) -> None:
        """`PRECALL`, whose work is counted with the call's."""

    def call(self, instruction: dis.Instruction, _: str) -> None:
        """Call; of all results only that of `type(self)` is known."""
        count = instruction.arg or 0
        callees = self._stack[-3:-1]
        asks_type = count == 1 and any(value.known is type for value in callees)
        is_self = asks_type and self._stack[-1].known is _Unknown.SELF
        self._push(-2 - count)  # the callee, its NULL or self, and the arguments
        self._stack.append(_Value(None, self._cls) if is_self else _NOTHING)


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


def _locals_of(argument: object) -> Iterator[str]:
    """Later versions load or store two locals in one instruction."""
    names = cast("tuple[object, ...]", argument) if isinstance(argument, tuple) else (argument,)
    return map(str, names)


def _as_class(known: object) -> type | None:
    """The object if it is a class; a proxy that only says so is none, and is not asked."""
    return cast("type", known) if issubclass(type(known), type) else None


def _class_attribute(cls: type, name: str) -> tuple[type, object]:
    """The class of the hierarchy that holds the attribute, and its value; the class itself where none does."""
    for holder in cls.__mro__:
        if name in holder.__dict__:
            return holder, holder.__dict__[name]
    return cls, _Unknown.NOTHING


def _instance_attribute(known: object, name: str) -> object:
    """The attribute's value where it stands in the object itself: nothing of the user's runs."""
    if isinstance(known, _Unknown):
        return _Unknown.NOTHING
    try:
        return cast("dict[str, object]", object.__getattribute__(known, "__dict__")).get(name, _Unknown.NOTHING)
    except AttributeError:
        return _Unknown.NOTHING
