"""What one function does to what the whole process shares, instruction by instruction.

Of each value it is known by which dotted name it was reached, and the object itself where it can be known without
running anything. What calls of other functions do is asked of whoever has read them.
"""

import dis
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import NamedTuple, cast

from rustest.model.plan import Touch
from rustest.plan.footprint import CHANGING_METHODS, is_container
from rustest.plan.known_object import Unknown, as_class, class_attribute, instance_attribute
from rustest.plan.process_acts import WHOLE, Act, ActKind, Called, Effect, Resource, Surroundings
from rustest.plan.shared_names import LOOP_WIDE, Use
from rustest.plan.stack_machine import StackMachine, is_call, is_subscript, locals_of

_BEGINNING = frozenset({"start", "__enter__", "__aenter__", "enable", "activate"})
_ENDING = frozenset({"stop", "__exit__", "__aexit__", "disable", "deactivate", "reset"})
_TAKING_AWAY = frozenset({"pop", "popitem", "remove", "clear", "discard"})
_NO_MORE = (0, None, False)
"""Arguments that ask for nothing: of `signal.alarm`, `socket.setdefaulttimeout` and their like."""


class _Value(NamedTuple):
    known: object = Unknown.NOTHING
    path: str = ""
    """The dotted name of something that the process shares."""
    text: str = ""
    """How it is written, where it may be the key of an item."""
    is_saved: bool = False
    """Whether it was read from what the process shares, so that it can be put back."""
    holds: tuple[Effect, ...] = ()
    """What it changes from its start to its end: a patcher, a context manager."""
    method: str = ""
    owner: "tuple[_Value, ...]" = ()
    """The object whose `method` it is."""


_NOTHING = _Value()
_SAVED = _Value(is_saved=True)


