"""Fixtures that do the same each time: what they change of the process, and to what, depends on no test.

Whoever has set up such a fixture once has set it up for all: tests that use it may share one, and overlap. It reaches
for nothing but constants and the process itself. One call of anything else, and nobody can say what it depends on.
"""

import builtins
import dis
from collections.abc import Sequence
from types import CodeType, FunctionType

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.plan.footprints.code_glance import wraps_nothing
from rustest.plan.footprints.known_object import Unknown
from rustest.plan.footprints.process_acts import Resource, Surroundings
from rustest.plan.footprints.process_code import ProcessCode
from rustest.plan.footprints.process_trace import ProcessTrace
from rustest.plan.footprints.process_values import NOTHING, Value
from rustest.plan.footprints.shared_names import Use
from rustest.plan.footprints.stack_machine import arguments_of

_PATCHER = "monkeypatch"
ENVIRONMENT = ("os.environ", "os.environb")
_READING = frozenset(
    (
        *("warnings.catch_warnings", "blockbuster.blockbuster_ctx"),
        *("unittest.mock.patch.dict", "mock.patch.dict", "django.test.override_settings"),
        *("rustest.MonkeyPatch.context", "pytest.MonkeyPatch.context"),
    )
)
"""Contexts of the table that keep nothing of what tests do, nor of what they are given: that may be new each time."""
_CONSTANT = _READING | {"contextlib.chdir"}
"""Those that are the same each time if what they are given is. Time and chance are not: tests use them up."""
_USED_UP = frozenset({"random.seed", "random.setstate", "numpy.random.seed", "signal.alarm", "signal.setitimer"})
_COPYING = frozenset({"setenv", "delenv", "delattr", "delitem", "undo"})
_PATCHING = _COPYING | {"setattr", "setitem", "syspath_prepend", "chdir"}
"""Methods of `monkeypatch`; those that copy keep nothing of what they are given."""
_MAKERS = (
    *(dict, list, set, frozenset, tuple, str, int, float, bool, bytes),
    *(len, sorted, reversed, zip, range, enumerate, min, max, sum, any, all, isinstance, issubclass, repr, iter),
    builtins.__build_class__,
)
"""Built-in functions that change nothing, and make something new."""
_LOGGING = "logging."
"""What sets up loggers does so once for all, however often it is done."""
_READERS = frozenset(
    (
        *("lower", "upper", "strip", "startswith", "endswith", "removeprefix", "removesuffix", "split", "replace"),
        *("join", "format", "encode", "decode", "get", "keys", "values", "items", "copy"),
    )
)
"""Methods of texts and containers that change nothing."""
_PLAIN = (str, bytes, dict, list, tuple, set, frozenset)
_VALUES = frozenset({"datetime", "decimal", "fractions", "pathlib", "ipaddress", "uuid"})
"""Modules whose classes make what nobody can change."""
_MADE = Value(Unknown.MADE)
_AT_ONCE = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
"""Functions inside others that are called where they stand."""


def does_the_same(definition: FixtureDef, code: ProcessCode) -> bool:
    """Whether the fixture, which changes something of the process, does so for each test alike.

    It does so as far as can be told without running anything: whoever reads an attribute is taken to call no code.
    """
    if definition.kind not in (CallKind.PLAIN, CallKind.GENERATOR) or definition.params:
        return False
    func = own_function(definition)
    if func is None or not {_PATCHER}.issuperset(arguments_of(func.__code__)):
        return False
    return holds(SameTrace(func.__code__, code.home(func), None))


def own_function(definition: FixtureDef) -> FunctionType | None:
    """The fixture's function, where the user has written it, in no class, and it stands for no other."""
    return None if definition.cls is not None else written_function(definition)


def written_function(definition: FixtureDef) -> FunctionType | None:
    """The fixture's function, where the user has written it, perhaps in a class, and it stands for no other."""
    func = definition.func
    return None if definition.origins or not wraps_nothing(func) or func.__closure__ else func


def holds(trace: "SameTrace") -> bool:
    """Whether a walk through all of its code comes upon nothing that speaks against it."""
    trace.walk([*dis.get_instructions(trace.code)])
    return trace.is_same


