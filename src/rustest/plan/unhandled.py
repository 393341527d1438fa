"""Async tests and fixtures that no plugin of pytest's would handle, through the pytest door."""

from rustest.model.calls import CallKind
from rustest.model.choices import AsyncioMode
from rustest.model.failure import Phase, problem
from rustest.model.fixtures import FixtureDef
from rustest.model.plan import FixtureUse, ProblemStep, RunStep, Step
from rustest.model.settings import Settings
from rustest.model.unhandled import Unhandled, unhandled_fixture
from rustest.plan.loop_request import Library, Request


def refuse_unhandled(step: RunStep, request: Request, settings: Settings) -> Step:
    """The test itself, or what becomes of it where something async in it is nobody's business, or hooks'."""
    if request.library is not Library.ASYNCIO or settings.asyncio_mode is AsyncioMode.AUTO:
        return step
    for use in step.fixtures:
        if _is_left(use.definition) and use.definition.by_hooks is None:
            return ProblemStep(step.item, problem(Phase.SETUP, unhandled_fixture(use.definition)))
    step = step._replace(fixtures=tuple(map(left_to_hooks, step.fixtures)))
    if step.item.is_async and not step.item.marked("asyncio"):
        function = step.item.function
        function = function._replace(func=Unhandled(function.func, _ADVICE), kind=CallKind.PLAIN)
        return step._replace(item=step.item._replace(function=function))
    return step


def left_to_hooks(use: FixtureUse) -> FixtureUse:
    """The fixture as hooks set it up, if it is async and nobody else would."""
    definition = use.definition
    if definition.by_hooks is None or not _is_left(definition):
        return use
    return use._replace(definition=definition._replace(func=definition.by_hooks, kind=CallKind.PLAIN))


def _is_left(definition: FixtureDef) -> bool:
    return definition.kind.is_async and definition.is_pytests


_ADVICE = (
    "async def functions are not natively supported: nothing says what runs this test\n"
    'mark it with pytest.mark.asyncio, anyio or trio, or set asyncio_mode = "auto"'
)
