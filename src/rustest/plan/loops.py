"""Which event loop each test runs on.

A test has a loop of its own unless it asks for a wider one, or uses an async fixture that outlives it: such a fixture
lives on the loop of its scope, or of its `loop_scope`, and so do all its users. Where one test uses two of them, both
live on one loop, the wider one's; so the loops are decided over whole components of tests and fixtures that use brings
together. What no mark says of a loop, the user's fixture `event_loop_policy` says, or else the settings.
"""

from collections.abc import Collection, Mapping, Sequence

from rustest.model.calls import CallKind
from rustest.model.failure import Phase, problem
from rustest.model.hints import Protocol
from rustest.model.item import Item
from rustest.model.named import load_named
from rustest.model.plan import FixtureUse, LoopPlan, ProblemStep, RunStep, Step
from rustest.model.record import NamedTuple, record_of
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.settings import AsyncioMode, PytestCompat, Settings
from rustest.plan.complaint import PlanError
from rustest.plan.loop_policy import LoopPolicies
from rustest.plan.loop_request import NO_REQUEST, Library, Request, extent, request_of

Node = tuple[int, ScopeInstance]
"""One live async fixture that has a say in who shares a loop: its definition's identity, and its extent."""


class Demand(NamedTuple):
    """A step that needs a loop, with what decides which."""

    step: RunStep
    request: Request
    shared: tuple[FixtureUse, ...]
    """Its async fixtures that outlive it, or have a `loop_scope`."""


def assign_loops(steps: Sequence[Step], settings: Settings, policies: LoopPolicies) -> list[Step]:
    """Give each step that needs a loop its own or its share of one; those that cannot have it become problems.

    Raises UsageError where the settings name a `loop_factory` that is none.
    """
    factory = settings.loop_factory and load_named("loop_factory", settings.loop_factory)
    default = Request(None, settings.asyncio_debug or None, factory or None)
    settled = list(steps)
    demands: dict[int, Demand] = {}
    alike: dict[int, int] = {}
    """The positions of steps that live where another one does, and of that one."""
    first = -1
    asks_nothing = _own_unless_asked(settings, policies)
    for position, step in enumerate(steps):
        if not isinstance(step, RunStep):
            continue
        if asks_nothing and not step.fixtures and step.item.is_plain:  # most tests: nobody has a say in it
            if step.item.function.kind is _COROUTINE:
                settled[position] = _on_own_loop(step, default)
        elif step.fixtures or step.item.function.kind is _COROUTINE:
            if asks_nothing and first in demands and _lives_with(demands[first], step):
                alike[position] = first
                continue
            demand = _demand(step, settings, default, policies)
            if isinstance(demand, Demand):
                demands[position], first = demand, position
            else:
                settled[position] = demand
    for together in _kinds(demands, settings):
        table = together.table(default)
        for position, demand in together.demands.items():
            settled[position] = table.assign(demand)
    for position, first in alike.items():
        settled[position] = settled[first]._replace(item=steps[position].item)
    return settled


def _lives_with(demand: Demand, step: RunStep) -> bool:
    """Whether it has no fixtures, and by its marks and its place the loop of the other, which is not that one's own."""
    (item, *rest), (other, *others) = step, demand.step
    return (
        demand.request.scope is not None
        and demand.request.scope > _FUNCTION
        and not (step.fixtures or item.case)
        and item.marks == other.marks
        and (item.function.file, item.function.classes) == (other.function.file, other.function.classes)
        and rest == others
    )


_COROUTINE = CallKind.COROUTINE
_ASYNC = (_COROUTINE, CallKind.ASYNC_GENERATOR)
_FUNCTION = Scope.FUNCTION


def _own_unless_asked(settings: Settings, policies: LoopPolicies) -> bool:
    """Whether a test has a loop of its own by the settings, where neither a mark nor a fixture of it has a say."""
    has_own = settings.asyncio_default_test_loop_scope is _FUNCTION and not policies.are_there
    through_door = settings.pytest is not None or settings.pytest_compat is PytestCompat.ON
    return has_own and not through_door and settings.asyncio_mode is not AsyncioMode.STRICT


