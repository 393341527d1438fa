"""Values of `parametrize`, and params of fixtures, that stand for fixtures, as pytest-lazy-fixtures has them.

In pytest the plugin multiplies the cases itself. Here each case says which fixtures it uses, so that they are planned
like all others, and the values are looked up just before the test is called.
"""

import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import update_wrapper
from typing import Any, cast

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.item import TestFunction
from rustest.model.marks import Mark, ParameterSet

_PLUGIN = "pytest_lazy_fixtures"
_REQUEST = "request"


def with_lazy_values(function: TestFunction) -> TestFunction:
    """The test, which uses the fixtures that its values stand for, and is called with theirs."""
    if _PLUGIN not in sys.modules:
        return function
    marks = tuple(_asking(mark) if mark.name == "parametrize" else mark for mark in function.marks)
    if marks == function.marks:
        return function
    asks = _REQUEST in function.arguments
    func = update_wrapper(_WRAPPERS[function.kind](function.func, asks), function.func)
    arguments = function.arguments if asks else (*function.arguments, _REQUEST)
    return function._replace(marks=marks, func=func, arguments=arguments)


def with_lazy_params(definition: FixtureDef) -> FixtureDef:
    """The fixture, each of whose params uses the fixtures that it stands for; the plugin looks them up."""
    if _PLUGIN not in sys.modules or not definition.params:
        return definition
    return definition._replace(params=tuple(map(_asking_case, definition.params)))


def _asking(mark: Mark) -> Mark:
    """The mark, whose cases use the fixtures that their values stand for."""
    names, sets = cast("tuple[tuple[str, ...], tuple[ParameterSet, ...]]", mark.args)
    return mark._replace(args=(names, tuple(map(_asking_case, sets))))


def _asking_case(case: ParameterSet) -> ParameterSet:
    used = tuple(dict.fromkeys(_names(case.values)))
    return case._replace(marks=(*case.marks, Mark("usefixtures", used))) if used else case


def _names(value: Any) -> Iterator[str]:
    """The fixtures that a value stands for, itself or by what it holds."""
    plugin = sys.modules[_PLUGIN]
    lazy = plugin.lazy_fixture.LazyFixtureWrapper
    called = plugin.lazy_fixture_callable.LazyFixtureCallableWrapper
    if isinstance(value, called):
        yield from _names([*value.args, *value.kwargs.values()])
        if value._func is None:
            yield value.fixture_name
    elif isinstance(value, lazy):
        yield value.fixture_name
    elif type(value) in (list, tuple, set, dict):  # as the plugin does, and no other types
        held = cast("Iterable[object]", [*value, *value.values()] if isinstance(value, dict) else value)
        for one in held:
            yield from _names(one)


def _looked_up(given: dict[str, Any], asks: bool) -> dict[str, Any]:
    """The arguments of a test with what they stand for."""
    request = given[_REQUEST] if asks else given.pop(_REQUEST)
    loader = sys.modules[_PLUGIN].loader.LazyFixtureLoader
    return {name: loader(request).load_lazy_fixtures(value) for name, value in given.items()}


def _plain(func: Callable[..., Any], asks: bool) -> Callable[..., Any]:
    def run(*args: Any, **given: Any) -> Any:
        return func(*args, **_looked_up(given, asks))

    return run


def _coroutine(func: Callable[..., Any], asks: bool) -> Callable[..., Any]:
    async def run(*args: Any, **given: Any) -> Any:
        return await cast("Awaitable[object]", func(*args, **_looked_up(given, asks)))

    return run


_WRAPPERS = {
    CallKind.PLAIN: _plain,
    CallKind.GENERATOR: _plain,
    CallKind.COROUTINE: _coroutine,
    CallKind.ASYNC_GENERATOR: _plain,
}
