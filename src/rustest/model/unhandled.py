"""Async tests and fixtures that nobody would run: what is called in the place of such a test, and what is said."""

from collections.abc import Callable

from rustest.model.errors import Failed
from rustest.model.fixtures import FixtureDef


class Unhandled:
    """Fails when it is called, and keeps the test's own function for hooks that know what to do with it."""

    def __init__(self, written: Callable[..., object], advice: str) -> None:
        self.written = written
        self._advice = advice

    def __call__(self, *instance: object, **arguments: object) -> None:
        """Say what is wrong; raises Failed."""
        raise Failed(self._advice)


def unhandled_fixture(definition: FixtureDef) -> str:
    """What is to be said of an async fixture that nobody sets up."""
    return (
        f"the async fixture `{definition.name}` ({definition.where}) is declared by "
        "pytest.fixture, which leaves it to nobody in asyncio's strict mode\n"
        'declare it by pytest_asyncio.fixture, or set asyncio_mode = "auto"'
    )
