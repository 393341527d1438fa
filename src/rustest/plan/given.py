"""Async tests with hypothesis's `@given`: planned as async, and called as plain functions that drive their loops."""

from rustest.model.calls import CallKind, kind_of
from rustest.model.failure import Phase, problem
from rustest.model.given import GivenAsync, is_given
from rustest.model.plan import ProblemStep, RunStep, Step

_REASON = "hypothesis calls it again and again, and waits each time"
_ON_TRIO = (
    "hypothesis waits for each call of the test, which trio cannot do while the test's own run goes on\n"
    "have asyncio run it, or give it inputs by mark.parametrize"
)


def drive_given(steps: list[Step]) -> list[Step]:
    """The steps, with those of such tests made sync ones that have a loop."""
    return [_drive(step) for step in steps]


def _drive(step: Step) -> Step:
    function = step.item.function
    if not isinstance(step, RunStep) or not step.item.is_async or not is_given(function.func):
        return step
    if kind_of(function.func) is not CallKind.PLAIN:  # an async decorator stands around it, which sees to the rest
        return step
    if step.loop and step.loop.trio is not None:
        return ProblemStep(step.item, problem(Phase.PLAN, _ON_TRIO))
    function = function._replace(func=GivenAsync(function.func), kind=CallKind.PLAIN)
    return step._replace(item=step.item._replace(function=function), reasons=(*step.reasons, _REASON))
