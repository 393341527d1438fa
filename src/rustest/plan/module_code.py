"""The functions of one test module: which of them a test reaches, and which may change what others read.

Most modules change nothing, and most functions mention nothing that changes. Both are seen from the names and the
kinds of instructions that a function holds, at a fraction of what reading it instruction by instruction costs.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from opcode import opmap
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType
from typing import NamedTuple, cast

from rustest.plan.footprint import CHANGING_METHODS, WRITES, Footprint
from rustest.plan.trace import trace

_DEPTH = 5
"""How many calls deep a test is followed."""

_STORES = ("STORE_SUBSCR", "STORE_SLICE", "STORE_ATTR", "DELETE_SUBSCR", "DELETE_ATTR")
_STORE = re.compile(b"[" + b"".join(re.escape(bytes([opmap[name]])) for name in _STORES if name in opmap) + b"]")
_STORE_GLOBAL = re.compile(
    b"[" + b"".join(re.escape(bytes([opmap[f"{verb}_GLOBAL"]])) for verb in ("STORE", "DELETE")) + b"]"
)

_CONSTANT_KINDS = frozenset(
    {FunctionType, BuiltinFunctionType, ModuleType, bool, int, float, complex, str, bytes, tuple, frozenset}
)


class Routine(NamedTuple):
    """A function, with the class of which it is a method."""

    code: CodeType
    cls: type | None


class _Facts(NamedTuple):
    """What a glance at a function, and at those defined inside it, shows."""

    names: frozenset[str]
    stores_global: bool
    stores: bool
    """Whether it stores an item or attribute of something, or names a method that changes containers."""


class _Members(NamedTuple):
    methods: Mapping[str, CodeType]
    data: frozenset[str]


class ModuleCode:
    """The code of one module, by its global names; every answer is found once."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._names = names
        self._functions = {name: found.__code__ for name, value in names.items() if (found := self._own(value))}
        self._state = frozenset(name for name, value in names.items() if _may_change(name, value))
        self._facts: dict[int, _Facts] = {}
        self._members: dict[type, _Members] = {}
        self._footprints: dict[tuple[int, type | None], Footprint] = {}

    def routine(self, func: Callable[..., object], cls: type | None) -> Routine | None:
        """The function as it stands in this module; None where it stands in another."""
        found = self._own(func)
        return None if found is None else Routine(found.__code__, cls)

    def reach(self, first: Iterable[Routine]) -> list[Routine]:
        """The routines and all that they call in this module, or in their own class, a few calls deep."""
        level = list(first)
        found = {(id(routine.code), routine.cls): routine for routine in level}
        for _ in range(_DEPTH):
            if not level:
                break
            called = {(id(one.code), one.cls): one for routine in level for one in self._called(routine)}
            level = [one for key, one in called.items() if key not in found]
            found.update(called)
        return list(found.values())

    def changes(self, routines: Iterable[Routine]) -> Iterator[str]:
        """The names of the resources that the routines change."""
        for routine in routines:
            if self._may_write(routine):
                yield from (resource.name for resource, access in self.footprint(routine).items() if access & WRITES)

    def mentions(self, routine: Routine, names: frozenset[str]) -> bool:
        """Whether any of the names stands in the routine."""
        return not names.isdisjoint(self._look(routine.code).names)

    def footprint(self, routine: Routine) -> Footprint:
        """What the routine itself does, without what it calls."""
        key = (id(routine.code), routine.cls)
        if key not in self._footprints:
            self._footprints[key] = trace(routine.code, self._names, routine.cls)
        return self._footprints[key]

    def _may_write(self, routine: Routine) -> bool:
        """Whether reading the routine closely can find that it changes something; quick, and never wrongly False."""
        facts = self._look(routine.code)
        if facts.stores_global or not facts.stores:
            return facts.stores_global
        return routine.code.co_varnames[:1] == ("cls",) or not self._touchable(routine).isdisjoint(facts.names)

    def _own(self, func: object) -> FunctionType | None:
        found = _unwrap(func)
        return found if found is not None and found.__globals__ is self._names else None

    def _called(self, routine: Routine) -> Iterator[Routine]:
        """By name alone, which is now and then one too many and costs little."""
        names = self._look(routine.code).names
        for name in self._functions.keys() & names:
            yield Routine(self._functions[name], None)
        if routine.cls is not None:
            methods = self._members_of(routine.cls).methods
            for name in methods.keys() & names:
                yield Routine(methods[name], routine.cls)

    def _touchable(self, routine: Routine) -> frozenset[str]:
        """The names whose objects a routine could change in place."""
        if routine.cls is None:
            return self._state
        return self._state | self._members_of(routine.cls).data

    def _members_of(self, cls: type) -> _Members:
        if cls not in self._members:
            members = {name: value for holder in reversed(cls.__mro__[:-1]) for name, value in vars(holder).items()}
            methods = {name: found.__code__ for name, value in members.items() if (found := self._own(value))}
            data = {name for name, value in members.items() if name not in methods and _may_change(name, value)}
            self._members[cls] = _Members(methods, frozenset(data | {"type", "__class__"}))
        return self._members[cls]

    def _look(self, code: CodeType) -> _Facts:
        facts = self._facts.get(id(code))
        if facts is None:
            facts = self._facts[id(code)] = _look_at(code)
        return facts


