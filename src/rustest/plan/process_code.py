"""What functions do to the process, each read once: by a glance first, and closely where that shows something."""

import sys
from collections.abc import Iterator, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import cast

from rustest.model.calls import CallKind, kind_of
from rustest.model.plan import Touch
from rustest.model.record import NamedTuple
from rustest.plan.code_glance import Glance, glance_at, unwrap
from rustest.plan.process_acts import ActKind, Called, Effect
from rustest.plan.shared_names import LOOP_WIDE, SharedNames

_DEPTH = 5
"""How many calls deep a function is followed."""

_FIXED = (FunctionType, bool, int, float, complex, str, bytes, tuple, frozenset, type(None))


class Summary(NamedTuple):
    """What one function does to the process."""

    held: tuple[Effect, ...] = ()
    """Changes that are in place while it is suspended."""
    left: tuple[Effect, ...] = ()
    """Changes that are in place when it has ended."""
    freed: tuple[Effect, ...] = ()
    """Changes of somebody else's that it ends."""
    put_back: frozenset[Effect] = frozenset()
    """Those of its changes that end one of somebody else's, if there is one."""
    seen: tuple[Effect, ...] = ()
    """All that it does."""
    on_loop: tuple[Touch, ...] = ()
    """What it does to the whole of the loop that it runs on."""


class _Helper(NamedTuple):
    code: CodeType
    cls: type | None
    """The class of which it is a method."""


NOTHING = Summary()
"""That of most functions."""


class ProcessCode:
    """All code that tests and their fixtures reach."""

    def __init__(self, shared: SharedNames, rootdir: str) -> None:
        self.shared = shared
        self._rootdir = f"{rootdir}/"
        self._homes: dict[int, Home] = {}

    def summary(self, function: FunctionType, cls: type | None) -> Summary:
        """What the function does, which is a method of `cls` if that is not None."""
        return self.home(function).summary(function.__code__, cls)

    def home(self, function: FunctionType) -> "Home":
        """The module in which the function is written."""
        names = function.__globals__
        home = self._homes.get(id(names))
        if home is None:
            home = self._homes[id(names)] = Home(self, names)
        return home

    def place(self, code: CodeType, line: int) -> str:
        """File and line, the file by its path below the root folder where it is there."""
        return f"{code.co_filename.removeprefix(self._rootdir)}:{line}"


