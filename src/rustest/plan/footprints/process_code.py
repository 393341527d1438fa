"""What functions do to the process, each read once: by a glance first, and closely where that shows something."""

from collections.abc import Mapping
from functools import cached_property
from types import CodeType, FunctionType, ModuleType

from rustest.model.calls import CallKind, kind_of
from rustest.model.plan import Touch
from rustest.model.record import NamedTuple
from rustest.plan.footprints.code_glance import Glances, unwrap
from rustest.plan.footprints.module_state import keep_temporary, without_state, without_state_of
from rustest.plan.footprints.process_acts import ActKind, Called, Effect
from rustest.plan.footprints.shared_names import LOOP_WIDE, OF_CELLS, SharedNames

_DEPTH = 5
"""How many calls deep a function is followed."""


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

    def without(self, own: frozenset[str]) -> "Summary":
        """The same, less what it does to the objects of those arguments."""
        if not own:
            return self
        held, seen = (tuple(one for one in part if one.given not in own) for part in (self.held, self.seen))
        return self._replace(held=held, seen=seen)


class _Helper(NamedTuple):
    code: CodeType
    cls: type | None
    """The class of which it is a method."""
    home: "Home"
    """The module in which it is written."""


NOTHING = Summary()
"""That of most functions."""


class ProcessCode:
    """All code that tests and their fixtures reach."""

    def __init__(self, shared: SharedNames, rootdir: str, glances: Glances) -> None:
        self.shared = shared
        self.glances = glances
        self._rootdir = f"{rootdir}/"
        self._homes: dict[int, Home] = {}
        self.depth = 0
        """How many calls deep the function is that is being read, from module to module."""

    def summary(self, function: FunctionType, cls: type | None) -> Summary:
        """What the function does, which is a method of `cls` if that is not None."""
        home = self.home(function)
        summary = home.summary(function.__code__, cls)
        if summary is NOTHING:
            return summary
        held, seen = (without_state_of(home.name, part) for part in (summary.held, summary.seen))
        return summary._replace(held=held, left=without_state(summary.left), seen=seen)

    def home(self, function: FunctionType) -> "Home":
        """The module in which the function is written."""
        return self.home_of(function.__globals__)

    def home_of(self, names: "Mapping[str, object]") -> "Home":
        """The module that has these global names."""
        home = self._homes.get(id(names))
        if home is None:
            home = self._homes[id(names)] = Home(self, names)
        return home

    def is_of_project(self, file: object) -> bool:
        """Whether a file is the project's own code, and not something installed."""
        return isinstance(file, str) and file.startswith(self._rootdir) and "site-packages" not in file

    def place(self, code: CodeType, line: int) -> str:
        """File and line, the file by its path below the root folder where it is there."""
        return f"{code.co_filename.removeprefix(self._rootdir)}:{line}"