def _on_own_loop(step: RunStep, default: Request) -> RunStep:
    extent = record_of(ScopeInstance, (_FUNCTION, step.item.id))
    return step._replace(loop=record_of(LoopPlan, (extent, default.debug, default.factory, None)))


class Table(Protocol):
    """What gives tests their loops."""

    def assign(self, demand: Demand) -> Step:
        """The step with its loop, or the problem that keeps it from having one."""
        ...


class _Together(NamedTuple):
    """Demands that are decided together, by their steps' positions."""

    demands: Mapping[int, Demand]
    is_own: bool = False
    """Whether each test and fixture has the loop that it asks for, and no other, as pytest-asyncio has it."""

    def table(self, default: Request) -> Table:
        if not self.is_own:
            return LoopTable(self.demands.values(), default)
        from rustest.plan.own_loops import OwnLoops

        return OwnLoops(default)


def _kinds(demands: Mapping[int, Demand], settings: Settings) -> tuple[_Together, ...]:
    """Trio's runs and asyncio's loops apart; through the pytest door, those of pytest-asyncio as well."""
    by_library: dict[Library, dict[int, Demand]] = {}
    for position, demand in demands.items():
        by_library.setdefault(demand.request.library, {})[position] = demand
    through_door = settings.pytest_compat is PytestCompat.ON
    return tuple(_Together(some, through_door and library is Library.ASYNCIO) for library, some in by_library.items())


def _demand(step: RunStep, settings: Settings, default: Request, policies: LoopPolicies) -> Demand | Step:
    is_async = step.item.function.kind is _COROUTINE
    awaited = [use for use in step.fixtures if use.definition.kind in _ASYNC]
    if not is_async and not awaited:
        return step
    try:
        request = request_of(step, settings)
        if request.factory is None and request.trio is None and (factory := policies.factory_for(step)):
            request = request._replace(factory=factory)
    except PlanError as complaint:
        return ProblemStep(step.item, problem(Phase.PLAN, str(complaint)))
    if settings.pytest is not None:
        from rustest.plan.unhandled import refuse_unhandled

        settled = refuse_unhandled(step, request, settings)
        if not isinstance(settled, RunStep) or (not awaited and settled is not step):
            return settled
        step = settled
    shared = tuple(
        use.of_test(step.item.id) for use in awaited if use.instance.scope > _FUNCTION or use.definition.loop_scope
    )
    is_plain = request is NO_REQUEST and settings.pytest_compat is not PytestCompat.ON
    if is_plain and not shared:
        return _on_own_loop(step, default)
    return Demand(step, request, shared)


class LoopTable:
    """All loops of the run: who shares which, and how each is made."""

    def __init__(self, demands: Collection[Demand], default: Request) -> None:
        self._default = default
        self._parents: dict[Node, Node] = {}
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
            return ProblemStep(step.item, problem(Phase.PLAN, str(complaint)))
        return step._replace(loop=plan, reasons=(*step.reasons, reason) if reason else step.reasons)

    def _connect(self, demand: Demand) -> None:
        nodes = [_node(use) for use in demand.shared]
        for node in nodes:
            first, other = self._root(nodes[0]), self._root(node)
            if first != other:
                self._parents[other] = first

    def _root(self, node: Node) -> Node:
        while (parent := self._parents.setdefault(node, node)) != node:
            self._parents[node] = node = self._parents[parent]  # halves the path for those who come after
        return node

    def _widen(self, demand: Demand) -> None:
        """Let the loop of the demand's component be as wide as the widest that anybody in it needs."""
        if not demand.shared:
            return
        root = self._root(_node(demand.shared[0]))
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
        instance, cause = self._widest[self._root(_node(demand.shared[0]))]
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