class ProcessTrace(StackMachine[_Value]):
    """One walk through one function's code."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(_NOTHING)
        self.acts: list[Act] = []
        self.on_loop: list[Touch] = []
        """What it does to the whole of an event loop."""
        self._code = code
        self._around = around
        self._cls = cls
        self._line = code.co_firstlineno
        self._offset = 0
        if cls is not None and code.co_argcount:
            first = code.co_varnames[0]
            self.locals[first] = _Value(cls if first == "cls" else Unknown.SELF)

    def walk(self, instructions: Sequence[dis.Instruction]) -> None:
        """Go through all of them."""
        for instruction in instructions:
            self._offset = instruction.offset
            positions = instruction.positions
            if positions is not None and positions.lineno is not None:
                self._line = positions.lineno
            self._step(instruction)

    def _step(self, instruction: dis.Instruction) -> None:
        name, argument = instruction.opname, cast("object", instruction.argval)
        if name.startswith("LOAD_FAST") or name in ("LOAD_DEREF", "LOAD_CLASSDEREF"):
            self.stack.extend(self._local(local) for local in locals_of(argument))
        elif name.startswith("STORE_FAST"):
            for _ in self.store_fast(name, argument):
                pass
        elif name == "STORE_DEREF":
            self.locals[str(argument)] = self.pop()
        elif name == "LOAD_CONST":
            self.stack.append(_Value(argument, text=repr(argument)))
        elif handle := _HANDLERS.get(name):
            handle(self, instruction, str(argument))
        else:
            self.pass_over(instruction)

    def _local(self, name: str) -> _Value:
        value = self.locals.get(name, _NOTHING)
        return value if value.text else value._replace(text=name)

    def _act(self, kind: ActKind, *effects: Effect) -> None:
        for effect in effects:
            if not self._around.shared.excuses(effect.resource.name):
                self.acts.append(Act(self._offset, kind, effect))

    def _effect(self, verb: str, resource: Resource) -> Effect:
        return Effect(resource, Touch(f"{verb} `{resource.name}`", self._around.place(self._code, self._line)))

    def _use(self, value: _Value) -> Use | None:
        return self._around.shared.use_of(value.path) if value.path else None

    # --- loads ----------------------------------------------------------------------------------------------

    def load_global(self, instruction: dis.Instruction, name: str) -> None:
        """Push the global, with the NULL of a call where the instruction says so."""
        known = self._around.names.get(name, _BUILTINS.get(name, Unknown.NOTHING))
        path = self._around.path_of(name, known) if known is not Unknown.NOTHING else ""
        self.shift(dis.stack_effect(instruction.opcode, instruction.arg) - 1)
        self._notice(name)
        self.stack.append(self._mention(_Value(known, path, name)))

    def _notice(self, name: str) -> None:
        if name in LOOP_WIDE:
            self.on_loop.append(Touch(f"calls `{name}`", self._around.place(self._code, self._line)))

    def _mention(self, value: _Value) -> _Value:
        if self._use(value) is Use.ALONE:
            self._act(ActKind.SURE, self._effect("uses", Resource(value.path)))
        return value

    def load_attribute(self, instruction: dis.Instruction, name: str) -> None:
        """`owner.name`, or the method `owner.name` that is about to be called."""
        value = self._attribute(self.pop(), name)
        self.stack.extend((value, _NOTHING) if is_call(instruction) else (value,))

    def _attribute(self, owner: _Value, name: str) -> _Value:
        self._notice(name)
        if owner.known is Unknown.SELF:
            return self.locals.get(f"self.{name}", self._member(name))
        if owner.holds:
            return _Value(holds=owner.holds, method=name)
        known = _attribute_of(owner.known, name)
        path = self._around.shared.name_of(known, f"{owner.path}.{name}" if owner.path else "")
        return self._mention(_Value(known, path, name, owner.is_saved, (), name, (owner,)))

    def _member(self, name: str) -> _Value:
        """What the test's own class has under that name."""
        if self._cls is None or name == "__class__":
            return _Value(self._cls)
        return _Value(class_attribute(self._cls, name)[1], "", name, False, (), name, (_Value(Unknown.SELF),))

    def import_name(self, _: dis.Instruction, name: str) -> None:
        """`import a.b`, which gives `a`, and `from a.b import c`, which goes on from `a.b`."""
        wanted, _level = self.pop(), self.pop()
        path = name.partition(".")[0] if wanted.known is None else name
        self.stack.append(self._module(path))

    def _module(self, path: str) -> _Value:
        known: object = sys.modules.get(path, Unknown.NOTHING)
        return _Value(known, path if known is Unknown.NOTHING else self._around.path_of(path, known), path)

    def import_from(self, _: dis.Instruction, name: str) -> None:
        """`from module import name`."""
        owner = self.peek(1)
        if owner.path and (module := sys.modules.get(f"{owner.path}.{name}")) is not None:
            self.stack.append(_Value(module, f"{owner.path}.{name}", name))
        else:
            self.stack.append(self._attribute(owner, name)._replace(method="", owner=()))

    def load_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key]` and `container[start:stop]`."""
        if not is_subscript(instruction):
            self.pass_over(instruction)
            return
        self._drop_key(instruction)
        container = self.pop()
        self.stack.append(_Value(is_saved=container.is_saved or bool(container.path)))

    # --- stores ---------------------------------------------------------------------------------------------

    def store_attribute(self, _: dis.Instruction, name: str) -> None:
        """`owner.name = value`."""
        owner, value = self.pop(), self.pop()
        self._set_attribute(owner, name, value)

    def _set_attribute(self, owner: _Value, name: str, value: _Value) -> None:
        if owner.known is Unknown.SELF:
            self.locals[f"self.{name}"] = value._replace(text=f"self.{name}")
        elif owner.path:
            self._write(Resource(f"{owner.path}.{name}"), value)

    def _write(self, resource: Resource, value: _Value) -> None:
        is_back = value.is_saved or value.path == resource.name
        self._act(ActKind.PUT_BACK if is_back else ActKind.CHANGE, self._effect("writes", resource))

    def delete_attribute(self, _: dis.Instruction, name: str) -> None:
        """`del owner.name`."""
        if path := self.pop().path:
            self._act(ActKind.PUT_BACK, self._effect("writes", Resource(f"{path}.{name}")))

    def store_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key] = value` and `container[start:stop] = value`."""
        part = self._drop_key(instruction)
        container, value = self.pop(), self.pop()
        if container.path:
            self._write(Resource(container.path, part), value)

    def delete_item(self, instruction: dis.Instruction, _: str) -> None:
        """`del container[key]`."""
        part = self._drop_key(instruction)
        if path := self.pop().path:
            self._act(ActKind.PUT_BACK, self._effect("writes", Resource(path, part)))

    def _drop_key(self, instruction: dis.Instruction) -> str:
        """Take the key from the stack, and say how it is written; a slice stands for the whole."""
        if instruction.opname.endswith("SLICE"):
            self.pop()
            self.pop()
            return WHOLE
        return self.pop().text

    # --- calls ----------------------------------------------------------------------------------------------

    def call(self, instruction: dis.Instruction, _: str) -> None:
        """A call of whatever form: two values for the callee, of which one may be missing, then the arguments."""
        count = instruction.arg or 0
        if instruction.opname == "CALL_FUNCTION_EX":
            taken = 1 - dis.stack_effect(instruction.opcode, count)
        else:
            taken = count + 2 + (instruction.opname == "CALL_KW")
        values = self.stack[-taken:]
        del self.stack[-taken:]
        callee = next((value for value in values[:2] if value is not _NOTHING), _NOTHING)
        self.stack.append(self._called(callee, values[2:]))

    def _called(self, callee: _Value, arguments: Sequence[_Value]) -> _Value:
        if callee.holds:
            return self._drive(callee)
        for argument in arguments:  # whoever takes it over, as an exit stack does, may begin it
            self._act(ActKind.CHANGE, *argument.holds)
        match self._use(callee):
            case Use.HOLDS:
                site = Resource(callee.path, f"{self._line}:{self._offset}")
                return _Value(holds=(self._effect("uses", site),))
            case Use.CHANGES:
                is_back = any(argument.is_saved for argument in arguments)
                is_off = bool(arguments) and arguments[-1].known in _NO_MORE
                kind = ActKind.RELEASE if is_off else ActKind.PUT_BACK if is_back else ActKind.CHANGE
                self._act(kind, self._effect("calls", Resource(callee.path)))
                return _SAVED
            case Use.RESTORES:
                for undone in _UNDOES.get(callee.path, ()):
                    self._act(ActKind.RELEASE, self._effect("calls", Resource(undone)))
            case Use.READS:
                return _SAVED
            case Use.STATE | Use.ALONE | None:
                return self._call_other(callee, arguments)
        return _NOTHING

    def _drive(self, callee: _Value) -> _Value:
        """A method of a patcher."""
        if callee.method in _BEGINNING:
            self._act(ActKind.CHANGE, *callee.holds)
        elif callee.method in _ENDING:
            self._act(ActKind.RELEASE, *callee.holds)
        return _NOTHING

    def _call_other(self, callee: _Value, arguments: Sequence[_Value]) -> _Value:
        owner = callee.owner[0] if callee.owner else _NOTHING
        if callee.known in (setattr, delattr) and len(arguments) >= _OWNER_AND_NAME:
            name = arguments[1].known
            value = arguments[2] if len(arguments) > _OWNER_AND_NAME else _SAVED
            self._set_attribute(arguments[0], name if isinstance(name, str) else "?", value)
        elif owner.path and callee.method in CHANGING_METHODS and self._holds_items(owner):
            self._change_items(owner, callee.method, arguments)
        elif (called := self._reach(callee, owner)) is not None:
            for kind, effect in called.acts:
                self._act(kind, effect)
            return _Value(holds=called.holds)
        is_read = bool(owner.path) and self._holds_items(owner)
        return _SAVED if is_read or owner.is_saved or any(argument.is_saved for argument in arguments) else _NOTHING

    def _holds_items(self, owner: _Value) -> bool:
        return self._use(owner) is Use.STATE or is_container(owner.known)

    def _change_items(self, owner: _Value, method: str, arguments: Sequence[_Value]) -> None:
        keyed = method in ("pop", "setdefault") and bool(arguments)
        resource = Resource(owner.path, arguments[0].text if keyed else WHOLE)
        is_back = method in _TAKING_AWAY or any(argument.is_saved for argument in arguments)
        self._act(ActKind.PUT_BACK if is_back else ActKind.CHANGE, self._effect("writes", resource))

    def _reach(self, callee: _Value, owner: _Value) -> Called | None:
        if isinstance(callee.known, Unknown):
            return None
        return self._around.call(callee.known, self._cls if owner.known is Unknown.SELF else None)

    def make_function(self, instruction: dis.Instruction, _: str) -> None:
        """A function defined in this one may be called from here on."""
        code = self.peek(1).known
        self.pass_over(instruction)
        if isinstance(code, CodeType):
            called = self._around.nested(code, self._cls)
            for kind, effect in called.acts:
                self._act(kind, effect)
            self._act(ActKind.CHANGE, *called.holds)

    def enter(self, instruction: dis.Instruction, _: str) -> None:
        """`with value:`."""
        value = self.pop()
        if value.holds:
            self._act(ActKind.WITH, *value.holds)
        elif self._use(value) is Use.HOLDS:
            self._act(ActKind.WITH, self._effect("uses", Resource(value.path)))
        self.stack.append(value)
        self.pass_over(instruction)

    def copy(self, instruction: dis.Instruction, _: str) -> None:
        """Duplicate a value."""
        self.stack.append(self.peek(instruction.arg or 1))


_OWNER_AND_NAME = 2
_UNDOES = {
    "gc.enable": ("gc.disable",),
    "tracemalloc.stop": ("tracemalloc.start",),
    "respx.stop": ("respx.start",),
    "responses.stop": ("responses.start",),
    "httpretty.disable": ("httpretty.enable",),
}
"""Which changes the calls end that only restore."""

_BUILTINS: Mapping[str, object] = {"setattr": setattr, "delattr": delattr}

_Handler = Callable[[ProcessTrace, dis.Instruction, str], None]
_HANDLERS: Mapping[str, _Handler] = {
    "LOAD_GLOBAL": ProcessTrace.load_global,
    "LOAD_NAME": ProcessTrace.load_global,
    "LOAD_ATTR": ProcessTrace.load_attribute,
    "LOAD_METHOD": ProcessTrace.load_attribute,
    "IMPORT_NAME": ProcessTrace.import_name,
    "IMPORT_FROM": ProcessTrace.import_from,
    "BINARY_SUBSCR": ProcessTrace.load_item,
    "BINARY_SLICE": ProcessTrace.load_item,
    "BINARY_OP": ProcessTrace.load_item,
    "STORE_ATTR": ProcessTrace.store_attribute,
    "DELETE_ATTR": ProcessTrace.delete_attribute,
    "STORE_SUBSCR": ProcessTrace.store_item,
    "STORE_SLICE": ProcessTrace.store_item,
    "DELETE_SUBSCR": ProcessTrace.delete_item,
    "COPY": ProcessTrace.copy,
    "SWAP": ProcessTrace.swap,
    "PRECALL": ProcessTrace.ignore,
    "CALL": ProcessTrace.call,
    "CALL_KW": ProcessTrace.call,
    "CALL_FUNCTION_EX": ProcessTrace.call,
    "MAKE_FUNCTION": ProcessTrace.make_function,
    "BEFORE_WITH": ProcessTrace.enter,
    "BEFORE_ASYNC_WITH": ProcessTrace.enter,
}


def _attribute_of(known: object, name: str) -> object:
    if (cls := as_class(known)) is not None:
        return class_attribute(cls, name)[1]
    return instance_attribute(known, name)