class Home:
    """One module's code, with what its global names stand for: the surroundings of a trace."""

    def __init__(self, code: ProcessCode, names: Mapping[str, object]) -> None:
        self.shared = code.shared
        self.names = names
        self.name = str(names.get("__name__", ""))
        self.stored: dict[tuple[type, str], bool] = {}
        self._code = code
        self._words = code.shared.words | code.shared.aliases(names) | LOOP_WIDE | {OF_CELLS}
        self._helpers: dict[type | None, dict[str, _Helper | None]] = {}
        self._suspects: dict[tuple[int, bool], bool] = {}
        self._summaries: dict[tuple[int, type | None], Summary] = {}
        self._paths: dict[tuple[str, int], str] = {}

    def summary(self, code: CodeType, cls: type | None) -> Summary:
        """What that function of the module does."""
        key = id(code), cls
        summary = self._summaries.get(key)
        if summary is None:
            if self._code.depth > _DEPTH:
                return NOTHING
            self._summaries[key] = NOTHING  # for those who call themselves
            summary = self._summaries[key] = self._read(code, cls) if self._is_suspect(code, cls) else NOTHING
        return summary

    def _is_suspect(self, code: CodeType, cls: type | None, *, outside: bool = False) -> bool:
        """Whether a glance shows, here or in what it calls, anything that is worth a closer look.

        From outside, what it does to the state of modules counts only if anything takes that back.
        """
        glance = self._code.glances.at(code)
        names = glance.names
        if not names and not glance.stores_global:  # it reaches for nothing
            return False
        stores = glance.resets if outside else glance.stores_outside or glance.stores_global
        if stores or not self._words.isdisjoint(names):
            return True
        for name in names:
            helper = self._helper(name, cls)
            if helper and helper.home._is_suspect_helper(helper, outside=outside or helper.home is not self):
                return True
        modules = self._modules
        return not names.isdisjoint(modules) and any(
            modules[name]._offers_suspects(names) for name in names if name in modules
        )

    def _offers_suspects(self, names: frozenset[str]) -> bool:
        """Whether any of its functions of these names is suspect, seen from outside."""
        return any(
            helper.home._is_suspect_helper(helper, outside=True)
            for name in names
            if (helper := self._helper(name, None)) is not None
        )

    def _is_suspect_helper(self, helper: "_Helper", *, outside: bool) -> bool:
        key = id(helper.code), outside
        if key not in self._suspects:
            if self._code.depth > _DEPTH:
                return False
            self._suspects[key] = False  # for those who call themselves
            self._code.depth += 1
            self._suspects[key] = self._is_suspect(helper.code, helper.cls, outside=outside)
            self._code.depth -= 1
        return self._suspects[key]

    @cached_property
    def _modules(self) -> "Mapping[str, Home]":
        """The project's own modules that this one has imported, by the names that they have here."""
        return {
            name: self._code.home_of(vars(value))
            for name, value in self.names.items()
            if type(value) is ModuleType and self._code.is_of_project(vars(value).get("__file__"))
        }

    def _home_of(self, function: FunctionType | None) -> "Home | None":
        """Where a function is written, if that is here or in another of the project's own modules."""
        if function is None or function.__globals__ is self.names:
            return None if function is None else self
        return self._code.home(function) if self._code.is_of_project(function.__code__.co_filename) else None

    def _helper(self, name: str, cls: type | None) -> _Helper | None:
        """The function in reach by that name: of the module, of a class, or of what makes a context manager."""
        helpers = self._helpers.get(cls)
        if helpers is None:
            helpers = self._helpers[cls] = {}
        if name not in helpers:
            own = None if cls is None else self._own_helper(name, cls)
            helpers[name] = own or self._as_helper(self.names.get(name), None)
        return helpers[name]

    def _own_helper(self, name: str, cls: type) -> _Helper | None:
        holders = cls.__mro__[:-1]
        return self._as_helper(next((vars(holder)[name] for holder in holders if name in vars(holder)), None), cls)

    def _as_helper(self, value: object, cls: type | None) -> _Helper | None:
        if value is None:
            return None
        enters = isinstance(value, type) and vars(value).get("__enter__")
        found = unwrap(enters or value)
        home = self._home_of(found)
        if found is None or home is None:
            return None
        return _Helper(found.__code__, value if isinstance(value, type) else cls, home)

    def _read(self, code: CodeType, cls: type | None) -> Summary:
        import dis

        from rustest.plan.footprints.process_flow import follow, guards_of
        from rustest.plan.footprints.process_trace import ProcessTrace

        self._code.depth += 1
        bytecode = dis.Bytecode(code)
        instructions = list(bytecode)
        trace = ProcessTrace(code, self, cls)
        trace.walk(instructions)
        self._code.depth -= 1
        flow = follow(instructions, guards_of(bytecode), trace.acts)
        seen = dict.fromkeys(act.effect for act in trace.acts)
        held, left, freed = (tuple(one for one in seen if one in part) for part in flow)
        held = keep_temporary(held, trace.acts)
        put_back = frozenset(act.effect for act in trace.acts if act.kind is ActKind.PUT_BACK)
        return Summary(held, left, freed, put_back, tuple(seen), tuple(trace.on_loop))

    # --- what a trace asks ----------------------------------------------------------------------------------

    def call(self, function: object, cls: type | None) -> Called | None:
        """What calling a function or class of the project's own amounts to; None for any other's."""
        enters = unwrap(vars(function).get("__enter__")) if isinstance(function, type) else None
        found = enters or unwrap(function)
        home = self._home_of(found)
        if found is None or home is None or self.shared.excuses(f"{found.__module__}.{found.__qualname__}"):
            return None
        if isinstance(function, type):
            return Called(holds=self._seen_from_here(home, home.summary(found.__code__, function)).left)
        return self._called(self._seen_from_here(home, home.summary(found.__code__, cls)), kind_of(found))

    def _seen_from_here(self, home: "Home", summary: Summary) -> Summary:
        """Of what functions of other modules do, only what is known to disturb others, and not each cache they fill."""
        summary = _whatever_is_given(summary)
        if home is self or summary is NOTHING:
            return summary
        held, left, freed = (tuple(filter(self._is_known, part)) for part in summary[:3])
        return summary._replace(held=held, left=left, freed=freed)

    def _is_known(self, effect: Effect) -> bool:
        return bool(effect.resource.module) or self.shared.use_of(effect.resource.name) is not None

    def nested(self, code: CodeType, cls: type | None) -> Called:
        """What a function defined inside another amounts to, as it is sure to be called."""
        summary = _whatever_is_given(self.summary(code, cls))
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
            from rustest.plan.footprints.global_paths import find_path

            self._paths[key] = self.shared.name_of(known, find_path(name, known, self.names))
        return self._paths[key]

    def place(self, code: CodeType, line: int) -> str:
        """File and line."""
        return self._code.place(code, line)


def _whatever_is_given(summary: Summary) -> Summary:
    """The summary for a caller, who has other names for the arguments."""
    if not any(effect.given for effect in summary.seen):
        return summary
    held, left, freed = (tuple(one._replace(given="") for one in part) for part in summary[:3])
    return summary._replace(held=held, left=left, freed=freed)


def _acts(summary: Summary, kind: ActKind, effects: tuple[Effect, ...]) -> tuple[tuple[ActKind, Effect], ...]:
    """The summary of a function that was called, as acts of who called it."""
    return (
        *((ActKind.RELEASE, effect) for effect in summary.freed),
        *((kind, effect) for effect in effects),
        *((ActKind.PUT_BACK if one in summary.put_back else ActKind.CHANGE, one) for one in summary.left),
    )
