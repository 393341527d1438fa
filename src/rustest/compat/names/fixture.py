"""`pytest.fixture` and `pytest_asyncio.fixture`: ours, with their arguments."""

from collections.abc import Callable
from types import FunctionType
from typing import cast

from rustest.authoring.fixture import fixture as own_fixture
from rustest.model.fixtures import FixtureDeclaration
from rustest.model.marks import FIXTURE_ATTRIBUTE, Target
from rustest.model.scope import parse_scope


def fixture(fixture_function: Target | None = None, **options: object) -> Target | Callable[[Target], Target]:
    """Make the function a fixture, bare or with pytest's keywords; one function may become several fixtures."""

    def decorate(target: Target) -> Target:
        return _declare(target, options, is_pytests=True)

    return decorate if fixture_function is None else decorate(fixture_function)


def asyncio_fixture(
    fixture_function: Target | None = None, loop_scope: str | None = None, **options: object
) -> Target | Callable[[Target], Target]:
    """The same for what pytest-asyncio is to run in every mode; `loop_scope` means nothing to what is not async.

    Raises ValueError for a `loop_scope` that is none; one that is too narrow is told of when a test asks for it.
    """
    scope = None if loop_scope is None else parse_scope(loop_scope, "loop_scope of pytest_asyncio.fixture")

    def decorate(target: Target) -> Target:
        return _declare(target, options, loop_scope=scope, is_pytests=False)

    return decorate if fixture_function is None else decorate(fixture_function)


def getfixturemarker(obj: object) -> FixtureDeclaration | None:
    """What makes a function a fixture; None for anything else."""
    found: object = getattr(obj, FIXTURE_ATTRIBUTE, None)
    return found if isinstance(found, FixtureDeclaration) else None


def _declare(target: Target, options: dict[str, object], **more: object) -> Target:
    declared: Target = own_fixture(**options)(_unused(target))  # type: ignore[call-overload] # checked there
    func: object = getattr(declared, "__func__", declared)  # what a staticmethod or classmethod wraps
    declaration = cast("FixtureDeclaration", vars(func)[FIXTURE_ATTRIBUTE])
    setattr(func, FIXTURE_ATTRIBUTE, declaration._replace(**more))  # type: ignore[arg-type] # its own fields
    return declared


def _unused(target: Target) -> Target:
    """The function itself, or where it is a fixture already, one like it that is none yet."""
    func: object = target
    if not isinstance(func, FunctionType) or FIXTURE_ATTRIBUTE not in vars(func):
        return target
    copy = FunctionType(func.__code__, func.__globals__, func.__name__, func.__defaults__, func.__closure__)
    copy.__dict__.update((name, value) for name, value in vars(func).items() if name != FIXTURE_ATTRIBUTE)
    copy.__kwdefaults__, copy.__annotations__ = func.__kwdefaults__, func.__annotations__
    copy.__qualname__, copy.__module__, copy.__doc__ = func.__qualname__, func.__module__, func.__doc__
    return cast("Target", copy)
