"""Reading a test module: its tests, its fixtures, and what stands in it wrongly."""

import sys
from types import ModuleType
from typing import NamedTuple

from rustest.collect.errors import CollectError, problem_of
from rustest.collect.fixtures import declaration_of, define_fixture
from rustest.collect.members import Member, class_members, module_members
from rustest.collect.parameters import arguments_of, attributes_of, origin_of
from rustest.model.calls import CallKind, kind_of
from rustest.model.fixtures import FixtureDef
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem, TestFunction
from rustest.model.marks import MARKS_ATTRIBUTE, Mark, marks_of

_ABSTRACT = 1 << 20  # the flag that inspect.isabstract reads


class Harvest(NamedTuple):
    """What one test module holds, in the order of its source."""

    functions: tuple[TestFunction, ...]
    fixtures: tuple[FixtureDef, ...]
    problems: tuple[Problem, ...]


def harvest(module: ModuleType, file: str, rootdir: str) -> Harvest:
    """Read a test module; whatever cannot be collected becomes a problem, and the rest is."""
    reader = _Reader(file, rootdir)
    reader.read_module(module)
    return Harvest(tuple(reader.functions), tuple(reader.fixtures.values()), tuple(reader.problems))


class _Holder(NamedTuple):
    """The module or class that is being read."""

    id: str
    classes: tuple[type, ...]
    names: tuple[str, ...]
    """Of the classes, outermost first."""
    marks: tuple[Mark, ...]


class _Reader:
    def __init__(self, file: str, rootdir: str) -> None:
        self._file = file
        self._rootdir = rootdir
        self.functions: list[TestFunction] = []
        self.fixtures: dict[str, FixtureDef] = {}
        self.problems: list[Problem] = []

    def read_module(self, module: ModuleType) -> None:
        if not attributes_of(module).get("__test__", True):
            return
        try:
            holder = _Holder(self._file, (), (), _own_marks(module))
        except CollectError as error:
            self.problems.append(problem_of(error, self._file))
            return
        for member in module_members(module):
            self._take(member, holder)

    def _take(self, member: Member, holder: _Holder) -> None:
        try:
            if (cls := member.as_class) is not None:
                self._take_class(member.name, cls, holder)
            elif declaration := declaration_of(member):
                fixture = define_fixture(member, declaration, holder.id, self._rootdir)
                self.fixtures[fixture.key] = fixture
            elif member.name.startswith("test"):
                self._take_function(member, holder)
        except CollectError as error:
            self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{member.name}"))

    def _take_class(self, name: str, cls: type, holder: _Holder) -> None:
        if _is_unittest_case(cls):
            raise CollectError(
                f"{name} is a unittest.TestCase, which rustest does not run yet: make it a plain class Test* "
                "with fixtures and assert, or keep running this file with python -m unittest"
            )
        if not name.startswith("Test") or not _is_test_class(cls) or cls in holder.classes:
            return
        marks = tuple(mark for klass in cls.__mro__[:-1] for mark in _own_marks(klass))
        inner = _Holder(
            f"{holder.id}{SEPARATOR}{name}", (*holder.classes, cls), (*holder.names, name), marks + holder.marks
        )
        for member in class_members(cls):
            self._take(member, inner)

    def _take_function(self, member: Member, holder: _Holder) -> None:
        origin = origin_of(member.bare)
        if origin is None or not attributes_of(member.bare).get("__test__", True):
            return
        kind = kind_of(member.bare)
        if kind is CallKind.GENERATOR or kind is CallKind.ASYNC_GENERATOR:
            raise CollectError("a test cannot yield: move what surrounds the yield to a fixture, which can")
        self.functions.append(
            TestFunction(
                self._file,
                holder.names,
                member.name,
                member.func,
                member.cls,
                kind,
                arguments_of(member.bare, bound=member.bound),
                _own_marks(member.bare) + holder.marks,
                origin.__code__.co_firstlineno,
            )
        )


def _own_marks(holder: object) -> tuple[Mark, ...]:
    if MARKS_ATTRIBUTE not in attributes_of(holder):
        return ()
    try:
        return marks_of(holder)
    except TypeError as error:
        raise CollectError(str(error)) from None


def _is_test_class(cls: type) -> bool:
    """Whether its tests can be run on instances made without arguments: pytest's rule."""
    if cls.__flags__ & _ABSTRACT or not getattr(cls, "__test__", True):
        return False
    return not any("__init__" in vars(klass) or "__new__" in vars(klass) for klass in cls.__mro__[:-1])


def _is_unittest_case(cls: type) -> bool:
    """Whether it is a `unittest.TestCase` with tests; unittest itself may never have been imported."""
    case = attributes_of(sys.modules.get("unittest.case")).get("TestCase")
    if not isinstance(case, type) or case not in cls.__mro__ or not getattr(cls, "__test__", True):
        return False
    return any(name.startswith("test") for klass in cls.__mro__ for name in vars(klass))
