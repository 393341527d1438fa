"""Async tests with hypothesis's `@given`: planned as async; on asyncio, called as plain functions that drive loops."""

from rustest.model.calls import CallKind, kind_of
from rustest.model.given import GivenAsync, given_on_trio, is_given
from rustest.model.plan import RunStep, Step

_REASON = "hypothesis calls it again and again, and waits each time"


def drive_given(steps: list[Step]) -> list[Step]:
    """The steps, with those of such tests on asyncio made sync ones that have a loop."""
    return [_drive(step) for step in steps]


def _drive(step: Step) -> Step:
    function = step.item.function
    if not isinstance(step, RunStep) or not step.item.is_async or not is_given(function.func):
        return step
    if kind_of(function.func) is not CallKind.PLAIN:  # an async decorator stands around it, which sees to the rest
        return step
    if step.loop and step.loop.trio is not None:
        function = function._replace(func=given_on_trio(function.func))
    else:
        function = function._replace(func=GivenAsync(function.func), kind=CallKind.PLAIN)
    return step._replace(item=step.item._replace(function=function), reasons=(*step.reasons, _REASON))
