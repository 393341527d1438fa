"""One protocol for the four ways to write a fixture or test: set-up, call and teardown stand here once.

What may need a loop is `await`ed; a test without async parts never suspends, so `drive` runs it without any loop.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import AbstractContextManager
from contextvars import Context
from functools import partial
from typing import Protocol, TypeVar, cast

from rustest.model.calls import CallKind
from rustest.model.fixtures import FixtureDef
from rustest.model.record import NamedTuple
from rustest.run.tenant import Tenant

_T = TypeVar("_T")


class Driver(Protocol):
    """How an attempt gets from one place to another: into its loop, and out of it for sync code."""

    async def outside(self, call: Callable[[], _T]) -> _T:
        """Make a sync call with no loop running; between steps, if need be."""
        ...

    async def enter(self) -> None:
        """Go on in a task of the attempt's loop."""
        ...

    def limit(self, tenant: Tenant, seconds: float | None, what: str) -> AbstractContextManager[None]:
        """Raise LimitExceeded, saying `what` timed out, if what is inside takes longer."""
        ...

    def branch(self, context: Context) -> "Driver":
        """A driver for another task of the same loop, in that context."""
        ...

    def call_later(self, seconds: float, call: Callable[[], None]) -> object:
        """Make a call between steps of the loop, so many seconds from now."""
        ...

    def cancel(self) -> None:
        """Ask the attempt to end what it is doing."""
        ...

    def lose_loop(self) -> None:
        """End the attempt without the loop, which was closed."""
        ...

    def aside(self) -> AbstractContextManager[None]:
        """Make sync calls at once, inside, for sync code that asks for something in the middle of a step."""
        ...

    def calm(self) -> None:
        """Forget that the attempt was cancelled, so that teardown can wait undisturbed."""
        ...

    def is_stray(self) -> bool:
        """Whether the code that runs is in a task that was given up, and goes on all the same."""
        ...


class Teardown(NamedTuple):
    """What is left to do for a fixture: resume it after its `yield`, or call a finalizer that it has added."""

    fixture: str
    where: str
    """The fixture's file and line."""
    rest: object
    """A generator or async generator to resume, or a finalizer to call."""

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
            return await cast("Awaitable[object]", call())
        case CallKind.ASYNC_GENERATOR:
            await driver.enter()
            return await _start_async(fixture, call, teardowns)


def _start(fixture: FixtureDef, call: Callable[[], object], teardowns: list[Teardown]) -> object:
    generator = cast("Generator[object, None, None]", call())
    for value in generator:
        teardowns.append(
            Teardown(fixture.name, f"{fixture.file}:{fixture.line}", generator)
        )  # here, so that a cancellation cannot come in between
        return value
    raise FixtureError(f"fixture '{fixture.name}' did not yield a value")


async def _start_async(fixture: FixtureDef, call: Callable[[], object], teardowns: list[Teardown]) -> object:
    generator = cast("AsyncGenerator[object, None]", call())
    async for value in generator:
        teardowns.append(_teardown_of(fixture, generator))
        return value
    raise FixtureError(f"fixture '{fixture.name}' did not yield a value")


def _teardown_of(
    fixture: FixtureDef, generator: Generator[object, None, None] | AsyncGenerator[object, None]
) -> Teardown:
    return Teardown(fixture.name, f"{fixture.file}:{fixture.line}", generator)


async def tear_down(teardown: Teardown, driver: Driver) -> None:
    """Do what is left of a fixture; raises what it raises, and FixtureError if it yields again."""
    rest = teardown.rest
    if isinstance(rest, AsyncGenerator):
        await driver.enter()
        generator = cast("AsyncGenerator[object, None]", rest)
        async for _ in generator:
            await generator.aclose()
            raise _second_yield(teardown)
    elif isinstance(rest, Generator):
        await driver.outside(partial(_finish, teardown, cast("Generator[object, None, None]", rest)))
    else:
        await driver.outside(cast("Callable[[], object]", rest))


def _finish(teardown: Teardown, generator: Generator[object, None, None]) -> None:
    for _ in generator:
        generator.close()
        raise _second_yield(teardown)


def _second_yield(teardown: Teardown) -> FixtureError:
    return FixtureError(
        f"fixture '{teardown.fixture}' yields twice ({teardown.where}): "
        "it must yield once, and what follows is its teardown"
    )