class Home:
    """One module's code, with what its global names stand for: the surroundings of a trace."""

    def __init__(self, code: ProcessCode, names: Mapping[str, object]) -> None:
        self.shared = code.shared
        self.names = names
        self._code = code
        self._words = code.shared.words | code.shared.aliases(names) | LOOP_WIDE
        self._helpers: dict[type | None, dict[str, _Helper]] = {}
        self._glances: dict[int, Glance] = {}
        self._suspects: dict[int, bool] = {}
        self._summaries: dict[tuple[int, type | None], Summary] = {}
        self._paths: dict[tuple[str, int], str] = {}
        self._depth = 0

    def summary(self, code: CodeType, cls: type | None) -> Summary:
        """What that function of the module does."""
        key = id(code), cls
        summary = self._summaries.get(key)
        if summary is None:
            self._summaries[key] = NOTHING  # for those who call themselves
            summary = self._summaries[key] = self._read(code, cls) if self._is_suspect(code, cls) else NOTHING
        return summary

    def _is_suspect(self, code: CodeType, cls: type | None) -> bool:
        """Whether a glance shows, here or in what it calls, anything that is worth a closer look."""
        glance = self._glance(code)
        names = glance.names
        if glance.stores_outside or not self._words.isdisjoint(names):
            return True
        helpers = self._helpers_of(cls)
        return not names.isdisjoint(helpers) and any(
            self._is_suspect_helper(helpers[name]) for name in names if name in helpers
        )

    def _is_suspect_helper(self, helper: "_Helper") -> bool:
        code = helper.code
        if id(code) not in self._suspects:
            self._suspects[id(code)] = False  # for those who call themselves
            self._suspects[id(code)] = self._is_suspect(code, helper.cls)
        return self._suspects[id(code)]

    def _helpers_of(self, cls: type | None) -> "Mapping[str, _Helper]":
        """The functions that are in reach by name: of the module, of a class, and of what makes a context manager."""
        helpers = self._helpers.get(cls)
        if helpers is None:
            if cls is None:
                members = dict(self.names)
            else:
                members = {name: value for holder in reversed(cls.__mro__[:-1]) for name, value in vars(holder).items()}
            helpers = {} if cls is None else dict(self._helpers_of(None))
            for name, value in members.items():
                enters = isinstance(value, type) and vars(value).get("__enter__")
                found = unwrap(enters or value)
                if found is not None and found.__globals__ is self.names:
                    helpers[name] = _Helper(found.__code__, value if isinstance(value, type) else cls)
            self._helpers[cls] = helpers
        return helpers

    def _glance(self, code: CodeType) -> Glance:
        glance = self._glances.get(id(code))
        if glance is None:
            glance = self._glances[id(code)] = glance_at(code)
        return glance

    def _read(self, code: CodeType, cls: type | None) -> Summary:
        import dis

        from rustest.plan.process_flow import follow, guards_of
        from rustest.plan.process_trace import ProcessTrace

        if self._depth > _DEPTH:
            return NOTHING
        self._depth += 1
        bytecode = dis.Bytecode(code)
        instructions = list(bytecode)
        trace = ProcessTrace(code, self, cls)
        trace.walk(instructions)
        self._depth -= 1
        flow = follow(instructions, guards_of(bytecode), trace.acts)
        seen = dict.fromkeys(act.effect for act in trace.acts)
        held, left, freed = (tuple(one for one in seen if one in part) for part in flow)
        put_back = frozenset(act.effect for act in trace.acts if act.kind is ActKind.PUT_BACK)
        return Summary(held, left, freed, put_back, tuple(seen), tuple(trace.on_loop))

    # --- what a trace asks ----------------------------------------------------------------------------------

    def call(self, function: object, cls: type | None) -> Called | None:
        """What calling a function or class of this module amounts to; None for any other's."""
        if isinstance(function, type):
            enter = unwrap(vars(function).get("__enter__"))
            if enter is None or enter.__globals__ is not self.names:
                return None
            return Called(holds=self.summary(enter.__code__, function).left)
        found = unwrap(function)
        if found is None or found.__globals__ is not self.names:
            return None
        return self._called(self.summary(found.__code__, cls), kind_of(found))

    def nested(self, code: CodeType, cls: type | None) -> Called:
        """What a function defined inside another amounts to, as it is sure to be called."""
        summary = self.summary(code, cls)
        return Called(_acts(summary, ActKind.CHANGE, summary.held))

    def _called(self, summary: Summary, kind: CallKind) -> Called:
        match kind:
            case CallKind.GENERATOR | CallKind.ASYNC_GENERATOR:
                return Called((), summary.held)
            case CallKind.COROUTINE:
                return Called(_acts(summary, ActKind.SURE, summary.held))
            case CallKind.PLAIN:
                return Called(_acts(summary, ActKind.CHANGE, ()))

    def path_of(self, name: str, known: object) -> str:
        """The dotted name of what a global stands for, if it belongs to the process rather than to this module."""
        key = name, id(known)
        if key not in self._paths:
            self._paths[key] = self.shared.name_of(known, self._find_path(name, known))
        return self._paths[key]

    def _find_path(self, name: str, known: object) -> str:
        if isinstance(known, ModuleType):
            return "" if vars(known) is self.names else known.__name__
        if isinstance(known, type | FunctionType):
            return f"{known.__module__}.{known.__qualname__}" if known.__module__ != self.names.get("__name__") else ""
        if type(known) in _FIXED:
            return ""
        others = [module for module in self._others_with(name, known) if not _is_of_tests(module)]
        return f"{others[-1]}.{name}" if others else ""

    def _others_with(self, name: str, known: object) -> Iterator[str]:
        modules = cast("Mapping[str, object]", sys.modules)
        for module_name, module in list(modules.items()):
            members = module.__dict__ if isinstance(module, ModuleType) else {}  # anything may stand there
            if members is not self.names and members.get(name) is known:
                yield module_name

    def place(self, code: CodeType, line: int) -> str:
        """File and line."""
        return self._code.place(code, line)


def _is_of_tests(module: str) -> bool:
    last = module.rpartition(".")[2]
    return last.startswith("test_") or last.endswith("_test") or last == "__main__"


def _acts(summary: Summary, kind: ActKind, effects: tuple[Effect, ...]) -> tuple[tuple[ActKind, Effect], ...]:
    """The summary of a function that was called, as acts of who called it."""
    return (
        *((ActKind.RELEASE, effect) for effect in summary.freed),
        *((kind, effect) for effect in effects),
        *((ActKind.PUT_BACK if one in summary.put_back else ActKind.CHANGE, one) for one in summary.left),
    )


def layers(func: object) -> Iterator[object]:
    """A function, and what it wraps, the outermost first."""
    layer = func
    for _ in range(10):  # a user's decorator may say that it wraps itself
        if layer is None:
            return
        yield layer
        layer = getattr(layer, "__wrapped__", None) or getattr(layer, "__func__", None)
