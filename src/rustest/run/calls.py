"""One protocol for the four ways to write a fixture or test: set-up, call and teardown stand here once.

What may need a loop is `await`ed; a test without async parts never suspends, so `drive` runs it without any loop.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import ExitStack
from functools import partial
from types import GeneratorType

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TypeVar, cast
from rustest.model.record import NamedTuple
from rustest.run.driver import Driver

_T = TypeVar("_T")


class Teardown(NamedTuple):
    """What is left to do for a fixture: resume it after its `yield`, or call a finalizer that it has added."""

    fixture: str
    where: str
    """The fixture's file and line."""
    rest: object
    """A generator or async generator to resume, or a finalizer to call."""
    guard: ExitStack | None = None
    """What was opened around an async generator's life, to be closed after it."""

    @property
    def is_async(self) -> bool:
        """Whether it needs the loop."""
        rest = self.rest
        return type(rest) is not GeneratorType and isinstance(rest, AsyncGenerator)  # which takes an ABC long to say


LOOP_IS_GONE = "cannot be torn down: its event loop was closed before"
"""What is said of an async fixture that outlives its loop."""


class FixtureError(Exception):
    """A fixture function that does not keep the protocol: it yields not at all, or twice."""


def drive(coroutine: Coroutine[object, object, _T]) -> _T:
    """Run a coroutine that needs no loop to its end."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return cast("_T", stop.value)
    coroutine.close()
    raise RuntimeError("this test was planned without an event loop, but something in it waits for one")


def set_up(
    fixture: FixtureDef,
    func: Callable[..., object],
    arguments: Mapping[str, object],
    driver: Driver,
    teardowns: list[Teardown],
) -> Awaitable[object]:
    """Give the fixture's value, once awaited; what must be torn down later is put on `teardowns` at once."""
    call = partial(func, **arguments) if arguments else func
    match fixture.kind:
        case CallKind.PLAIN | CallKind.GENERATOR:
            return driver.outside(starting(fixture, call, teardowns))
        case CallKind.COROUTINE:
            return _await(call, driver)
        case CallKind.ASYNC_GENERATOR:
            return _start_async(fixture, call, teardowns, driver)


def starting(fixture: FixtureDef, call: Callable[[], object], teardowns: list[Teardown]) -> Callable[[], object]:
    """What sets a sync fixture up once it is called, from what calls its function."""
    return call if fixture.kind is CallKind.PLAIN else partial(_start, fixture, call, teardowns)


async def _await(call: Callable[[], object], driver: Driver) -> object:
    await driver.enter()
    with driver.guard():
        return await cast("Awaitable[object]", call())


def _start(fixture: FixtureDef, call: Callable[[], object], teardowns: list[Teardown]) -> object:
    generator = cast("Generator[object, None, None]", call())
    for value in generator:
        teardowns.append(
            Teardown(fixture.name, f"{fixture.file}:{fixture.line}", generator)
        )  # here, so that a cancellation cannot come in between
        return value
    raise FixtureError(f"fixture '{fixture.name}' did not yield a value")


async def _start_async(
    fixture: FixtureDef, call: Callable[[], object], teardowns: list[Teardown], driver: Driver
) -> object:
    await driver.enter()
    generator = cast("AsyncGenerator[object, None]", call())
    with ExitStack() as guard:
        guard.enter_context(driver.guard())
        async for value in generator:
            where = f"{fixture.file}:{fixture.line}"
            teardowns.append(Teardown(fixture.name, where, generator, guard.pop_all()))
            return value
    raise FixtureError(f"fixture '{fixture.name}' did not yield a value")


def tear_down(teardown: Teardown, driver: Driver) -> Awaitable[object]:
    """Do what is left of a fixture, once awaited; raises what it raises, and FixtureError if it yields again."""
    rest = teardown.rest
    if teardown.is_async:
        return _tear_down_async(teardown, cast("AsyncGenerator[object, None]", rest), driver)
    if isinstance(rest, Generator):
        return driver.outside(partial(_finish, teardown, cast("Generator[object, None, None]", rest)))
    return driver.outside(cast("Callable[[], object]", rest))


async def _tear_down_async(teardown: Teardown, generator: AsyncGenerator[object, None], driver: Driver) -> None:
    await driver.enter()
    with teardown.guard or ExitStack():
        await _finish_async(teardown, generator)


async def _finish_async(teardown: Teardown, generator: AsyncGenerator[object, None]) -> None:
    async for _ in generator:
        await generator.aclose()
        raise _second_yield(teardown)


def _finish(teardown: Teardown, generator: Generator[object, None, None]) -> None:
    for _ in generator:
        generator.close()
        raise _second_yield(teardown)


def _second_yield(teardown: Teardown) -> FixtureError:
    return FixtureError(
        f"fixture '{teardown.fixture}' yields twice ({teardown.where}): "
        "it must yield once, and what follows is its teardown"
    )
