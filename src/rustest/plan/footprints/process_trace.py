"""What one function does to what the whole process shares, instruction by instruction.

What calls of other functions do is asked of whoever has read them.
"""

import dis
from collections.abc import Callable, Mapping, Sequence
from types import CodeType
from typing import cast

from rustest.plan.footprints.footprint import CHANGING_METHODS, TAKING_AWAY, Access, is_container, method_access
from rustest.plan.footprints.known_object import Unknown
from rustest.plan.footprints.made_values import MadeValues
from rustest.plan.footprints.process_acts import WHOLE, ActKind, Called, Effect, Resource
from rustest.plan.footprints.process_values import NOTHING, SAVED, Value
from rustest.plan.footprints.shared_names import OF_CELLS, PATCHING_OBJECTS, SAME_AS, SWITCHED_OFF, Use
from rustest.plan.footprints.stack_machine import rebound

_BEGINNING = frozenset({"start", "__enter__", "__aenter__", "enable", "activate"})
_ENDING = frozenset({"stop", "__exit__", "__aexit__", "disable", "deactivate", "reset"})
_OFF = (0, None, False)


class ProcessTrace(MadeValues):
    """One walk through one function's code."""

    def walk(self, instructions: Sequence[dis.Instruction]) -> None:
        """Go through all of them."""
        self.rebound = rebound(self.code, instructions)
        for instruction in instructions:
            self.follow_jumps(instruction)
            self.offset = instruction.offset
            positions = instruction.positions
            if positions is not None and positions.lineno is not None:
                self.line = positions.lineno
            self._step(instruction)

    def _step(self, instruction: dis.Instruction) -> None:
        name, argument = instruction.opname, cast("object", instruction.argval)
        if name.startswith("LOAD_FAST") or name in ("LOAD_DEREF", "LOAD_CLASSDEREF"):
            self.load_fast(argument)
        elif name.startswith("STORE_FAST"):
            for _ in self.store_fast(name, argument):
                pass
        elif name == "STORE_DEREF":
            self.store_local(str(argument))
        elif name == "LOAD_CONST":
            self.stack.append(Value(argument, text=repr(argument)))
        elif handle := _HANDLERS.get(name):
            handle(self, instruction, str(argument))
        else:
            self.pass_over(instruction)

    def store_local(self, name: str) -> Value:
        """Store into the local variable, which may then be what it was before: another way may lead past the store."""
        earlier, value = self.locals.get(name, NOTHING), super().store_local(name)
        if earlier.holds and name in self.rebound:
            self.locals[name] = value._replace(holds=(*earlier.holds, *value.holds))
        return value

    # --- stores ---------------------------------------------------------------------------------------------

    def store_attribute(self, _: dis.Instruction, name: str) -> None:
        """`owner.name = value`."""
        owner, value = self.pop(), self.pop()
        self._set_attribute(owner, name, value)

    def _set_attribute(self, owner: Value, name: str, value: Value) -> None:
        if owner.known is Unknown.SELF:
            known = Unknown.NOTHING if value.known is Unknown.MADE else value.known  # it may be stored elsewhere, too
            self.locals[f"self.{name}"] = value._replace(known=known, text=f"self.{name}")
        elif owner.path:
            self._write(Resource(f"{owner.path}.{name}"), value)
        elif name == OF_CELLS:
            self._write(Resource(name), value)

    def store_global(self, _: dis.Instruction, name: str) -> None:
        """`name = value`, where `name` is a global; None and its like stand for how it was."""
        value = self.pop()
        is_off = any(value.known is one for one in _OFF) and not value.own
        self._write(self.own(name), SAVED if is_off or value.own == name else value)

    def _write(self, resource: Resource, value: Value) -> None:
        is_back = value.is_saved or value.path == resource.name
        self.act(ActKind.PUT_BACK if is_back else ActKind.CHANGE, self.effect("writes", resource))

    def _part_of(self, container: Value, part: str) -> Resource | None:
        """A part of what a container holds that the process or the module shares; None for any other container."""
        if container.path:
            return Resource(container.path, part)
        return self.own(container.own, part) if container.own and is_container(container.known) else None

    def delete_attribute(self, _: dis.Instruction, name: str) -> None:
        """`del owner.name`."""
        if path := self.pop().path:
            self.act(ActKind.PUT_BACK, self.effect("writes", Resource(f"{path}.{name}")))

    def store_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key] = value` and `container[start:stop] = value`."""
        part = self.drop_key(instruction)
        container, value = self.pop(), self.pop()
        if resource := self._part_of(container, part):
            self._write(resource, value)

    def delete_item(self, instruction: dis.Instruction, _: str) -> None:
        """`del container[key]`."""
        part = self.drop_key(instruction)
        if resource := self._part_of(self.pop(), part):
            self.act(ActKind.PUT_BACK, self.effect("writes", resource))

    # --- calls ----------------------------------------------------------------------------------------------

    def call(self, instruction: dis.Instruction, _: str) -> None:
        """A call of whatever form: two values for the callee, of which one may be missing, then the arguments."""
        count = instruction.arg or 0
        if instruction.opname == "CALL_FUNCTION_EX":
            taken = 1 - dis.stack_effect(instruction.opcode, count)
        else:
            taken = count + 2
        if instruction.opname == "CALL_KW":
            self.named = len(cast("tuple[str, ...]", self.pop().known))
        values = self.stack[-taken:]
        del self.stack[-taken:]
        callee = next((value for value in values[:2] if value is not NOTHING), NOTHING)
        self.stack.append(self._called(callee, values[2:]))
        self.named = 0

    def _called(self, callee: Value, arguments: Sequence[Value]) -> Value:
        if callee.holds:
            return self._drive(callee)
        for argument in arguments:  # whoever takes it over, as an exit stack does, may begin it
            self.act(ActKind.CHANGE, *argument.holds)
        match self.use(callee):
            case Use.HOLDS:
                return self._patcher(callee, arguments)
            case Use.CHANGES:
                return self._change(callee.path, arguments)
            case Use.RESTORES:
                self.act(ActKind.RELEASE, self._calling(callee.path))
            case Use.READS:
                return SAVED
            case Use.STATE | Use.ALONE | None:
                return self._call_other(callee, arguments)
        return NOTHING

    def _patcher(self, callee: Value, arguments: Sequence[Value]) -> Value:
        """What patches something; for the others nothing, where that is an object which the test has for itself."""
        target = self.target_of(arguments) if callee.path in PATCHING_OBJECTS else NOTHING
        if self.is_made(target):
            return NOTHING
        effect = self.effect("uses", Resource(callee.path, f"{self.line}:{self.offset}"))
        return Value(holds=(effect._replace(given=target.text) if self.is_given(target) else effect,))

    def _change(self, name: str, arguments: Sequence[Value]) -> Value:
        kind = ActKind.PUT_BACK if any(argument.is_saved for argument in arguments) else ActKind.CHANGE
        if name in SWITCHED_OFF and arguments and arguments[-1].known in _OFF:
            kind = ActKind.RELEASE
        self.act(kind, self._calling(name))
        return SAVED  # several of these give what was there before

    def _calling(self, name: str) -> Effect:
        return self.effect("calls", Resource(SAME_AS.get(name, name)), name)

    def _drive(self, callee: Value) -> Value:
        """A method of a patcher."""
        if callee.method in _BEGINNING:
            self.act(ActKind.CHANGE, *callee.holds)
        elif callee.method in _ENDING:
            self.act(ActKind.RELEASE, *callee.holds)
        return NOTHING

    def _call_other(self, callee: Value, arguments: Sequence[Value]) -> Value:
        owner = callee.owner[0] if callee.owner else NOTHING
        if callee.known in (setattr, delattr) and len(arguments) >= _OWNER_AND_NAME:
            name = arguments[1].known
            value = arguments[2] if len(arguments) > _OWNER_AND_NAME else SAVED
            self._set_attribute(arguments[0], name if isinstance(name, str) else "?", value)
        elif (owner.path or owner.own) and callee.method in CHANGING_METHODS and self._holds_items(owner):
            self._change_items(owner, callee.method, arguments)
        elif (called := self._reach(callee, owner)) is not None:
            for kind, effect in called.acts:
                self.act(kind, effect)
            return Value(holds=called.holds) if called.holds else self.result_of(callee, arguments)
        is_read = bool(owner.path) and self._holds_items(owner)
        is_saved = is_read or owner.is_saved or any(argument.is_saved for argument in arguments)
        return self.result_of(callee, arguments)._replace(is_saved=is_saved)

    def _holds_items(self, owner: Value) -> bool:
        return self.use(owner) is Use.STATE or is_container(owner.known)

    def _change_items(self, owner: Value, method: str, arguments: Sequence[Value]) -> None:
        if method_access(method) is Access.APPEND and owner.path and self.use(owner) is not Use.STATE:
            return  # whoever only adds disturbs nobody
        keyed = method in ("pop", "setdefault") and bool(arguments)
        resource = self._part_of(owner, arguments[0].text if keyed else WHOLE)
        if resource is None:
            return
        is_back = method in TAKING_AWAY or any(argument.is_saved for argument in arguments)
        self.act(ActKind.PUT_BACK if is_back else ActKind.CHANGE, self.effect("writes", resource))

    def _reach(self, callee: Value, owner: Value) -> Called | None:
        if isinstance(callee.known, Unknown):
            return None
        return self.around.call(callee.known, self.cls if owner.known is Unknown.SELF else None)

    def make_function(self, instruction: dis.Instruction, _: str) -> None:
        """A function defined in this one may be called from here on."""
        code = self.peek(1).known
        self.pass_over(instruction)
        if isinstance(code, CodeType):
            called = self.around.nested(code, self.cls)
            for kind, effect in called.acts:
                self.act(kind, effect)
            self.act(ActKind.CHANGE, *called.holds)

    def enter(self, instruction: dis.Instruction, _: str) -> None:
        """`with value:`."""
        value = self.pop()
        if value.holds:
            self.act(ActKind.WITH, *value.holds)
        elif self.use(value) is Use.HOLDS:
            self.act(ActKind.WITH, self.effect("uses", Resource(value.path)))
        self.stack.append(value)
        self.pass_over(instruction)
        self.note_entered(value, is_async=instruction.opname != "BEFORE_WITH")


_OWNER_AND_NAME = 2
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
    "STORE_GLOBAL": ProcessTrace.store_global,
    "STORE_ATTR": ProcessTrace.store_attribute,
    "DELETE_ATTR": ProcessTrace.delete_attribute,
    "STORE_SUBSCR": ProcessTrace.store_item,
    "STORE_SLICE": ProcessTrace.store_item,
    "DELETE_SUBSCR": ProcessTrace.delete_item,
    "COPY": ProcessTrace.copy,
    "SWAP": ProcessTrace.swap,
    "GET_AWAITABLE": ProcessTrace.get_awaitable,
    "KW_NAMES": ProcessTrace.name_arguments,
    "PRECALL": ProcessTrace.ignore,
    "CALL": ProcessTrace.call,
    "CALL_KW": ProcessTrace.call,
    "CALL_FUNCTION_EX": ProcessTrace.call,
    "MAKE_FUNCTION": ProcessTrace.make_function,
    "LOAD_BUILD_CLASS": ProcessTrace.build_class,
    "BEFORE_WITH": ProcessTrace.enter,
    "BEFORE_ASYNC_WITH": ProcessTrace.enter,
}
