"""Tests with hypothesis's `@given`, whose wrapper calls their own function once for each set of inputs.

The wrapper is a plain function, whatever it wraps: each call of an async test is waited for before the next. On
asyncio the wrapper is called between the loop's steps, and each of its calls drives the loop. A run of trio cannot be
driven from inside: there the wrapper is called in a thread, and its calls are made in the task that waits for that.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager

from rustest.model.hints import Any, Protocol, cast

Body = Callable[..., Coroutine[Any, Any, object]]


class Handle(Protocol):
    """What hypothesis leaves on its wrapper, by which others say how the test's own function is to be called."""

    inner_test: Callable[..., object]


def is_given(test: object) -> bool:
    """Whether it is hypothesis's wrapper, or a decorated one."""
    return getattr(test, "is_hypothesis_test", False) is True


def handle_of(test: object) -> Handle:
    """What hypothesis has left on its wrapper."""
    return cast("Handle", cast("Any", test).hypothesis)


class GivenAsync:
    """A test with `@given` that has each call of its async function waited for, outside any step of the test's loop."""

    def __init__(self, test: Callable[..., object]) -> None:
        self._test = test

    def __call__(self, *instance: object, **arguments: object) -> object:
        """Have hypothesis call the function with all inputs."""
        import asyncio

        loop = asyncio.get_event_loop()
        with _calling(self._test, lambda body, instance, inputs: loop.run_until_complete(body(*instance, **inputs))):
            return self._test(*instance, **arguments)


def given_on_trio(test: Callable[..., object]) -> Callable[..., Awaitable[object]]:
    """A test with `@given` as an async function, in whose task all calls of the test's own function are made."""
    from functools import wraps

    @wraps(test)
    async def call(*instance: object, **arguments: object) -> object:
        from trio import to_thread

        with _calling(test, _wait_for_trio):
            return await to_thread.run_sync(lambda: test(*instance, **arguments))

    return call


def _wait_for_trio(body: Body, instance: tuple[object, ...], inputs: dict[str, object]) -> object:
    """Have the call made in trio's thread, which is to know of what hypothesis keeps by thread, and wait for it."""
    from hypothesis import control
    from trio import from_thread

    kept = cast("Any", control)._current_build_context
    context: object = kept.value

    async def call() -> object:
        with kept.with_value(context):
            return await body(*instance, **inputs)

    return from_thread.run(call)


@contextmanager
def _calling(test: object, wait: Callable[[Body, tuple[object, ...], dict[str, object]], object]) -> Generator[None]:
    """Have hypothesis make each call of the test's own function by way of `wait`, which waits for it."""
    from functools import wraps

    handle = handle_of(test)
    body = cast("Body", handle.inner_test)

    @wraps(body)
    def call(*instance: object, **inputs: object) -> object:
        return wait(body, instance, inputs)

    handle.inner_test = call
    try:
        yield
    finally:
        handle.inner_test = body
