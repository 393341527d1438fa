"""Stage 2 on one page: from a collection to a plan.

Each test becomes one step, by itself; then loops and windows are decided, for which all of them must be seen together.
"""

from collections.abc import Mapping, Sequence

from rustest.model.calls import CallKind
from rustest.model.failure import Phase, problem
from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.history import NO_HISTORY, History
from rustest.model.hooks import NO_HOOKS, Hooks
from rustest.model.item import Collection, Item, Problem
from rustest.model.node import RunConfig
from rustest.model.plan import Extent, Plan, ProblemStep, Retry, RunStep, Step
from rustest.model.record import record_of
from rustest.model.settings import Settings
from rustest.model.shard import Shard
from rustest.plan.complaint import PlanError
from rustest.plan.fixtures.chosen_scopes import choose_scopes
from rustest.plan.fixtures.graph import FixtureGraph
from rustest.plan.fixtures.lookup import Lookup
from rustest.plan.lanes import arrange
from rustest.plan.select import select

if TYPE_CHECKING:
    from rustest.plan.fixtures.param_order import ParamKey
    from rustest.plan.order import Order

Keys = Mapping[str, "tuple[ParamKey, ...]"]


def make_plan(
    collection: Collection, settings: Settings, history: History = NO_HISTORY, hooks: Hooks = NO_HOOKS
) -> Plan:
    """Decide all that can be decided before running: every test that the settings choose gets one step.

    Raises UsageError where an expression cannot be read, or a node id or `shared_state` names nothing; whatever is
    wrong with a test becomes its ProblemStep.
    """
    fixtures = choose_scopes(collection.fixtures, settings, hooks)
    graph = FixtureGraph(_with_default_loops(fixtures, settings))
    found, keys = _multiply(_asking_first(collection.items, settings, graph), graph)
    named, problems = _keep_wanted(collection, found)
    # First, as in pytest: what is selected afterwards keeps the order that it has among all.
    arranged = _sort_by_params(named, keys)
    if hooks.modifies:
        arranged = _arrange_by_hooks(arranged, settings, hooks)
    selected = select(arranged, settings)
    config = hooks.config(settings)
    own = _keep_shard(selected, graph, settings, config, settings.shard) if settings.shard else selected
    items, notes = _choose(own, settings, history, collection.passed_over)
    deselected = len(arranged) - len(selected) + len(own) - len(items) + hooks.deselected
    if settings.shard:
        notes = (f"shard {settings.shard}: {len(own)} of {len(selected)} tests", *notes)
    times = settings.stress or settings.repeat
    if times > 1:
        from rustest.plan.repeats import repeat

        items, keys = repeat(items, dict(keys), times)
        items = items if hooks.modifies else _sort_by_params(items, keys)
    hooks.finish_collection(items)
    steps = _plan_items(items, graph, settings, config)
    if history.disturbed and not settings.strict_overlap:
        from rustest.plan.disturbed import recall_disturbed

        steps = recall_disturbed(steps, history, settings.rootdir)
    order = _order(items, keys, settings, history)
    windows = arrange(order.sort(steps) if order else steps, settings, has_variants=graph.has_variants)
    return Plan(
        order.start(windows) if order else windows,
        problems,
        deselected,
        collection.skipped_files,
        Lookup(graph, windows).resolve,
        fixtures,
        _extent(collection, found),
        hooks,
        "\n".join((*notes, *(order.notes if order else ()))),
    )


def _multiply(items: tuple[Item, ...], graph: FixtureGraph) -> tuple[tuple[Item, ...], Keys]:
    """The items, and more of them where fixtures have params, with what those have to be sorted by."""
    if not graph.has_params and all(item.case is None for item in items):
        return items, {}
    from rustest.plan.fixtures.multiply import multiply

    return multiply(items, graph)


def _keep_wanted(collection: Collection, items: tuple[Item, ...]) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """What the node ids on the command line name, if any stand there, and the problems that concern it."""
    if not collection.wanted:
        return items, collection.problems
    from rustest.plan.wanted import keep_wanted

    return keep_wanted(collection, items)


def _sort_by_params(items: tuple[Item, ...], keys: Keys) -> tuple[Item, ...]:
    if not keys:
        return items
    from rustest.plan.fixtures.param_order import sort_by_params

    return sort_by_params(items, keys)


def _arrange_by_hooks(items: tuple[Item, ...], settings: Settings, hooks: Hooks) -> tuple[Item, ...]:
    """The items, once for each loop factory that a hook names, as other hooks then leave them."""
    from rustest.plan.loop_factories import multiply_by_factories

    return hooks.modify(multiply_by_factories(items, settings, hooks))


def _asking_first(items: tuple[Item, ...], settings: Settings, graph: FixtureGraph) -> tuple[Item, ...]:
    """The items, with the fixtures that choose what they run on."""
    if graph.knows("event_loop_policy"):
        from rustest.plan.loop_policy import ask_for_policies

        items = ask_for_policies(items, graph, sync_too=settings.pytest is not None)
    marks = {id(item.marks): item.marks for item in items}.values()  # which the cases of a function share
    if settings.pytest is None and not any(mark.name == "anyio" for some in marks for mark in some):
        return items
    from rustest.plan.backends import ask_for_backends, is_anyio_auto

    return ask_for_backends(items, unmarked=is_anyio_auto(settings))