class TestCode(NamedTuple):
    """A test and the fixtures that are set up for it alone: each function, and the class of which it is a method."""

    function: tuple[Callable[..., object], type | None]
    fixtures: Sequence[tuple[Callable[..., object], type | None]]


def read_footprints(tests: Sequence[TestCode]) -> list[Footprint]:
    """What each of the tests of one file does to those resources that any of them changes."""
    modules: dict[int, ModuleCode] = {}
    reached = [_reach(test, modules) for test in tests]
    changed = frozenset(name for module, routines in reached for name in module.changes(routines))
    if not changed:
        return [{} for _ in tests]
    return [
        _join(module.footprint(one) for one in routines if module.mentions(one, changed))
        for module, routines in reached
    ]


def _reach(test: TestCode, modules: dict[int, "ModuleCode"]) -> tuple["ModuleCode", list[Routine]]:
    """A test's routines, in the module that it is written in: its file's, or one that its class inherits it from."""
    function = _unwrap(test.function[0])
    names = {} if function is None else function.__globals__
    module = modules.get(id(names)) or modules.setdefault(id(names), ModuleCode(names))
    routines = (module.routine(func, cls) for func, cls in (test.function, *test.fixtures))
    return module, module.reach(routine for routine in routines if routine is not None)


def _join(footprints: Iterable[Footprint]) -> Footprint:
    joined: Footprint = {}
    for footprint in footprints:
        for resource, access in footprint.items():
            joined[resource] = joined.get(resource, access) | access
    return joined


def _look_at(code: CodeType) -> _Facts:
    instructions = code.co_code[::2]  # every other byte is an argument
    names = frozenset(code.co_names)
    stores_global = _STORE_GLOBAL.search(instructions) is not None
    stores = _STORE.search(instructions) is not None or not CHANGING_METHODS.isdisjoint(names)
    for constant in code.co_consts:
        if type(constant) is CodeType:
            inner = _look_at(constant)
            names |= inner.names
            stores_global, stores = stores_global or inner.stores_global, stores or inner.stores
    return _Facts(names, stores_global, stores)


def _may_change(name: str, value: object) -> bool:
    return type(value) not in _CONSTANT_KINDS and not name.startswith("__")


def _unwrap(func: object) -> FunctionType | None:
    """The function below decorators that say what they wrap."""
    for _ in range(_DEPTH * 2):  # a user's object may say that it wraps itself
        if isinstance(func, FunctionType) and not hasattr(func, "__wrapped__"):
            return func
        if not isinstance(func, FunctionType | MethodType | staticmethod | classmethod):
            return None
        func = getattr(cast("object", func), "__wrapped__", None) or getattr(cast("object", func), "__func__", None)
    return None
