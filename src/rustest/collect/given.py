"""Async tests under hypothesis's `@given`, which calls them itself, once for each example, and awaits nothing."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from rustest.collect.parameters import attributes_of
from rustest.model.calls import CallKind, kind_of
from rustest.model.hints import cast
from rustest.model.loop_here import LOOP_HERE

_HANDLE, _WRITTEN = "hypothesis", "inner_test"
"""The attribute by which what `@given` has made is known, and of what stands there that which holds the test."""


def await_examples(test: object) -> None:
    """Have each example of an async test awaited: on the loop of the test's async fixtures, or on one of its own."""
    handle: object = attributes_of(test).get(_HANDLE)
    written: object = attributes_of(handle).get(_WRITTEN)
    if kind_of(written) is CallKind.COROUTINE:
        setattr(handle, _WRITTEN, _awaited(cast("Callable[..., Coroutine[Any, Any, object]]", written)))


def _awaited(written: "Callable[..., Coroutine[Any, Any, object]]") -> Callable[..., object]:
    @wraps(written)
    def run_example(*args: object, **kwargs: object) -> object:
        import asyncio

        example = written(*args, **kwargs)
        loop = LOOP_HERE.get()
        return asyncio.run(example) if loop is None else loop.run_until_complete(example)

    del run_example.__wrapped__  # by which it would still pass for async
    return run_example
