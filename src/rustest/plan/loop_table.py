"""The loops that tests share: decided over whole components of tests and async fixtures that use brings together."""

from collections.abc import Collection

from rustest.model.errors import PlanError
from rustest.model.item import Item
from rustest.model.plan import FixtureUse, LoopPlan, Step, refused
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.ties import Ties
from rustest.plan.loop_request import Demand, Request, extent

Node = tuple[int, ScopeInstance]
"""One live async fixture that has a say in who shares a loop: its definition's identity, and its extent."""


class LoopTable:
    """All loops of the run: who shares which, and how each is made."""

    def __init__(self, demands: Collection[Demand], default: Request) -> None:
        self._default = default
        self._ties = Ties[Node]()
        self._widest: dict[Node, tuple[ScopeInstance, str]] = {}
        self._plans: dict[ScopeInstance, LoopPlan] = {}
        for demand in demands:
            self._connect(demand)
        for demand in demands:
            self._widen(demand)
        for demand in demands:
            self._merge(demand)

    def assign(self, demand: Demand) -> Step:
        """The step with its loop, or the problem that keeps it from having one."""
        step = demand.step
        try:
            instance, reason = self._instance(demand)
            plan = self._plan(demand, instance)
        except PlanError as complaint:
            return refused(step.item, str(complaint))
        return step._replace(loop=plan, reasons=(*step.reasons, reason) if reason else step.reasons)

    def _connect(self, demand: Demand) -> None:
        if demand.shared:
            self._ties.tie(*map(_node, demand.shared))

    def _widen(self, demand: Demand) -> None:
        """Let the loop of the demand's component be as wide as the widest that anybody in it needs."""
        if not demand.shared:
            return
        root = self._ties.root(_node(demand.shared[0]))
        candidates = [_need(use, demand.step.item) for use in demand.shared]
        if demand.request.scope is not None:
            candidates.append((extent(demand.request.scope, demand.step.item), _quote(demand.request.scope)))
        if root in self._widest:
            candidates.insert(0, self._widest[root])
        self._widest[root] = max(candidates, key=lambda one: (one[0].scope, -len(one[0].path)))

    def _instance(self, demand: Demand) -> tuple[ScopeInstance, str]:
        """The extent of the demand's loop, and why it has it where it is not the test's own."""
        asked, item = demand.request.scope, demand.step.item
        if demand.shared:
            return self._shared_instance(demand)
        if asked is None or asked is Scope.FUNCTION:
            return ScopeInstance(Scope.FUNCTION, item.id), ""
        return extent(asked, item), f"shares the {asked.label}'s loop: {_quote(asked)}"

    def _shared_instance(self, demand: Demand) -> tuple[ScopeInstance, str]:
        asked = demand.request.scope
        instance, cause = self._widest[self._ties.root(_node(demand.shared[0]))]
        label = instance.scope.label
        if asked is None or asked is instance.scope:
            return instance, f"shares the {label}'s loop: {cause if asked is None else _quote(asked)}"
        name = max(demand.shared, key=lambda use: _need(use, demand.step.item)[0].scope).definition.name
        raise PlanError(
            f"{_quote(asked)} cannot hold: the async fixture `{name}` of this test lives on the {label}'s loop\n"
            f'say loop_scope="{label}", leave loop_scope out, or give `{name}` a narrower scope'
        )

    def _merge(self, demand: Demand) -> None:
        """Let the first who names debug or loop_factory for a loop decide."""
        request = demand.request
        if request.debug is None and request.factory is None:
            return
        try:
            instance, _ = self._instance(demand)
        except PlanError:
            return
        known = self._plans.get(instance, LoopPlan(instance))
        debug = request.debug if known.debug is None else known.debug
        self._plans[instance] = LoopPlan(instance, debug, known.factory or request.factory)

    def _plan(self, demand: Demand, instance: ScopeInstance) -> LoopPlan:
        if demand.request.trio is not None:
            return LoopPlan(instance, trio=demand.request.trio)
        plan = self._plans.get(instance, LoopPlan(instance))
        asked_of_loop = (
            ("debug", demand.request.debug, plan.debug),
            ("loop_factory", demand.request.factory, plan.factory),
        )
        for keyword, asked, got in asked_of_loop:
            if asked is not None and asked != got:
                raise PlanError(
                    f"another test on the same {instance.scope.label}'s loop asks for {keyword}={got!r}, "
                    f"this one for {keyword}={asked!r}\ngive all of them the same, or this one another loop_scope"
                )
        debug = self._default.debug if plan.debug is None else plan.debug
        return LoopPlan(instance, debug, plan.factory or self._default.factory)


def _need(use: FixtureUse, item: Item) -> tuple[ScopeInstance, str]:
    """The extent of the loop that the fixture needs, and why it does."""
    asked, name = use.definition.loop_scope, use.definition.name
    if asked is None or asked <= use.instance.scope:
        return use.instance, f"its async fixture `{name}`"
    return extent(asked, item), f"{_quote(asked)} of its fixture `{name}`"


def _node(use: FixtureUse) -> Node:
    return id(use.definition), use.instance


def _quote(scope: Scope) -> str:
    return f'loop_scope="{scope.label}"'
