"""Which event loop each test runs on.

A test has a loop of its own unless it asks for a wider one, or uses an async fixture that outlives it: such a fixture
lives on the loop of its scope, or of its `loop_scope`, and so do all its users. Where one test uses two of them, both
live on one loop, the wider one's; so the loops are decided over whole components of tests and fixtures that use brings
together. What no mark says of a loop, the user's fixture `event_loop_policy` says, or else the settings.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from rustest.model.calls import CallKind
from rustest.model.choices import AsyncioMode, PytestCompat
from rustest.model.errors import PlanError
from rustest.model.hints import Protocol
from rustest.model.plan import FixtureUse, LoopPlan, RunStep, Step, refused
from rustest.model.record import record_of
from rustest.model.scope import Scope, ScopeInstance
from rustest.model.settings import Settings
from rustest.plan.loop_policy import LoopPolicies
from rustest.plan.loop_request import NO_REQUEST, Demand, Library, Request, request_of

_COROUTINE = CallKind.COROUTINE
_ASYNC = (_COROUTINE, CallKind.ASYNC_GENERATOR)
_FUNCTION = Scope.FUNCTION


def assign_loops(steps: Sequence[Step], settings: Settings, policies: LoopPolicies) -> list[Step]:
    """Give each step that needs a loop its own or its share of one; those that cannot have it become problems.

    Raises UsageError where the settings name a `loop_factory` that is none.
    """
    default = Request(None, settings.asyncio_debug or None, _factory(settings))
    asks_nothing = _own_unless_asked(settings, policies)
    settled = list(steps)
    asking: dict[int, RunStep] = {}
    for position, step in enumerate(steps):
        if not isinstance(step, RunStep) or not (step.fixtures or step.item.function.kind is _COROUTINE):
            continue
        if asks_nothing and not step.fixtures and step.item.is_plain():  # as most tests: nobody has a say in it
            settled[position] = _on_own_loop(step, default)
        else:
            asking[position] = step
    for position, decided in _decide(asking, settings, default, policies, may_be_alike=asks_nothing).items():
        settled[position] = decided
    return settled


def _decide(
    steps: Mapping[int, RunStep], settings: Settings, default: Request, policies: LoopPolicies, *, may_be_alike: bool
) -> dict[int, Step]:
    """What becomes of steps for which others must be seen, by their positions; of those alike, one is looked at."""
    decided: dict[int, Step] = {}
    demands: dict[int, Demand] = {}
    alike: dict[int, int] = {}
    """The positions of steps that live where another one does, and of that one."""
    first = -1
    for position, step in steps.items():
        if may_be_alike and first in demands and _lives_with(demands[first], step):
            alike[position] = first
            continue
        demand = _demand(step, settings, default, policies)
        if isinstance(demand, Demand):
            demands[position], first = demand, position
        else:
            decided[position] = demand
    for library, together in _by_library(demands).items():
        table = _table(library, together.values(), default, settings)
        decided.update((position, table.assign(demand)) for position, demand in together.items())
    decided.update((position, decided[other]._replace(item=steps[position].item)) for position, other in alike.items())
    return decided


def _factory(settings: Settings) -> Callable[[], object] | None:
    """What the settings say makes all loops; raises UsageError where they name nothing."""
    if not settings.loop_factory:
        return None
    from rustest.model.named import load_named

    return load_named("loop_factory", settings.loop_factory)


def _lives_with(demand: Demand, step: RunStep) -> bool:
    """Whether it has no fixtures, and the loop of the other, which is not that one's own."""
    (item, *rest), (other, *others) = step, demand.step
    shares = demand.request.scope is not None and demand.request.scope > _FUNCTION
    return shares and not (step.fixtures or item.case) and item.is_like(other) and rest == others


def _own_unless_asked(settings: Settings, policies: LoopPolicies) -> bool:
    """Whether a test has a loop of its own by the settings, where neither a mark nor a fixture of it has a say."""
    has_own = settings.asyncio_default_test_loop_scope is _FUNCTION and not policies.are_there
    through_door = settings.pytest is not None or settings.pytest_compat is PytestCompat.ON
    return has_own and not through_door and settings.asyncio_mode is not AsyncioMode.STRICT


def _on_own_loop(step: RunStep, default: Request) -> RunStep:
    instance = record_of(ScopeInstance, (_FUNCTION, step.item.id))
    return step._replace(loop=record_of(LoopPlan, (instance, default.debug, default.factory, None)))


class Table(Protocol):
    """What gives tests their loops."""

    def assign(self, demand: Demand) -> Step:
        """The step with its loop, or the problem that keeps it from having one."""
        ...


def _by_library(demands: Mapping[int, Demand]) -> dict[Library, dict[int, Demand]]:
    """The demands, by their steps' positions: trio's runs and asyncio's loops have nothing to do with each other."""
    by_library: dict[Library, dict[int, Demand]] = {}
    for position, demand in demands.items():
        by_library.setdefault(demand.request.library, {})[position] = demand
    return by_library


def _table(library: Library, demands: Collection[Demand], default: Request, settings: Settings) -> Table:
    """What decides over these demands; through the pytest door, pytest-asyncio's rules do."""
    if settings.pytest_compat is PytestCompat.ON and library is Library.ASYNCIO:
        from rustest.plan.own_loops import OwnLoops

        return OwnLoops(default)
    from rustest.plan.loop_table import LoopTable

    return LoopTable(demands, default)


def _demand(step: RunStep, settings: Settings, default: Request, policies: LoopPolicies) -> Demand | Step:
    is_async = step.item.function.kind is _COROUTINE
    awaited = _awaited(step)
    if not is_async and not awaited:
        return step
    try:
        request = request_of(step, settings)
        if request.factory is None and request.trio is None and (factory := policies.factory_for(step)):
            request = request._replace(factory=factory)
    except PlanError as complaint:
        return refused(step.item, str(complaint))
    if settings.pytest is not None:
        from rustest.plan.unhandled import refuse_unhandled

        settled = refuse_unhandled(step, request, settings)
        if not isinstance(settled, RunStep):
            return settled
        step, awaited = settled, _awaited(settled)
        if not awaited and step.item.function.kind is not _COROUTINE:
            return step
    shared = tuple(
        use.of_test(step.item.id) for use in awaited if use.instance.scope > _FUNCTION or use.definition.loop_scope
    )
    is_plain = request is NO_REQUEST and settings.pytest_compat is not PytestCompat.ON
    if is_plain and not shared:
        return _on_own_loop(step, default)
    return Demand(step, request, shared)


def _awaited(step: RunStep) -> list[FixtureUse]:
    return [use for use in step.fixtures if use.definition.kind in _ASYNC]
