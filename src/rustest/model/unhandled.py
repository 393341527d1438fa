"""What is called in place of an async test that nobody would run."""

from collections.abc import Callable

from rustest.model.errors import Failed


class Unhandled:
    """Fails when it is called, and keeps the test's own function for hooks that know what to do with it."""

    def __init__(self, written: Callable[..., object], advice: str) -> None:
        self.written = written
        self._advice = advice

    def __call__(self, *instance: object, **arguments: object) -> None:
        """Say what is wrong; raises Failed."""
        raise Failed(self._advice)
