"""Async tests and fixtures that no plugin of pytest's would handle, through the pytest door."""

from rustest.model.calls import CallKind
from rustest.model.choices import AsyncioMode
from rustest.model.failure import Phase, problem
from rustest.model.plan import ProblemStep, RunStep, Step
from rustest.model.settings import Settings
from rustest.model.unhandled import Unhandled
from rustest.plan.loop_request import Library, Request


def refuse_unhandled(step: RunStep, request: Request, settings: Settings) -> Step:
    """The test itself, or what becomes of it where something async in it is nobody's business."""
    if request.library is not Library.ASYNCIO or settings.asyncio_mode is AsyncioMode.AUTO:
        return step
    for use in step.fixtures:
        definition = use.definition
        if definition.kind.is_async and definition.is_pytests:
            message = (
                f"the async fixture `{definition.name}` ({definition.where}) is declared by "
                "pytest.fixture, which leaves it to nobody in asyncio's strict mode\n"
                'declare it by pytest_asyncio.fixture, or set asyncio_mode = "auto"'
            )
            return ProblemStep(step.item, problem(Phase.SETUP, message))
    if step.item.is_async and not step.item.marked("asyncio"):
        function = step.item.function
        function = function._replace(func=Unhandled(function.func, _ADVICE), kind=CallKind.PLAIN)
        return step._replace(item=step.item._replace(function=function))
    return step


_ADVICE = (
    "async def functions are not natively supported: nothing says what runs this test\n"
    'mark it with pytest.mark.asyncio, anyio or trio, or set asyncio_mode = "auto"'
)