def _choose(
    items: tuple[Item, ...], settings: Settings, history: History, passed_over: int
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """What earlier runs leave of the tests, where they are asked, and what is to be said of that."""
    if not (settings.lf or settings.sw):
        return items, ()
    from rustest.plan.earlier_runs import choose

    return choose(items, settings, history, passed_over)


def _order(items: tuple[Item, ...], keys: Keys, settings: Settings, history: History) -> "Order | None":
    """The order that the settings ask for; None where it is that of the files."""
    if not (settings.ff or settings.nf or settings.sw or settings.randomize is not None):
        return None
    from rustest.plan.order import Order

    return Order(items, keys, settings, history)


def _with_default_loops(fixtures: tuple[FixtureDef, ...], settings: Settings) -> tuple[FixtureDef, ...]:
    """The fixtures, the async ones with the `loop_scope` that the settings give to those that name none."""
    default = settings.asyncio_default_fixture_loop_scope
    if default is None:
        return fixtures
    return tuple(
        fixture._replace(loop_scope=default) if fixture.kind.is_async and fixture.loop_scope is None else fixture
        for fixture in fixtures
    )


def _keep_shard(
    items: tuple[Item, ...], graph: FixtureGraph, settings: Settings, config: RunConfig, shard: Shard
) -> tuple[Item, ...]:
    """The items of one shard, for which all must be planned: only that tells who must stay together."""
    from rustest.plan.shard import tests_of_shard

    windows = arrange(_plan_items(items, graph, settings, config), settings, has_variants=graph.has_variants)
    own = tests_of_shard(windows, settings, shard)
    return tuple(item for item in items if item.id in own)


def _plan_items(items: Sequence[Item], graph: FixtureGraph, settings: Settings, config: RunConfig) -> list[Step]:
    if not items:
        return []
    steps: list[Step] = []
    models: list[Step] = []  # and those that are like them need not be looked at
    model: RunStep | None = None
    rest = plain = _plain_step(items[0], settings)[1:]
    for item in items:
        if model is not None and _is_like(item, model.item):
            steps.append(record_of(RunStep, (item,) + rest))  # noqa: RUF005 - takes half the time
            continue
        if _asks_for_nothing(item, graph):
            step: Step = (run := record_of(RunStep, (item,) + plain))  # noqa: RUF005
            model, rest = None if item.marks else run, plain
        else:
            step = _plan_item(item, graph, settings, config)
            model = step if isinstance(step, RunStep) and _is_model(step) else None
            rest = plain if model is None else model[1:]
        steps.append(step)
        models.append(step)
    if settings.loop_factory is None and all(map(_is_bare, models)):
        return steps
    from rustest.plan.given import drive_given
    from rustest.plan.keys import agree_on_limits
    from rustest.plan.loop_policy import LoopPolicies
    from rustest.plan.loops import assign_loops

    return drive_given(assign_loops(agree_on_limits(steps), settings, LoopPolicies(graph)))


def _plain_step(item: Item, settings: Settings) -> RunStep:
    """That of a test of which the settings say all that there is to say."""
    return RunStep(item, timeout=settings.timeout, retry=Retry(settings.retries) if settings.retries else None)


def _asks_for_nothing(item: Item, graph: FixtureGraph) -> bool:
    """Whether the settings say all that there is to say of it, as of most tests: it has no marks and no fixtures."""
    function = item.function
    if not graph.gives_nothing(function):
        return False
    return (function.kind is _PLAIN or function.kind is _COROUTINE) and (not item.marks or item.is_plain)


def _is_bare(step: Step) -> bool:
    """Whether it has no say in loops and keys, as sync tests have none without keys and fixtures."""
    if not isinstance(step, RunStep):
        return True
    return not (step.fixtures or step.keys or step.limits or step.item.function.kind is _COROUTINE)


def _is_like(item: Item, other: Item) -> bool:
    """Whether what was decided for the other holds for it as well.

    So it is where both are cases of one function, with nothing but its own marks, or ask for the same at one place.
    """
    (_, function, case, marks), (_, last, other_case, other_marks) = item, other
    if function is last:
        return function.marks is marks is other_marks
    if case or other_case or function.arguments != last.arguments:
        return False
    if (marks or other_marks) and not (all(mark.name == "asyncio" for mark in marks) and marks == other_marks):
        return False
    return function.file is last.file and function.classes is last.classes and function.kind is last.kind


def _is_model(step: RunStep) -> bool:
    """Whether none of its fixtures has a value that is the case's own."""
    return not any(use.param or use.definition.place == step.item.id for use in step.fixtures)


def _extent(collection: Collection, found: tuple[Item, ...]) -> Extent:
    files = frozenset(collection.files).difference(wanted.file for wanted in collection.wanted)
    return Extent(files, found)


def _plan_item(item: Item, graph: FixtureGraph, settings: Settings, config: RunConfig) -> Step:
    try:
        is_plain = item.is_plain
        if not is_plain:
            from rustest.plan.skips import plan_skip

            if skip := plan_skip(item, config):
                return skip
        if item.function.kind in _YIELDING:
            raise PlanError("a test must not yield: nothing goes on with it\ntake the yield out, or make it a fixture")
        fixtures, arguments, _ = graph.uses(item)
        if is_plain:  # and what follows is all that can be said of it
            from rustest.plan.keys import hold_keys

            return hold_keys(RunStep(item, fixtures, arguments, *_plain_step(item, settings)[3:]))
        from rustest.plan.run_step import plan_run

        return plan_run(item, (fixtures, arguments), settings, config)
    except PlanError as complaint:
        return ProblemStep(item, problem(Phase.PLAN, str(complaint)))


_PLAIN, _COROUTINE = CallKind.PLAIN, CallKind.COROUTINE
_YIELDING = (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR)
