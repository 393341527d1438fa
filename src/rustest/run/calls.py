"""One protocol for the four ways to write a fixture or test: set-up, call and teardown stand here once.

What may need a loop is `await`ed; a test without async parts never suspends, so `drive` runs it without any loop.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import ExitStack
from functools import partial

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
        return isinstance(self.rest, AsyncGenerator)


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


async def set_up(
    fixture: FixtureDef,
    func: Callable[..., object],
    arguments: Mapping[str, object],
    driver: Driver,
    teardowns: list[Teardown],
) -> object:
    """Give the fixture's value; what must be torn down later is put on `teardowns` at once."""
    call = partial(func, **arguments)
    match fixture.kind:
        case CallKind.PLAIN:
            return await driver.outside(call)
        case CallKind.GENERATOR:
            return await driver.outside(partial(_start, fixture, call, teardowns))
        case CallKind.COROUTINE:
            await driver.enter()
            with driver.guard():
                return await cast("Awaitable[object]", call())
        case CallKind.ASYNC_GENERATOR:
            await driver.enter()
            return await _start_async(fixture, call, teardowns, driver)


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
    generator = cast("AsyncGenerator[object, None]", call())
    with ExitStack() as guard:
        guard.enter_context(driver.guard())
        async for value in generator:
            where = f"{fixture.file}:{fixture.line}"
            teardowns.append(Teardown(fixture.name, where, generator, guard.pop_all()))
            return value
    raise FixtureError(f"fixture '{fixture.name}' did not yield a value")


async def tear_down(teardown: Teardown, driver: Driver) -> None:
    """Do what is left of a fixture; raises what it raises, and FixtureError if it yields again."""
    rest = teardown.rest
    if isinstance(rest, AsyncGenerator):
        await driver.enter()
        with teardown.guard or ExitStack():
            await _finish_async(teardown, cast("AsyncGenerator[object, None]", rest))
    elif isinstance(rest, Generator):
        await driver.outside(partial(_finish, teardown, cast("Generator[object, None, None]", rest)))
    else:
        await driver.outside(cast("Callable[[], object]", rest))


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
