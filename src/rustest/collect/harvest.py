"""Reading a test module: its tests, its fixtures, and what stands in it wrongly."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial, wraps
from types import FunctionType, ModuleType, NoneType

from rustest.collect.errors import CollectError, RefusedTestError, problem_of
from rustest.collect.fixtures import declaration_of, define_fixture
from rustest.collect.members import Member, class_members, member_of, module_members
from rustest.collect.parameters import arguments_of, attributes_of, has_only_marks, origin_of, written_arguments
from rustest.collect.rules import Rules
from rustest.collect.xunit import Spot, class_fixtures, fixture_around, module_fixtures
from rustest.model.calls import CallKind, kind_of, kind_of_code
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.hooks import NameValue
from rustest.model.ids import SEPARATOR
from rustest.model.item import Problem, TestFunction
from rustest.model.marks import MARKS_ATTRIBUTE, Mark, marks_of
from rustest.model.record import NamedTuple, record_of

if TYPE_CHECKING:
    from unittest import TestCase

_DATA = frozenset({str, bytes, bool, int, float, NoneType, tuple, list, dict, set, frozenset, ModuleType})
"""The kinds of things that are never a test or a fixture, whatever their names."""
_TEST_KINDS = (CallKind.PLAIN, CallKind.COROUTINE)
_GIVEN = "is_hypothesis_test"
_TAKES_ANY_NUMBER = 4  # the flag inspect.CO_VARARGS: there is an `*args`
_ABSTRACT = 1 << 20  # the flag that inspect.isabstract reads


class Harvest(NamedTuple):
    """What one test module holds, in the order of its source."""

    functions: tuple[TestFunction, ...]
    fixtures: tuple[FixtureDef, ...]
    problems: tuple[Problem, ...]


NOTHING = Harvest((), (), ())


def harvest(module: ModuleType, file: str, rootdir: str, rules: Rules, name_value: NameValue | None = None) -> Harvest:
    """Read a test module; whatever cannot be collected becomes a problem, and the rest is.

    `name_value` has a word on the names of fixtures' params.
    """
    reader = _Reader(file, rootdir, rules, attributes_of(module).get("__file__"), name_value)
    reader.read_module(module)
    return Harvest(tuple(reader.functions), tuple(reader.fixtures.values()), tuple(reader.problems))


class _Holder(NamedTuple):
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


class _Reader:
    def __init__(self, file: str, rootdir: str, rules: Rules, path: object, name_value: NameValue | None) -> None:
        self._file = file
        self._path = path
        self._rootdir = rootdir
        self._rules = rules
        self._name_value = name_value
        self.functions: list[TestFunction] = []
        self.fixtures: dict[str, FixtureDef] = {}
        self.problems: list[Problem] = []

    def read_module(self, module: ModuleType) -> None:
        if not attributes_of(module).get("__test__", True):
            return
        name = self._file.rpartition("/")[2].removesuffix(".py")  # the module's own may have been taken
        spot = Spot(name, self._file, self._rootdir)
        try:
            marks = _own_marks(module) + self._rules.marks
            around = module_fixtures(module, spot)
        except CollectError as error:
            self.problems.append(problem_of(error, self._file))
            return
        self._add(*around)
        members = module_members(module)
        holder = _Holder(self._file, (), (), marks, partial(fixture_around, module, spot))
        self._take(members if self._rules.takes_imported else _own_members(members, module), holder)

    def _take(self, members: Iterable[tuple[str, object]], holder: _Holder) -> None:
        """Take what is a test or fixture of what stands in the module or class."""
        for name, thing in members:
            try:
                if has_only_marks(thing):
                    if self._rules.names_function(name):
                        self._take_bare(name, thing, holder)
                elif type(thing) not in _DATA:
                    self._take_member(member_of(name, thing, holder.cls), holder)
            except CollectError as error:
                self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{name}"))

    def _take_bare(self, name: str, function: FunctionType, holder: _Holder) -> None:
        """Take a test as most are, about which its code and its marks say everything."""
        code, cls = function.__code__, holder.cls
        if (kind := kind_of_code(code)) not in _TEST_KINDS:
            raise _yielding()
        if cls is not None and not (code.co_argcount or code.co_flags & _TAKES_ANY_NUMBER):
            raise RefusedTestError("a method of a class takes `self` first: add it, or make it a @staticmethod")
        arguments = written_arguments(function, cls is not None)
        marks = _own_marks(function) + holder.marks if function.__dict__ else holder.marks
        line = code.co_firstlineno
        values = (self._file, holder.names, name, function, cls, kind, arguments, marks, line, None)
        self.functions.append(record_of(TestFunction, values))

    def _take_member(self, member: Member, holder: _Holder) -> None:
        if (cls := member.as_class) is not None:
            self._take_class(member.name, cls, holder)
        elif declaration := declaration_of(member.bare):
            self._add(define_fixture(member, declaration, holder.id, self._rootdir, self._name_value))
        elif self._names_test(member) and (origin := _tested(member.bare)):
            self._take_function(member, holder, origin)

    def _names_test(self, member: Member) -> bool:
        return self._rules.names_function(member.name) or _insists(member.bare)

    def _add(self, *fixtures: FixtureDef) -> None:
        self.fixtures.update((fixture.key, fixture) for fixture in fixtures)

    def _take_class(self, name: str, cls: type, holder: _Holder) -> None:
        from rustest.collect.unittest_cases import as_case

        case = as_case(cls)
        is_named = case is not None or self._rules.names_class(name) or _insists(cls)
        is_wanted = is_named and (_is_concrete(cls) if case else _is_test_class(cls))
        if is_named and not is_wanted and case is None and _is_concrete(cls):
            from rustest.collect.oversights import warn_of_lost_tests

            warn_of_lost_tests(cls, self._path, self._rules)
        if not is_wanted or cls in holder.classes:
            return
        # as in pytest, those that it inherits stand before its own
        marks = tuple(mark for klass in reversed(cls.__mro__) for mark in _own_marks(klass))
        inner = holder._replace(
            id=f"{holder.id}{SEPARATOR}{name}",
            classes=(*holder.classes, cls),
            cls=cls,
            names=(*holder.names, name),
            marks=marks + holder.marks,
        )
        if case is not None:
            self._read_case(case, inner)
            return
        self._add(*class_fixtures(cls, inner.spot(self._rootdir)))
        self._take(class_members(cls), inner)

    def _read_case(self, cls: "type[TestCase]", holder: _Holder) -> None:
        from rustest.collect.unittest_cases import case_names, set_up_class_fixture, skip_marks

        if not (names := case_names(cls)):
            return
        spot = holder.spot(self._rootdir)
        around = holder.module_fixture()
        own = set_up_class_fixture(cls, spot, around)
        self._add(around, own, *class_fixtures(cls, spot))
        declared = (pair for pair in class_members(cls) if declaration_of(member_of(*pair, cls).bare))
        self._take(declared, holder)
        holder = holder._replace(marks=skip_marks(cls) + holder.marks)
        for name in names:
            try:
                self.functions.append(self._read_case_method(name, cls, holder))
            except CollectError as error:
                self.problems.append(problem_of(error, f"{holder.id}{SEPARATOR}{name}"))

    def _read_case_method(self, name: str, cls: "type[TestCase]", holder: _Holder) -> TestFunction:
        from rustest.collect.unittest_cases import case_body, check_marks, skip_marks

        method: Callable[..., object] = getattr(cls, name)
        origin = origin_of(method)
        return TestFunction(
            file=self._file,
            classes=holder.names,
            name=name,
            func=case_body(cls, method),
            cls=cls,
            kind=CallKind.PLAIN,
            arguments=(),
            marks=check_marks(skip_marks(method) + _own_marks(method) + holder.marks),
            line=origin.__code__.co_firstlineno if origin else 0,
            make_instance=partial(cls, name),
        )

    def _take_function(self, member: Member, holder: _Holder, origin: FunctionType) -> None:
        kind = kind_of(member.bare)
        if kind is CallKind.PLAIN and _GIVEN in attributes_of(member.bare):
            kind = _given_kind(member)
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
                _own_marks(member.bare) + holder.marks,
                origin.__code__.co_firstlineno,
            )
        )


def _given_kind(member: Member) -> CallKind:
    """The kind of the function that hypothesis's `@given` wraps."""
    from rustest.model.given import handle_of

    if member.cls:
        _allow_instances(member.bare)
    return kind_of(handle_of(member.bare).inner_test)


