"""Tests with hypothesis's `@given`, whose wrapper calls their own function once for each set of inputs.

The wrapper is a plain function, whatever it wraps: each call of an async test is waited for before the next.
"""

from collections.abc import Callable, Coroutine

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
        handle = handle_of(self._test)
        body = cast("Body", handle.inner_test)
        handle.inner_test = _waiter(body)
        try:
            return self._test(*instance, **arguments)
        finally:
            handle.inner_test = body


def _waiter(body: Body) -> Callable[..., object]:
    import asyncio
    from functools import wraps

    loop = asyncio.get_event_loop()

    @wraps(body)
    def call(*instance: object, **inputs: object) -> object:
        return loop.run_until_complete(body(*instance, **inputs))

    return call
