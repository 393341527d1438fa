"""Reading a test module: its tests, its fixtures, and what stands in it wrongly."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from types import FunctionType, ModuleType, NoneType

from rustest.collect.errors import CollectError, RefusedTestError, problem_of
from rustest.collect.fixtures import declaration_of, define_fixture
from rustest.collect.members import Member, class_members, member_of, module_members, own_marks
from rustest.collect.parameters import (
    METHOD_WITHOUT_SELF,
    arguments_of,
    attributes_of,
    has_only_marks,
    origin_of,
    takes_nothing,
    written_arguments,
)
from rustest.collect.rules import Rules, is_concrete, makes_itself
from rustest.collect.xunit import Spot, class_fixtures, fixture_around, module_fixtures
from rustest.model.calls import CallKind, kind_of, kind_of_code
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.hooks import NameValue
from rustest.model.ids import SEPARATOR
from rustest.model.item import Harvest, Problem, TestFunction
from rustest.model.marks import Mark
from rustest.model.record import NamedTuple, record_of

if TYPE_CHECKING:
    from unittest import TestCase

_DATA = frozenset({str, bytes, bool, int, float, NoneType, tuple, list, dict, set, frozenset, ModuleType})
"""The kinds of things that are never a test or a fixture, whatever their names."""
_TEST_KINDS = (CallKind.PLAIN, CallKind.COROUTINE)


def harvest(module: ModuleType, file: str, rootdir: str, rules: Rules, name_value: NameValue | None = None) -> Harvest:
    """Read a test module; whatever cannot be collected becomes a problem, and the rest is.

    `name_value` has a word on the names of fixtures' params.
    """
    reader = Reader(file, rootdir, rules, attributes_of(module).get("__file__"), name_value)
    reader.read_module(module)
    return reader.harvest()


class Holder(NamedTuple):
    """The module or class that is being read."""

    id: str
    classes: tuple[type, ...]
    names: tuple[str, ...]
    """Of the classes, outermost first."""
    marks: tuple[Mark, ...]
    module_fixture: Callable[[], FixtureDef]
    """Gives what surrounds the whole module, for which few ask."""
    cls: type | None = None
    """The class that is being read."""

    def spot(self, rootdir: str) -> Spot:
        """The class, as the place of its fixtures."""
        return Spot(".".join(self.names), self.id, rootdir)

    def inside(self, name: str, cls: type) -> "Holder":
        """A class that stands in it under that name."""
        # as in pytest, the marks that it inherits stand before its own
        marks = tuple(mark for klass in reversed(cls.__mro__) for mark in own_marks(klass))
        return self._replace(
            id=f"{self.id}{SEPARATOR}{name}",
            classes=(*self.classes, cls),
            cls=cls,
            names=(*self.names, name),
            marks=marks + self.marks,
        )


class Reader:
    """Goes through what stands in one file, and keeps what it finds."""

    def __init__(self, file: str, rootdir: str, rules: Rules, path: object, name_value: NameValue | None) -> None:
        self._file = file
        self._path = path
        self._rootdir = rootdir
        self._rules = rules
        self._name_value = name_value
        self.functions: list[TestFunction] = []
        self.fixtures: dict[str, FixtureDef] = {}
        self.problems: list[Problem] = []

    def harvest(self) -> Harvest:
        """What was found so far."""
        return Harvest(tuple(self.functions), tuple(self.fixtures.values()), tuple(self.problems))

    def read_module(self, module: ModuleType) -> None:
        """Take what stands in a module."""
        if not attributes_of(module).get("__test__", True):
            return
        name = self._file.rpartition("/")[2].removesuffix(".py")  # the module's own may have been taken
        spot = Spot(name, self._file, self._rootdir)
        try:
            marks = own_marks(module) + self._rules.marks
            around = module_fixtures(module, spot)
        except CollectError as error:
            self.problems.append(problem_of(error, self._file))
            return
        self._add(*around)
        members = module_members(module)
        holder = Holder(self._file, (), (), marks, partial(fixture_around, module, spot))
        self.take(members if self._rules.takes_imported else _own_members(members, module), holder)

    def take(self, members: Iterable[tuple[str, object]], holder: Holder) -> None:
        """Take what is a test or fixture of what stands in the module or class."""
        for name, thing in members:
            try:
                if has_only_marks(thing):
                    if self._rules.names_function(name):
                        self._take_bare(name, thing, holder)
                elif type(thing) not in _DATA:
                    self._take_member(member_of(name, thing, holder.cls), holder)
            except CollectError as error:
                self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{name}", origin_of(thing)))

    def take_test(self, name: str, thing: object, holder: Holder) -> None:
        """Take a function or class for a test, or for tests, whatever its name."""
        try:
            if has_only_marks(thing):
                self._take_bare(name, thing, holder)
            elif (member := member_of(name, thing, holder.cls)).as_class is not None:
                self._take_class(name, member.as_class, holder, is_named=True)
            elif (origin := origin_of(member.bare)) is not None:
                self._take_function(member, holder, origin)
            else:
                raise RefusedTestError(f"{thing!r} is no function, which a test is to be")
        except CollectError as error:
            self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{name}", origin_of(thing)))

    def _take_bare(self, name: str, function: FunctionType, holder: Holder) -> None:
        """Take a test as most are, about which its code and its marks say everything."""
        code, cls = function.__code__, holder.cls
        if (kind := kind_of_code(code)) not in _TEST_KINDS:
            raise _yielding()
        if cls is not None and takes_nothing(function):
            raise RefusedTestError(METHOD_WITHOUT_SELF)
        arguments = written_arguments(function, cls is not None)
        marks = own_marks(function) + holder.marks if function.__dict__ else holder.marks
        line = code.co_firstlineno
        values = (self._file, holder.names, name, function, cls, kind, arguments, marks, line, None, False)
        self.functions.append(record_of(TestFunction, values))

    def _take_member(self, member: Member, holder: Holder) -> None:
        if (cls := member.as_class) is not None:
            self._take_class(member.name, cls, holder)
        elif declaration := declaration_of(member):
            self._add(define_fixture(member, declaration, holder.id, self._rootdir, self._name_value))
        elif self._rules.is_test(member.name, member.bare) and (origin := _tested(member.bare)):
            self._take_function(member, holder, origin)

    def _add(self, *fixtures: FixtureDef) -> None:
        self.fixtures.update((fixture.key, fixture) for fixture in fixtures)

    def _take_class(self, name: str, cls: type, holder: Holder, *, is_named: bool = False) -> None:
        if cls in holder.classes or not is_concrete(cls):
            return
        from rustest.collect.unittest_cases import as_case

        if (case := as_case(cls)) is not None:
            self._read_case(case, holder.inside(name, cls))
        elif not (is_named or self._rules.is_test_class(name, cls)):
            return
        elif makes_itself(cls):
            from rustest.collect.oversights import warn_of_lost_tests

            warn_of_lost_tests(cls, self._path, self._rules)
        else:
            inner = holder.inside(name, cls)
            self._add(*class_fixtures(cls, inner.spot(self._rootdir)))
            self.take(class_members(cls), inner)

    def _read_case(self, cls: "type[TestCase]", holder: Holder) -> None:
        from rustest.collect.unittest_cases import case_names, case_test, set_up_class_fixture, skip_marks

        if not (names := case_names(cls)):
            return
        spot = holder.spot(self._rootdir)
        around = holder.module_fixture()
        own = set_up_class_fixture(cls, spot, around)
        self._add(around, own, *class_fixtures(cls, spot))
        declared = (pair for pair in class_members(cls) if declaration_of(member_of(*pair, cls)))
        self.take(declared, holder)
        marks = skip_marks(cls) + holder.marks
        for name in names:
            try:
                self.functions.append(case_test(cls, name, self._file, holder.names, marks))
            except CollectError as error:
                self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{name}", origin_of(getattr(cls, name))))

    def _take_function(self, member: Member, holder: Holder, origin: FunctionType) -> None:
        kind = kind_of(member.bare)
        if kind is CallKind.PLAIN and "hypothesis" in sys.modules:
            from rustest.collect.given import kind_inside

            kind = kind_inside(member)
        if kind not in _TEST_KINDS:
            raise _yielding()
        self.functions.append(
            TestFunction(
                self._file,
                holder.names,
                member.name,
                _without_instance(member.func) if holder.cls and member.cls is None else member.func,
                holder.cls,
                kind,
                arguments_of(member.bare, bound=member.bound),
                own_marks(member.bare) + holder.marks,
                origin.__code__.co_firstlineno,
            )
        )


def _without_instance(func: Callable[..., object]) -> Callable[..., object]:
    """A static or class method, called like any other: its class has an instance for the fixtures all the same."""

    @wraps(func)
    def call(_: object, **arguments: object) -> object:
        return func(**arguments)

    return call


def _yielding() -> CollectError:
    return CollectError("a test cannot yield: move what surrounds the yield to a fixture, which can")


def _own_members(members: Iterable[tuple[str, object]], module: ModuleType) -> Iterator[tuple[str, object]]:
    """Those that were defined in the module, or are no classes or functions, such as fixtures."""
    for name, thing in members:
        is_test = issubclass(type(thing), type) or isinstance(thing, FunctionType)
        if not is_test or getattr(thing, "__module__", None) == module.__name__:
            yield name, thing


def _tested(func: object) -> FunctionType | None:
    """The function behind a test's decorators; None where there is none, or it says that it is no test."""
    return origin_of(func) if attributes_of(func).get("__test__", True) else None
