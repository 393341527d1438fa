"""Functions that run around tests because of their names: `setup_module` and its kin, made autouse fixtures.

Each pair of set-up and teardown is one fixture of the module or class that it stands in, before all others there. Its
name has a dot in it, so that no argument can ask for it, and no fixture of the user's own stands in its place.
"""

import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping
from functools import partial
from types import CodeType, MethodType, ModuleType

from rustest.collect.errors import RefusedTestError
from rustest.collect.fixtures import shown_path
from rustest.collect.parameters import attributes_of, origin_of
from rustest.model.calls import CallKind, kind_of
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING, cast
from rustest.model.marks import FIXTURE_ATTRIBUTE
from rustest.model.record import NamedTuple
from rustest.model.scope import Scope

if TYPE_CHECKING:
    from rustest.model.request import Request

Function = Callable[..., object]


class Spot(NamedTuple):
    """The module or class whose fixtures are being read."""

    name: str
    place: str
    """Its node id."""
    rootdir: str


class Pair(NamedTuple):
    """A set-up function and its teardown; either may be missing, or both."""

    set_up: Function | None = None
    tear_down: Function | None = None

    @property
    def functions(self) -> tuple[Function, ...]:
        """Those that there are."""
        return tuple(function for function in self if function is not None)

    @property
    def kind(self) -> CallKind:
        """How the fixture that runs both is written; raises RefusedTestError where none can."""
        kinds = {kind_of(function): _name(function) for function in self.functions}
        for kind in (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR):
            if kind in kinds:
                raise RefusedTestError(
                    f"{kinds[kind]} yields, and nothing would go on with it: "
                    "make it an autouse fixture, or write set-up and teardown as two functions"
                )
        if len(kinds) > 1:
            raise RefusedTestError(
                f"{kinds[CallKind.COROUTINE]} is async and {kinds[CallKind.PLAIN]} is not: make both async, or neither"
            )
        return CallKind.ASYNC_GENERATOR if CallKind.COROUTINE in kinds else CallKind.GENERATOR


def _nothing() -> None:
    pass


class Around(NamedTuple):
    """What a fixture does before its users and after them, each time with its own arguments."""

    before: Function
    after: Function
    clean_up: Callable[[], None] = _nothing
    """Called at the very end, also where set-up or teardown has raised."""


def module_fixtures(module: ModuleType, spot: Spot) -> list[FixtureDef]:
    """The pair of a whole module, and that which runs around each of its test functions, methods not among them."""
    names = attributes_of(module)
    around = [fixture_around(module, spot)] if _module_pair(names).functions else []
    pair = Pair(_pick(names, "setup_function"), _pick(names, "teardown_function"))
    return [*around, _function_fixture(pair, spot)] if pair.functions else around


def fixture_around(module: ModuleType, spot: Spot) -> FixtureDef:
    """The pair of a whole module; where it has none, what is left is unittest's cleanups, for who asks for them."""
    pair = _module_pair(attributes_of(module))
    around = Around(
        partial(_call_with, pair.set_up, module), partial(_call_with, pair.tear_down, module), _clean_up_module
    )
    return define(pair, around, Scope.MODULE, spot)._replace(autouse=bool(pair.functions))


def _module_pair(names: Mapping[str, object]) -> Pair:
    return Pair(_pick(names, "setUpModule", "setup_module"), _pick(names, "tearDownModule", "teardown_module"))


def _function_fixture(pair: Pair, spot: Spot) -> FixtureDef:
    def run(function: Function | None, request: "Request") -> object:
        return _call_with(function, request.function) if request.cls is None else None

    around = Around(partial(run, pair.set_up), partial(run, pair.tear_down))
    return define(pair, around, Scope.FUNCTION, spot, ("request",))


def class_fixtures(cls: type, spot: Spot) -> list[FixtureDef]:
    """The pairs that run around a class, and around each of its methods."""
    names = {name: getattr(cls, name, None) for name in _CLASS + _METHOD}
    return [*_class_fixtures(cls, spot, _pair(names, _CLASS)), *_method_fixtures(cls, spot, _pair(names, _METHOD))]


_CLASS = ("setup_class", "teardown_class")
_METHOD = ("setup_method", "teardown_method")


def _class_fixtures(cls: type, spot: Spot, pair: Pair) -> list[FixtureDef]:
    around = Around(partial(_call_with, pair.set_up, cls), partial(_call_with, pair.tear_down, cls))
    return [define(pair, around, Scope.CLASS, spot)] if pair.functions else []


def _method_fixtures(cls: type, spot: Spot, pair: Pair) -> list[FixtureDef]:
    def run(name: str, instance: object, request: "Request") -> object:
        if request.instance is not instance:  # the test is a method of a class inside this one
            return None
        return _call_with(getattr(instance, name, None), request.function)

    around = Around(partial(run, _METHOD[0]), partial(run, _METHOD[1]))
    if not pair.functions:
        return []
    return [define(pair, around, Scope.FUNCTION, spot, ("request",))._replace(cls=cls)]


def define(pair: Pair, around: Around, scope: Scope, spot: Spot, arguments: tuple[str, ...] = ()) -> FixtureDef:
    """The autouse fixture that stands for a pair; raises RefusedTestError where the pair cannot be run so."""
    first = pair.functions[0] if pair.functions else None
    origin = origin_of(first)
    return FixtureDef(
        name=f"{spot.name}.{'cleanups' if first is None else _name(first)}",
        place=spot.place,
        func=_run_async(around) if pair.kind.is_async else _run(around),
        kind=pair.kind,
        scope=scope,
        arguments=arguments,
        autouse=True,
        params=None,
        ids=None,
        serial=(),
        cls=None,
        file=shown_path(origin.__code__.co_filename, spot.rootdir) if origin else spot.place,
        line=origin.__code__.co_firstlineno if origin else 0,
        origins=pair.functions,
    )


def _run(around: Around) -> Function:
    def fixture(*instance: object, **arguments: object) -> Generator[None]:
        try:
            around.before(*instance, **arguments)
            yield
            around.after(*instance, **arguments)
        finally:
            around.clean_up()

    return fixture


def _run_async(around: Around) -> Function:
    async def fixture(*instance: object, **arguments: object) -> AsyncGenerator[None]:
        try:
            await _settle(around.before(*instance, **arguments))
            yield
            await _settle(around.after(*instance, **arguments))
        finally:
            around.clean_up()

    return fixture


async def _settle(called: object) -> None:
    if called is not None:  # where there is no such function, or none for this test
        await cast("Awaitable[object]", called)


def _call_with(function: Function | None, argument: object) -> object:
    """Call with the argument if the function takes one: pytest's rule."""
    if function is None:
        return None
    code: object = getattr(function, "__code__", None)
    takes_one = isinstance(code, CodeType) and code.co_argcount > isinstance(function, MethodType)
    return function(argument) if takes_one else function()


def _pair(names: Mapping[str, object], pair: tuple[str, str]) -> Pair:
    return Pair(*(_pick(names, name) for name in pair))


def _pick(names: Mapping[str, object], *candidates: str) -> Function | None:
    """The first of these that is a function, and not one that `@fixture` has made a fixture anyway."""
    for candidate in candidates:
        found = names.get(candidate)
        if callable(found) and not hasattr(found, FIXTURE_ATTRIBUTE):
            return found
    return None


def _name(function: object) -> str:
    return str(getattr(function, "__name__", function))


def _clean_up_module() -> None:
    if "unittest.case" in sys.modules:
        from unittest.case import doModuleCleanups

        doModuleCleanups()
