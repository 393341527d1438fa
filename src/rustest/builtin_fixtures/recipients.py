"""Who takes what a piece of code prints or logs, while several tests are in flight."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

from rustest.model.calls import kind_of

_T = TypeVar("_T")


class Recipients(Generic[_T]):
    """At most one recipient for each test, found by the context of whatever code asks.

    The tasks and callbacks of a test, and what it sends through `asyncio.to_thread`, have its context. Other threads
    have none; a sync test's recipient takes what comes from these, for nothing else is in flight beside it.
    """

    def __init__(self, name: str) -> None:
        self._of_context: ContextVar[_T | None] = ContextVar(name, default=None)
        self._of_sync_test: _T | None = None

    @property
    def current(self) -> _T | None:
        """The recipient of the code that asks."""
        return self._of_context.get() or self._of_sync_test

    @contextmanager
    def serve(self, test: Callable[..., object], recipient: _T) -> Generator[None]:
        """Let it be the recipient of that test, whose context this is."""
        earlier = self._of_context.get(), self._of_sync_test
        self._of_context.set(recipient)
        if not kind_of(test).is_async:
            self._of_sync_test = recipient
        try:
            yield
        finally:
            self._of_context.set(earlier[0])
            self._of_sync_test = earlier[1]
