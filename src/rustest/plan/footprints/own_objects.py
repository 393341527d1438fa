"""Objects that a test has for itself: what it patches in those, no other test can meet.

They are those that the test, a fixture of its own or the set-up of its class makes, as far as the code tells: by
calling a class that makes another one each time.
"""

import dis
from collections.abc import Sequence
from types import CodeType, FunctionType

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.plan import REQUEST, RunStep
from rustest.plan.footprints.code_glance import wraps_nothing
from rustest.plan.footprints.known_object import Unknown
from rustest.plan.footprints.process_acts import Surroundings
from rustest.plan.footprints.process_code import ProcessCode
from rustest.plan.footprints.process_trace import ProcessTrace
from rustest.plan.footprints.process_values import NOTHING, Value
from rustest.plan.footprints.same_each_time import written_function

_PATCHER = "monkeypatch"
_PATCHING = ("setattr", "delattr", "setitem", "delitem")
_OF_THE_PROCESS = frozenset({"setenv", "delenv", "chdir", "syspath_prepend", "context", "undo"})
"""The other methods of `monkeypatch`."""
_RETURNING = (CallKind.PLAIN, CallKind.COROUTINE)


class OwnObjects:
    """Tells which objects tests have for themselves; each fixture and test is read once."""

    def __init__(self, code: ProcessCode) -> None:
        self._code = code
        self._given: dict[int, bool] = {}
        self._patched: dict[tuple[int, type | None], frozenset[str] | None] = {}

    def arguments(self, step: RunStep) -> frozenset[str]:
        """The arguments of the test that are given such objects."""
        given = ((name, step.fixtures[position]) for name, position in step.arguments if position != REQUEST)
        return frozenset(name for name, use in given if use.is_own(step.item.id) and self._gives_own(use.definition))

    def are_all_patched(self, step: RunStep) -> bool:
        """Whether the test has `monkeypatch` for such objects alone, and no fixture of its own has it."""
        position = next((at for at, use in enumerate(step.fixtures) if use.definition.is_monkeypatch), REQUEST)
        if (_PATCHER, position) not in step.arguments or any(position in use.needs() for use in step.fixtures):
            return False
        function = step.item.function
        key = id(function.func), function.cls
        if key not in self._patched:
            self._patched[key] = self._patched_by(function.func, function.cls)
        patched = self._patched[key]
        return patched is not None and patched <= self.arguments(step)

    def _gives_own(self, definition: FixtureDef) -> bool:
        own = self._given.get(id(definition))
        if own is None:
            own = self._given[id(definition)] = self._read_fixture(definition)
        return own

    def _read_fixture(self, definition: FixtureDef) -> bool:
        func = written_function(definition)
        if func is None:
            return False
        trace = GivingTrace(func.__code__, self._code.home(func), definition.cls)
        trace.returns = definition.kind in _RETURNING
        trace.walk([*dis.get_instructions(trace.code)])
        return bool(trace.given) and all(trace.given)

    def _patched_by(self, func: object, cls: type | None) -> frozenset[str] | None:
        """The arguments whose objects the function patches; None where it uses `monkeypatch` for anything else."""
        if not isinstance(func, FunctionType) or not wraps_nothing(func) or _PATCHER in func.__code__.co_cellvars:
            return None
        if not _OF_THE_PROCESS.isdisjoint(func.__code__.co_names):  # as most often
            return None
        trace = PatchingTrace(func.__code__, self._code.home(func), cls)
        trace.walk([*dis.get_instructions(trace.code)])
        return frozenset(trace.patched) if trace.loads == trace.patches else None


class GivingTrace(ProcessTrace):
    """A walk through a fixture's code that looks at what it gives."""

    returns = True
    """Whether it gives by `return`, and not by `yield`."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.given: list[bool] = []
        """Of each place where it gives something, whether it has made that."""
        self._awaits = False

    def _step(self, instruction: dis.Instruction) -> None:
        name, top = instruction.opname, self.peek(1)
        super()._step(instruction)
        if name == "ASYNC_GEN_WRAP" or instruction.argrepr.endswith("ASYNC_GEN_WRAP"):
            self.stack[-1] = top
        elif name == "SEND":  # what is yielded next is yielded by whoever is awaited
            self._awaits = True
        elif name == "YIELD_VALUE":
            if not (self.returns or self._awaits):
                self.given.append(self.is_made(top))
            self._awaits = False
        elif name.startswith(("RETURN_VALUE", "RETURN_CONST")) and self.returns:
            self.given.append(name == "RETURN_VALUE" and self.is_made(top))


class PatchingTrace(ProcessTrace):
    """A walk through a test's code that looks at what it does with `monkeypatch`."""

    def __init__(self, code: CodeType, around: Surroundings, cls: type | None) -> None:
        super().__init__(code, around, cls)
        self.locals[_PATCHER] = Value(Unknown.MONKEYPATCH)
        self.loads = 0
        self.patches = 0
        """How many of these are for an object of the test's own, or for that of an argument."""
        self.patched: list[str] = []
        """Those arguments."""

    def local(self, name: str) -> Value:
        """The value of a local variable."""
        value = super().local(name)
        is_method = bool(value.owner) and value.owner[0].known is Unknown.MONKEYPATCH
        self.loads += is_method or value.known is Unknown.MONKEYPATCH or name == _PATCHER
        return value

    def _called(self, callee: Value, arguments: Sequence[Value]) -> Value:
        owner = callee.owner[0] if callee.owner else NOTHING
        if owner.known is Unknown.MONKEYPATCH and callee.method in _PATCHING and len(arguments) > 1:
            target = self.target_of(arguments)
            is_given = self.is_given(target)
            self.patches += isinstance(arguments[1].known, str) and (is_given or self.is_made(target))
            if is_given:
                self.patched.append(target.text)
        return super()._called(callee, arguments)
