"""Loops as pytest-asyncio has them, through the pytest door: a test and each async fixture say where they live.

A test that names no `loop_scope` has the settings' default, a loop of its own; a fixture that names none lives on the
loop of its own scope. Where the two differ, both loops run: nothing is widened, and nothing is refused.
"""

from rustest.model.errors import PlanError
from rustest.model.failure import Phase, problem
from rustest.model.item import Item
from rustest.model.plan import FixtureUse, LoopPlan, ProblemStep, RunStep, Step
from rustest.model.scope import Scope, ScopeInstance
from rustest.plan.loop_request import Demand, Request, extent


class OwnLoops:
    """Gives tests and fixtures the loops that they ask for; the first who names debug or a factory for one decides."""

    def __init__(self, default: Request) -> None:
        self._default = default
        self._plans: dict[ScopeInstance, LoopPlan] = {}

    def assign(self, demand: Demand) -> Step:
        """The step with its loops, or the problem that keeps it from having them."""
        step, request = demand.step, demand.request
        try:
            homes = [self._home(use, step.item) for use in step.fixtures]
        except PlanError as complaint:
            return ProblemStep(step.item, problem(Phase.SETUP, str(complaint)))
        own = self._own(step, request, homes)
        plan = self._plan(own, request)
        fixtures = tuple(
            use if home is None or home == own else use.of_test(step.item.id)._replace(loop=self._plan(home, request))
            for use, home in zip(step.fixtures, homes, strict=True)
        )
        reason = "" if own.scope is Scope.FUNCTION else f"shares the {own.scope.label}'s loop"
        return step._replace(fixtures=fixtures, loop=plan, reasons=(*step.reasons, reason) if reason else step.reasons)

    def _home(self, use: FixtureUse, item: Item) -> ScopeInstance | None:
        """Where a fixture lives; None for a sync one."""
        definition = use.definition
        if not definition.kind.is_async:
            return None
        scope = definition.scope if definition.loop_scope is None else definition.loop_scope
        if scope < definition.scope:
            raise PlanError(
                f"the fixture `{definition.name}` ({definition.where}) lives for a whole "
                f'{definition.scope.label}, and its loop_scope="{scope.label}" ends before\n'
                f'give it loop_scope="{definition.scope.label}"'
            )
        return extent(scope, item)

    def _own(self, step: RunStep, request: Request, homes: list[ScopeInstance | None]) -> ScopeInstance:
        if step.item.is_async:
            return extent(request.scope or Scope.FUNCTION, step.item)
        return next(home for home in homes if home is not None)  # a sync test lives nowhere; its fixtures do

    def _plan(self, instance: ScopeInstance, request: Request) -> LoopPlan:
        known = self._plans.get(instance)
        if known is None:
            debug = self._default.debug if request.debug is None else request.debug
            known = LoopPlan(instance, debug, request.factory or self._default.factory)
            self._plans[instance] = known
        return known
