"""`pytest.fixture` and `pytest_asyncio.fixture`: ours, with their arguments."""

from collections.abc import Callable
from types import FunctionType
from typing import cast

from rustest.authoring.fixture import fixture as own_fixture
from rustest.model.fixtures import FIXTURE_ATTRIBUTE
from rustest.model.marks import Target


def fixture(fixture_function: Target | None = None, **options: object) -> Target | Callable[[Target], Target]:
    """Make the function a fixture, bare or with pytest's keywords; one function may become several fixtures."""
    decorate: Callable[[Target], Target] = own_fixture(**options)  # type: ignore[call-overload] # checked there
    if fixture_function is not None:
        return decorate(_unused(fixture_function))
    return lambda target: decorate(_unused(target))


def asyncio_fixture(
    fixture_function: Target | None = None, loop_scope: str | None = None, **options: object
) -> Target | Callable[[Target], Target]:
    """The same, with the width of the event loop, which means nothing to a fixture that is not async."""
    return fixture(fixture_function, loop_scope=loop_scope, **options)


def _unused(target: Target) -> Target:
    """The function itself, or where it is a fixture already, one like it that is none yet."""
    if not isinstance(target, FunctionType) or FIXTURE_ATTRIBUTE not in vars(target):
        return target
    copy = FunctionType(target.__code__, target.__globals__, target.__name__, target.__defaults__, target.__closure__)
    copy.__dict__.update((name, value) for name, value in vars(target).items() if name != FIXTURE_ATTRIBUTE)
    copy.__kwdefaults__, copy.__annotations__ = target.__kwdefaults__, target.__annotations__
    copy.__qualname__, copy.__module__, copy.__doc__ = target.__qualname__, target.__module__, target.__doc__
    return cast("Target", copy)