def _allow_instances(test: object) -> None:
    """Keep hypothesis from complaining of many instances of a class: here every case and try of a test has its own.

    Its plugin for pytest sets the same attribute, as `settings` cannot be put on a test twice.
    """
    from hypothesis import HealthCheck, settings

    name = "_hypothesis_internal_use_settings"
    own: settings | None = getattr(test, name, None)
    if own is not None:
        allowed = {*own.suppress_health_check, HealthCheck.differing_executors}
        setattr(test, name, settings(own, suppress_health_check=allowed))


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


def _own_marks(holder: object) -> tuple[Mark, ...]:
    if MARKS_ATTRIBUTE not in attributes_of(holder):
        return ()
    try:
        return marks_of(holder)
    except TypeError as error:
        raise CollectError(str(error)) from None


def _is_test_class(cls: type) -> bool:
    """Whether its tests can be run on instances made without arguments: pytest's rule."""
    return _is_concrete(cls) and not any(
        "__init__" in vars(klass) or "__new__" in vars(klass) for klass in cls.__mro__[:-1]
    )


def _insists(thing: object) -> bool:
    """Whether it says of itself that it is a test, or holds some, whatever its name."""
    if issubclass(type(thing), type):  # which asks a lazy object nothing
        return getattr(thing, "__test__", False) is True
    return attributes_of(thing).get("__test__") is True


def _is_concrete(cls: type) -> bool:
    return not cls.__flags__ & _ABSTRACT and bool(getattr(cls, "__test__", True))
