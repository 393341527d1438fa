"""Hooks around the set-up of fixtures: `pytest_fixture_setup`, put around each fixture's function before planning."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from functools import partial, update_wrapper
from typing import Any, cast

from rustest.compat.hooks.bracket import HookBracket, HookCall
from rustest.model.calls import CallKind
from rustest.model.errors import Failed
from rustest.model.fixtures import FixtureDef
from rustest.model.unhandled import unhandled_fixture

NAME = "pytest_fixture_setup"
_REQUEST = "request"
_REFUSES = "has given a result, which says that it has set the fixture up itself: rustest does, and lets hooks wrap"

Run = Callable[..., Any]


class SetUpFixture:
    """A fixture that is being set up, by pytest's names: what hooks get as `fixturedef`."""

    def __init__(self, definition: FixtureDef) -> None:
        self.argname = definition.name
        self.argnames = definition.arguments
        self.func = definition.func
        self.scope = definition.scope.label
        self.params = None if definition.params is None else [one.values[0] for one in definition.params]
        self.baseid = definition.place
        self.cached_result: tuple[object, object, object] | None = None
        """Value, key and exception, once it is set up."""

    def __repr__(self) -> str:
        return f"<FixtureDef argname={self.argname!r} scope={self.scope!r} baseid={self.baseid!r}>"


def surrounded(definition: FixtureDef) -> FixtureDef:
    """The fixture, with hooks around its set-up; that asks for `request`, which they get."""
    asks = _REQUEST in definition.arguments
    func = update_wrapper(_WRAPPERS[definition.kind](definition, asks), definition.func)
    arguments = definition.arguments if asks else (*definition.arguments, _REQUEST)
    by_hooks = update_wrapper(_by_hooks(definition), definition.func) if definition.kind.is_async else None
    return definition._replace(func=func, arguments=arguments, by_hooks=by_hooks)


class _SetUp:
    """One set-up with hooks around it."""

    def __init__(self, definition: FixtureDef, request: Any, refuses: str = _REFUSES) -> None:
        self.fixture = SetUpFixture(definition)
        arguments = {"fixturedef": self.fixture, _REQUEST: request}
        caller = request.node.ihook.pytest_fixture_setup
        self._bracket = HookBracket([HookCall(caller, arguments, refuses, yields=not refuses)])
        self.is_done = False
        """Whether a hook has done it all."""

    @property
    def value(self) -> object:
        """What it has given after all: as in pytest, hooks change it by `cached_result`, not by what they return."""
        return self.fixture.cached_result[0] if self.fixture.cached_result else None

    def __enter__(self) -> "_SetUp":
        self.is_done = not self._bracket.enter()
        return self

    def end(self, value: object) -> None:
        """The set-up has given this."""
        self._bracket.result = value
        self.fixture.cached_result = (value, None, None)
        if (raised := self._bracket.leave(None)) is not None:
            raise raised

    def __exit__(self, kind: object, raised: BaseException | None, traceback: object) -> bool:
        if raised is None or self._bracket.is_over:
            return False
        self.fixture.cached_result = (None, None, (type(raised), raised, raised.__traceback__))
        after = self._bracket.leave(raised)
        if after is raised:
            return False
        if after is not None:
            raise after
        return True


def _plain(definition: FixtureDef, asks: bool) -> Run:
    def run(*args: Any, request: Any, **given: Any) -> Any:
        with _SetUp(definition, request) as set_up:
            set_up.end(definition.func(*args, **_with(given, request, asks)))
        return set_up.value

    return run


def _coroutine(definition: FixtureDef, asks: bool) -> Run:
    async def run(*args: Any, request: Any, **given: Any) -> Any:
        with _SetUp(definition, request) as set_up:
            made = cast("Awaitable[object]", definition.func(*args, **_with(given, request, asks)))
            set_up.end(await made)
        return set_up.value

    return run


def _by_hooks(definition: FixtureDef) -> Run:
    """An async fixture that hooks drive: by a function that they put in its place, or wholly."""

    def run(*args: Any, request: Any, **given: Any) -> Any:
        with _SetUp(definition, request, refuses="") as set_up:
            fixture = set_up.fixture
            if not set_up.is_done and fixture.func is definition.func:
                raise Failed(unhandled_fixture(definition))
            known = {**given, _REQUEST: request}
            named = {one: known[one] if one in known else request.getfixturevalue(one) for one in fixture.argnames}
            set_up.end(set_up.value if set_up.is_done else _driven(fixture.func(*args, **named), request))
        return set_up.value

    return run


def _driven(given: object, request: Any) -> object:
    """What a function gives that has taken a fixture's place: its value, or what yields it and is to be ended."""
    if not isinstance(given, Generator):
        return given
    rest = cast("Generator[object]", given)
    request.addfinalizer(partial(next, rest, None))
    return next(rest)


def _generator(definition: FixtureDef, asks: bool) -> Run:
    def run(*args: Any, request: Any, **given: Any) -> Generator[object]:
        rest = cast("Generator[object]", definition.func(*args, **_with(given, request, asks)))
        with _SetUp(definition, request) as set_up:
            set_up.end(next(rest, _NOTHING))
        if set_up.value is _NOTHING:  # it has not yielded, and so does this one not
            return
        try:
            yield set_up.value
        except GeneratorExit:
            rest.close()
            raise
        yield from rest

    return run


def _async_generator(definition: FixtureDef, asks: bool) -> Run:
    async def run(*args: Any, request: Any, **given: Any) -> AsyncGenerator[object]:
        rest = cast("AsyncGenerator[object]", definition.func(*args, **_with(given, request, asks)))
        with _SetUp(definition, request) as set_up:
            set_up.end(await anext(rest, _NOTHING))
        if set_up.value is _NOTHING:
            return
        try:
            yield set_up.value
        except GeneratorExit:
            await rest.aclose()
            raise
        async for another in rest:
            yield another

    return run


_NOTHING = object()
_WRAPPERS: dict[CallKind, Callable[[FixtureDef, bool], Run]] = {
    CallKind.PLAIN: _plain,
    CallKind.GENERATOR: _generator,
    CallKind.COROUTINE: _coroutine,
    CallKind.ASYNC_GENERATOR: _async_generator,
}


def _with(given: dict[str, Any], request: Any, asks: bool) -> dict[str, Any]:
    return {**given, _REQUEST: request} if asks else given