class SameTrace(ProcessTrace):
    """A walk through a fixture's code that looks for anything that may differ from one time to the next."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.is_same = True
        self.locals = {_PATCHER: Value(Unknown.MONKEYPATCH)}

    def _step(self, instruction: dis.Instruction) -> None:
        name, top, below = instruction.opname, self.peek(1), self.peek(2)
        super()._step(instruction)
        if name == "MAKE_FUNCTION":
            self._define(top.known)
        elif name == "BEFORE_WITH" and top.holds:
            is_patch = any(effect.resource.name.endswith("MonkeyPatch.context") for effect in top.holds)
            self.stack[-1] = Value(Unknown.MONKEYPATCH) if is_patch else _MADE
        elif name == "BINARY_SUBSCR" and below.known is Unknown.MADE:
            self.stack[-1] = _MADE
        elif name == "LOAD_BUILD_CLASS":
            self.stack[-1] = Value(builtins.__build_class__)

    def _define(self, code: object) -> None:
        """A function inside the fixture is the same each time if it reaches for none of its variables."""
        self._want(
            isinstance(code, CodeType)
            and (code.co_name in _AT_ONCE or not code.co_freevars)
            and holds(SameTrace(code, self.around, None))
        )
        self.stack[-1] = Value(code)

    def _want(self, holds: bool) -> None:
        self.is_same = self.is_same and holds

    # --- loads ----------------------------------------------------------------------------------------------

    def _mention(self, value: Value) -> Value:
        if value.known is Unknown.NOTHING and value.own and value.own in vars(builtins):
            value = value._replace(known=vars(builtins)[value.own])
        return super()._mention(value)

    def attribute(self, owner: Value, name: str) -> Value:
        """The attribute of a value."""
        if owner.known is Unknown.MADE:
            return Value(Unknown.MADE, method=name, owner=(owner,))
        return super().attribute(owner, name)

    # --- stores ---------------------------------------------------------------------------------------------

    def _set_attribute(self, owner: Value, name: str, value: Value) -> None:
        if owner.known is not Unknown.MADE:
            self._want(_is_foreign(owner) and _is_constant(value))
        super()._set_attribute(owner, name, value)

    def _part_of(self, container: Value, part: str) -> Resource | None:
        resource = super()._part_of(container, part)
        self._want(resource is not None or not _is_foreign(container))
        return resource

    def _write(self, resource: Resource, value: Value) -> None:
        self._want(not resource.module and (_is_constant(value) or resource.name in ENVIRONMENT))
        super()._write(resource, value)

    # --- calls ----------------------------------------------------------------------------------------------

    def _called(self, callee: Value, arguments: Sequence[Value]) -> Value:
        owner = callee.owner[0] if callee.owner else NOTHING
        self._want(self._is_free(callee, owner) or (self._repeats(callee, owner) and all(map(_is_constant, arguments))))
        result = super()._called(callee, arguments)
        if result != NOTHING and (result.known is not Unknown.MADE or result.is_saved):
            return result
        return Value(callee.known) if makes_value(callee.known) else _MADE

    def _is_free(self, callee: Value, owner: Value) -> bool:
        """Whether the call changes nothing that lasts but what is put back, whatever it is given."""
        if callee.holds or owner.is_saved or owner.known is Unknown.MADE or callee.known is Unknown.MADE:
            return True
        if callee.known is None:  # the end of a `with` block, after a loop that has left the stack out of step
            return True
        if callee.method in _READERS and (type(owner.known) in _PLAIN or not _is_foreign(owner)):
            return True
        if callee.path in _READING or owner.path in ENVIRONMENT or callee.path.startswith(_LOGGING):
            return True
        if owner.known is Unknown.MONKEYPATCH:
            return callee.method in _COPYING
        known = callee.known
        return any(known is one for one in _MAKERS) or isinstance(known, CodeType) or makes_value(known)

    def _repeats(self, callee: Value, owner: Value) -> bool:
        """Whether the call does the same each time that it is given the same."""
        if owner.known is Unknown.MONKEYPATCH:
            return callee.method in _PATCHING
        is_change = self.use(callee) in (Use.CHANGES, Use.RESTORES, Use.READS) and callee.path not in _USED_UP
        is_store = callee.known is setattr or callee.known is delattr
        return is_change or is_store or callee.path in _CONSTANT or owner.path == "sys.path"


def makes_value(known: object) -> bool:
    """Whether it is a class that makes what nobody can change; it also stands for what it makes."""
    return isinstance(known, type) and str(known.__module__).partition(".")[0] in _VALUES


def _is_constant(value: Value) -> bool:
    """Whether it is the same object each time, or one that nobody can change."""
    return value.is_saved or bool(value.path) or not isinstance(value.known, Unknown)


def _is_foreign(value: Value) -> bool:
    """Whether it is something that was there before, and no variable of the fixture's own."""
    is_given = value.known is Unknown.ARGUMENT
    return is_given or bool(value.own or value.path or value.owner) or not isinstance(value.known, Unknown)
