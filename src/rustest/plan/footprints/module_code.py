"""The code of test modules: which functions a test reaches, and what they do to shared state."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from rustest.model.item import TestFunction
from rustest.model.record import NamedTuple
from rustest.plan.footprints.code_glance import IDLE, Glances, unwrap
from rustest.plan.footprints.footprint import WRITES, Footprint

_DEPTH = 5
"""How many calls deep a test is followed."""

_FIXED = (FunctionType, BuiltinFunctionType, ModuleType, bool, int, float, complex, str, bytes, tuple, frozenset)
"""The kinds of objects that nobody changes in place, and that a name keeps."""

Member = tuple[Callable[..., object], type | None]
"""A function, and the class of which it is a method."""
RoutineKey = tuple[int, type | None]


class Routine(NamedTuple):
    """A function's code, and the class of which it is a method."""

    code: CodeType
    cls: type | None

    @property
    def key(self) -> RoutineKey:
        """Its identity, which is quicker to look up than its code is."""
        return id(self.code), self.cls


class _Members(NamedTuple):
    methods: Mapping[str, CodeType]
    data: frozenset[str]


class TestModules:
    """The modules in which the tests of one file are written: its own, and those that classes inherit tests from."""

    def __init__(self, glances: Glances) -> None:
        self._glances = glances
        self._modules: dict[int, ModuleCode] = {}

    def may_write(self, tests: Iterable[TestFunction]) -> bool:
        """Whether any code of theirs may change shared state, which is so in few files; never wrongly False."""
        others: set[Member] = set()
        home = None
        for test in tests:
            if home is None or test.cls is not None or id(test.func) not in home.in_reach:
                home = self._home(test.func)
                others.add((test.func, test.cls))
        return any(module.may_write(others) for module in self._modules.values())

    def footprints(self, tests: Sequence[Sequence[Member]]) -> list[Footprint]:
        """What each of the tests does to those resources that any of them changes.

        A test is given as its function and the fixtures that are set up for it alone.
        """
        homes = [self._home(test[0][0]) for test in tests]
        reached = [home.reach(home.routines(test)) for home, test in zip(homes, tests, strict=True)]
        each = zip(homes, reached, strict=True)
        changed = frozenset(name for home, routines in each for name in home.changed(routines))
        return [home.join(routines, changed) for home, routines in zip(homes, reached, strict=True)]

    def _home(self, func: Callable[..., object]) -> "ModuleCode":
        function = unwrap(func)
        names = {} if function is None else function.__globals__
        home = self._modules.get(id(names))
        if home is None:
            home = self._modules[id(names)] = ModuleCode(names, self._glances)
        return home


class ModuleCode:
    """The code of one module, by its global names; every answer is found once."""

    def __init__(self, names: Mapping[str, object], glances: Glances) -> None:
        self._names = names
        self._functions: dict[str, CodeType] = {}
        self.in_reach: set[int] = set()
        """The identities of its functions that have names in it."""
        for name, value in names.items():
            if (own := self._own(value)) is not None:
                self._functions[name] = own.__code__
                self.in_reach.add(id(own))
        self._glance = glances.at
        self._members: dict[type, _Members] = {}
        self._footprints: dict[RoutineKey, Footprint] = {}

    @cached_property
    def _state(self) -> frozenset[str]:
        return frozenset(name for name, value in self._names.items() if _may_change(name, value))

    def may_write(self, tests: Collection[Member]) -> bool:
        """Whether anything that tests here can reach may change shared state; never wrongly False."""
        for code in self._functions.values():
            if self._glance(code) is not IDLE and self._may_write(code, None):
                return True
        classes = {cls for _, cls in tests if cls is not None}
        methods = ((code, cls) for cls in classes for code in self._members_of(cls).methods.values())
        others = [(func, cls) for func, cls in tests if cls is not None or id(func) not in self.in_reach]
        return any(self._may_write(code, cls) for code, cls in (*methods, *self.routines(others)))

    def routines(self, members: Iterable[Member]) -> Iterator[Routine]:
        """Those of the functions that stand in this module."""
        return (Routine(found.__code__, cls) for func, cls in members if (found := self._own(func)))

    def reach(self, first: Iterable[Routine]) -> list[Routine]:
        """The routines and all that they call in this module, or in their own class, a few calls deep."""
        found: dict[RoutineKey, Routine] = {}
        level = list(first)
        for _ in range(_DEPTH):
            fresh = {routine.key: routine for routine in level if routine.key not in found}
            found.update(fresh)
            level = [called for routine in fresh.values() for called in self._called(routine)]
            if not level:
                break
        return list(found.values())

    def changed(self, routines: Iterable[Routine]) -> Iterator[str]:
        """The names of the resources that the routines change."""
        for routine in routines:
            if self._may_write(*routine):
                yield from (resource.name for resource, access in self._footprint(routine).items() if access & WRITES)

    def join(self, routines: Iterable[Routine], names: frozenset[str]) -> Footprint:
        """What the routines together do to resources of those names."""
        joined: Footprint = {}
        for routine in routines:
            if not names.isdisjoint(self._glance(routine.code).names):
                for resource, access in self._footprint(routine).items():
                    if resource.name in names:
                        joined[resource] = joined.get(resource, access) | access
        return joined

    def _footprint(self, routine: Routine) -> Footprint:
        key = routine.key
        if key not in self._footprints:
            from rustest.plan.footprints.module_trace import trace

            self._footprints[key] = trace(routine.code, self._names, routine.cls)
        return self._footprints[key]

    def _may_write(self, code: CodeType, cls: type | None) -> bool:
        glance = self._glance(code)
        if glance.stores_global or not glance.stores:
            return glance.stores_global
        if not self._state.isdisjoint(glance.names) or code.co_varnames[:1] == ("cls",):
            return True
        return cls is not None and not self._members_of(cls).data.isdisjoint(glance.names)

    def _called(self, routine: Routine) -> list[Routine]:
        """By name alone, which is now and then one too many and costs little."""
        names = self._glance(routine.code).names
        called = [Routine(self._functions[name], None) for name in names if name in self._functions]
        if routine.cls is not None:
            methods = self._members_of(routine.cls).methods
            called += [Routine(methods[name], routine.cls) for name in names if name in methods]
        return called

    def _members_of(self, cls: type) -> _Members:
        if cls not in self._members:
            members = {name: value for holder in reversed(cls.__mro__[:-1]) for name, value in vars(holder).items()}
            methods = {name: found.__code__ for name, value in members.items() if (found := self._own(value))}
            data = {name for name, value in members.items() if name not in methods and _may_change(name, value)}
            self._members[cls] = _Members(methods, frozenset(data | {"type", "__class__"}))
        return self._members[cls]

    def _own(self, func: object) -> FunctionType | None:
        found = unwrap(func)
        return found if found is not None and found.__globals__ is self._names else None


def _may_change(name: str, value: object) -> bool:
    return type(value) not in _FIXED and not name.startswith("__")
