"""`pytest.fixture` and `pytest_asyncio.fixture`: ours, with their arguments."""

from collections.abc import Callable
from typing import TypeVar

from rustest.authoring.fixture import fixture as own_fixture

Target = TypeVar("Target", bound=Callable[..., object])


def fixture(fixture_function: Target | None = None, **options: object) -> Target | Callable[[Target], Target]:
    """Make the function a fixture, bare or with pytest's keywords."""
    decorate: Callable[[Target], Target] = own_fixture(**options)  # type: ignore[call-overload] # checked there
    return decorate if fixture_function is None else decorate(fixture_function)


def asyncio_fixture(
    fixture_function: Target | None = None, loop_scope: str | None = None, **options: object
) -> Target | Callable[[Target], Target]:
    """The same, with the width of the event loop."""
    return fixture(fixture_function, loop_scope=loop_scope, **options)
