"""A run without its tests, for `--setup-only`; and without what fixtures do, too, for `--setup-plan`."""

from collections.abc import AsyncGenerator, Callable, Generator
from functools import partial

from rustest.model.calls import CallKind
from rustest.model.errors import Skipped
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import NoReturn
from rustest.model.item import TestFunction
from rustest.model.plan import FixtureUse, Plan, RunStep, Step
from rustest.model.settings import Settings


def rehearsed(plan: Plan, settings: Settings) -> Plan:
    """The plan, in which each test is skipped once its fixtures are set up."""
    act = _skip_planned if settings.setup_plan else _skip
    windows = (
        window._replace(steps=tuple(_rehearsed(step, act, settings) for step in window.steps))
        for window in plan.windows
    )
    return plan._replace(windows=tuple(windows))


def _rehearsed(step: Step, skip: Callable[..., NoReturn], settings: Settings) -> Step:
    if not isinstance(step, RunStep):
        return step
    item = step.item._replace(function=_without_body(step.item.function, skip))
    fixtures = tuple(map(_hollow, step.fixtures)) if settings.setup_plan else step.fixtures
    return step._replace(item=item, fixtures=fixtures)


def _without_body(function: TestFunction, skip: Callable[..., NoReturn]) -> TestFunction:
    async def skip_async(*_: object, **__: object) -> None:
        skip()

    return function._replace(func=skip_async if function.kind.is_async else skip)


def _hollow(use: FixtureUse) -> FixtureUse:
    definition: FixtureDef = use.definition
    return use._replace(definition=definition._replace(func=_STANDINS[definition.kind]))


def _skip_for(option: str, *_: object, **__: object) -> NoReturn:
    raise Skipped(f"{option} runs no test")


_skip, _skip_planned = partial(_skip_for, "--setup-only"), partial(_skip_for, "--setup-plan")


def _give(*_: object, **__: object) -> None:
    pass


def _yield(*_: object, **__: object) -> Generator[None]:
    yield


async def _give_async(*_: object, **__: object) -> None:
    pass


async def _yield_async(*_: object, **__: object) -> AsyncGenerator[None]:
    yield


_STANDINS: dict[CallKind, Callable[..., object]] = {
    CallKind.PLAIN: _give,
    CallKind.GENERATOR: _yield,
    CallKind.COROUTINE: _give_async,
    CallKind.ASYNC_GENERATOR: _yield_async,
}
