"""`pytest.fixture` and `pytest_asyncio.fixture`: ours, with their arguments."""

from collections.abc import Callable
from typing import TypeVar, cast

from rustest.authoring.fixture import fixture as own_fixture
from rustest.model.fixtures import FIXTURE_ATTRIBUTE, FixtureDeclaration
from rustest.model.scope import parse_scope

Target = TypeVar("Target", bound=Callable[..., object])


def fixture(fixture_function: Target | None = None, **options: object) -> Target | Callable[[Target], Target]:
    """Make the function a fixture, bare or with pytest's keywords."""

    def decorate(target: Target) -> Target:
        return _declare(target, options, is_pytests=True)

    return decorate if fixture_function is None else decorate(fixture_function)


def asyncio_fixture(
    fixture_function: Target | None = None, loop_scope: str | None = None, **options: object
) -> Target | Callable[[Target], Target]:
    """The same for what pytest-asyncio is to run in every mode, with the width of the event loop.

    Raises ValueError for a `loop_scope` that is none; one that is too narrow is told of when a test asks for it.
    """
    scope = None if loop_scope is None else parse_scope(loop_scope, "loop_scope of pytest_asyncio.fixture")

    def decorate(target: Target) -> Target:
        return _declare(target, options, loop_scope=scope, is_pytests=False)

    return decorate if fixture_function is None else decorate(fixture_function)


def _declare(target: Target, options: dict[str, object], **more: object) -> Target:
    declared: Target = own_fixture(**options)(target)  # type: ignore[call-overload] # checked there
    func: object = getattr(declared, "__func__", declared)  # what a staticmethod or classmethod wraps
    declaration = cast("FixtureDeclaration", vars(func)[FIXTURE_ATTRIBUTE])
    setattr(func, FIXTURE_ATTRIBUTE, declaration._replace(**more))  # type: ignore[arg-type] # its own fields
    return declared
