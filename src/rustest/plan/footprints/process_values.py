"""Values on a function's stack, as far as they have to do with what the whole process shares.

Of each value it is known by which dotted name it was reached, and the object itself where it can be known without
running anything.
"""

import dis
import sys
from collections.abc import Mapping
from types import CodeType

from rustest.model.plan import Touch
from rustest.model.record import NamedTuple
from rustest.plan.footprints.known_object import Unknown, as_class, class_attribute, instance_attribute
from rustest.plan.footprints.process_acts import WHOLE, Act, ActKind, Effect, Resource, Surroundings
from rustest.plan.footprints.shared_names import LOOP_WIDE, Use
from rustest.plan.footprints.stack_machine import StackMachine, arguments_of, is_call, is_subscript

_BUILTINS: Mapping[str, object] = {"setattr": setattr, "delattr": delattr}


class Value(NamedTuple):
    """What is known of one value."""

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
    owner: "tuple[Value, ...]" = ()
    """The object whose `method` it is."""
    own: str = ""
    """The name of a global of the function's own module."""
    kind: type | None = None
    """The class of something that the function has made, where that is known."""


NOTHING = Value()
SAVED = Value(is_saved=True)


class ProcessValues(StackMachine[Value]):
    """The stack of one function, whose values know what they stand for."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(NOTHING)
        self.acts: list[Act] = []
        self.on_loop: list[Touch] = []
        """What it does to the whole of an event loop."""
        self.code = code
        self.around = around
        self.cls = cls
        self.line = code.co_firstlineno
        self.offset = 0
        self.locals = {name: Value(Unknown.ARGUMENT, text=name) for name in arguments_of(code)}
        if cls is not None and code.co_argcount:
            first = code.co_varnames[0]
            self.locals[first] = Value(cls if first == "cls" else Unknown.SELF)

    def local(self, name: str) -> Value:
        """The value of a local variable."""
        value = self.locals.get(name, NOTHING)
        return value if value.text else value._replace(text=name)

    def join(self, one: Value, other: Value) -> Value:
        """What is either of two values: what one of them does to others, it may do."""
        if one is other:
            return one
        return other._replace(
            known=other.known if one.known is other.known or not _is_telling(one, other) else Unknown.NOTHING,
            path=other.path or one.path,
            text=other.text if one.text == other.text else "",
            is_saved=one.is_saved or other.is_saved,
            holds=(*one.holds, *other.holds),
            own=other.own or one.own,
            kind=other.kind if one.kind is other.kind else None,
        )

    def act(self, kind: ActKind, *effects: Effect) -> None:
        """Record what the instruction does, unless the user says that it does not matter."""
        for effect in effects:
            if not self.around.shared.excuses(effect.resource.name):
                self.acts.append(Act(self.offset, kind, effect))

    def effect(self, verb: str, resource: Resource, name: str = "") -> Effect:
        """A change of the resource, made where the walk has got to."""
        return Effect(resource, Touch(f"{verb} `{name or resource.name}`", self.around.place(self.code, self.line)))

    def own(self, name: str, part: str = WHOLE) -> Resource:
        """A global of the function's own module."""
        module = str(self.around.names.get("__name__", ""))
        return Resource(f"{module}.{name}", part, module)

    def use(self, value: Value) -> Use | None:
        """What the table of shared names says of the value."""
        return self.around.shared.use_of(value.path) if value.path else None

    # --- loads ----------------------------------------------------------------------------------------------

    def load_global(self, instruction: dis.Instruction, name: str) -> None:
        """Push the global, with the NULL of a call where the instruction says so."""
        known = self.around.names.get(name, _BUILTINS.get(name, Unknown.NOTHING))
        path = self.around.path_of(name, known) if known is not Unknown.NOTHING else ""
        self.shift(dis.stack_effect(instruction.opcode, instruction.arg) - 1)
        self._notice(name)
        self.stack.append(self._mention(Value(known, path, name, own="" if path else name)))

    def _notice(self, name: str) -> None:
        if name in LOOP_WIDE:
            self.on_loop.append(Touch(f"calls `{name}`", self.around.place(self.code, self.line)))

    def _mention(self, value: Value) -> Value:
        if self.use(value) is Use.ALONE:
            self.act(ActKind.SURE, self.effect("uses", Resource(value.path)))
        return value

    def load_attribute(self, instruction: dis.Instruction, name: str) -> None:
        """`owner.name`, or the method `owner.name` that is about to be called."""
        value = self.attribute(self.pop(), name)
        self.stack.extend((value, NOTHING) if is_call(instruction) else (value,))

    def attribute(self, owner: Value, name: str) -> Value:
        """The attribute of a value."""
        self._notice(name)
        if owner.known is Unknown.SELF:
            return self.locals.get(f"self.{name}", self._member(name))
        if owner.holds:
            return Value(holds=owner.holds, method=name)
        known = _attribute_of(owner.known, name)
        path = self.around.shared.name_of(known, f"{owner.path}.{name}" if owner.path else "")
        return self._mention(Value(known, path, name, owner.is_saved, (), name, (owner,)))

    def _member(self, name: str) -> Value:
        """What the test's own class has under that name."""
        if self.cls is None or name == "__class__":
            return Value(self.cls)
        return Value(class_attribute(self.cls, name)[1], "", name, False, (), name, (Value(Unknown.SELF),))

    def import_name(self, _: dis.Instruction, name: str) -> None:
        """`import a.b`, which gives `a`, and `from a.b import c`, which goes on from `a.b`."""
        wanted, _level = self.pop(), self.pop()
        path = name.partition(".")[0] if wanted.known is None else name
        self.stack.append(self._module(path))

    def _module(self, path: str) -> Value:
        known: object = sys.modules.get(path, Unknown.NOTHING)
        return Value(known, path if known is Unknown.NOTHING else self.around.path_of(path, known), path)

    def import_from(self, _: dis.Instruction, name: str) -> None:
        """`from module import name`."""
        owner = self.peek(1)
        if owner.path and (module := sys.modules.get(f"{owner.path}.{name}")) is not None:
            self.stack.append(Value(module, f"{owner.path}.{name}", name))
        else:
            self.stack.append(self.attribute(owner, name)._replace(method="", owner=()))

    def load_item(self, instruction: dis.Instruction, _: str) -> None:
        """`container[key]` and `container[start:stop]`."""
        if not is_subscript(instruction):
            self.pass_over(instruction)
            return
        self.drop_key(instruction)
        container = self.pop()
        self.stack.append(Value(is_saved=container.is_saved or bool(container.path)))

    def drop_key(self, instruction: dis.Instruction) -> str:
        """Take the key from the stack, and say how it is written; a slice stands for the whole."""
        if instruction.opname.endswith("SLICE"):
            self.pop()
            self.pop()
            return WHOLE
        return self.pop().text

    def copy(self, instruction: dis.Instruction, _: str) -> None:
        """Duplicate a value."""
        self.stack.append(self.peek(instruction.arg or 1))


def _is_telling(*values: Value) -> bool:
    """Whether it matters much which of them it is: a class, or something of which little is known."""
    return any(isinstance(value.known, Unknown) or as_class(value.known) is not None for value in values)


def _attribute_of(known: object, name: str) -> object:
    if (cls := as_class(known)) is not None:
        return class_attribute(cls, name)[1]
    return instance_attribute(known, name)
