"""Stage 2 on one page: from a collection to a plan.

Each test becomes one step, by itself; then loops and windows are decided, for which all of them must be seen together.
"""

from collections.abc import Mapping
from itertools import chain
from operator import attrgetter

from rustest.model.fixtures import FixtureDef
from rustest.model.hints import TYPE_CHECKING
from rustest.model.history import NO_HISTORY, History
from rustest.model.hooks import NO_HOOKS, Hooks
from rustest.model.item import Collection, Item, Problem
from rustest.model.plan import Extent, Plan, Step
from rustest.model.settings import Settings
from rustest.plan.fixtures.chosen_scopes import choose_scopes, with_default_loops
from rustest.plan.fixtures.graph import FixtureGraph
from rustest.plan.fixtures.lookup import Lookup
from rustest.plan.lanes import arrange
from rustest.plan.select import select
from rustest.plan.steps import StepPlanner

if TYPE_CHECKING:
    from rustest.plan.fixtures.param_order import ParamKey
    from rustest.plan.order import Order

Keys = Mapping[str, "tuple[ParamKey, ...]"]
Notes = tuple[str, ...]
"""What is to be said of a choice, a line each."""


def make_plan(
    collection: Collection, settings: Settings, history: History = NO_HISTORY, hooks: Hooks = NO_HOOKS
) -> Plan:
    """Decide all that can be decided before running: every test that the settings choose gets one step.

    Raises UsageError where an expression cannot be read, or a node id or `shared_state` names nothing; whatever is
    wrong with a test becomes its ProblemStep.
    """
    fixtures = choose_scopes(collection.fixtures, settings, hooks)
    graph = FixtureGraph(with_default_loops(fixtures, settings))
    found, keys = _multiply(_asking_first(collection.items, settings, graph), graph)
    named, problems = _keep_wanted(collection, found)
    # First, as in pytest: what is selected afterwards keeps the order that it has among all.
    arranged, late = _arrange_by_hooks(_sort_by_params(named, keys), settings, hooks, graph)
    planner = StepPlanner(graph, settings, hooks.config(settings))
    selected = select(arranged, settings)
    own, notes_on_shard = _keep_shard(selected, planner, settings)
    chosen, notes_on_choice = _choose(own, settings, history, collection.passed_over)
    items, keys = _repeat(chosen, keys, settings, hooks)
    hooks.finish_collection(items)
    steps = _recall_disturbed(planner.plan(items), settings, history)
    order = _order(items, keys, settings, history)
    windows = arrange(order.sort(steps) if order else steps, settings, has_variants=graph.has_variants)
    return Plan(
        order.start(windows) if order else windows,
        problems,
        len(arranged) - len(selected) + len(own) - len(chosen) + hooks.deselected,
        collection.skipped_files,
        Lookup(graph, windows).resolve,
        (*fixtures, *late),
        _extent(collection, found),
        hooks,
        "\n".join((*notes_on_shard, *notes_on_choice, *(order.notes if order else ()))),
    )


def _asking_first(items: tuple[Item, ...], settings: Settings, graph: FixtureGraph) -> tuple[Item, ...]:
    """The items, with the fixtures that choose what they run on."""
    if graph.knows("event_loop_policy"):
        from rustest.plan.loop_policy import ask_for_policies

        items = ask_for_policies(items, graph, sync_too=settings.pytest is not None)
    every = [*map(attrgetter("marks"), items)]
    marks = dict(zip(map(id, every), every, strict=True)).values()  # which cases of a function share
    if settings.pytest is None and "anyio" not in map(attrgetter("name"), chain.from_iterable(marks)):
        return items
    from rustest.plan.backends import ask_for_backends, is_anyio_auto

    return ask_for_backends(items, unmarked=is_anyio_auto(settings))


def _multiply(items: tuple[Item, ...], graph: FixtureGraph) -> tuple[tuple[Item, ...], Keys]:
    """The items, and more of them where fixtures have params, with what those have to be sorted by."""
    if not graph.has_params and not any(map(attrgetter("case"), items)):
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


def _arrange_by_hooks(
    items: tuple[Item, ...], settings: Settings, hooks: Hooks, graph: FixtureGraph
) -> tuple[tuple[Item, ...], tuple[FixtureDef, ...]]:
    """The items, once for each loop factory that a hook names, as other hooks then leave them, and new fixtures."""
    if not hooks.modifies:
        return items, ()
    from rustest.plan.latecomers import Latecomers
    from rustest.plan.loop_factories import multiply_by_factories

    late = Latecomers(graph, settings, hooks)
    return hooks.modify(multiply_by_factories(items, settings, hooks), late.take), late.fixtures


def _keep_shard(items: tuple[Item, ...], planner: StepPlanner, settings: Settings) -> tuple[tuple[Item, ...], Notes]:
    """The items of the shard, for which all must be planned: only that tells who must stay together."""
    if settings.shard is None:
        return items, ()
    from rustest.plan.shard import tests_of_shard

    windows = arrange(planner.plan(items), settings, has_variants=planner.graph.has_variants)
    ids = tests_of_shard(windows, settings, settings.shard)
    own = tuple(item for item in items if item.id in ids)
    return own, (f"shard {settings.shard}: {len(own)} of {len(items)} tests",)


def _choose(
    items: tuple[Item, ...], settings: Settings, history: History, passed_over: int
) -> tuple[tuple[Item, ...], Notes]:
    """What earlier runs leave of the tests, where they are asked, and what is to be said of that."""
    if not (settings.lf or settings.sw):
        return items, ()
    from rustest.plan.earlier_runs import choose

    return choose(items, settings, history, passed_over)


def _repeat(items: tuple[Item, ...], keys: Keys, settings: Settings, hooks: Hooks) -> tuple[tuple[Item, ...], Keys]:
    """The items, as often as the settings ask for each, with their keys; hooks have the last word on the order."""
    times = settings.stress or settings.repeat
    if times <= 1:
        return items, keys
    from rustest.plan.repeats import repeat

    items, keys = repeat(items, dict(keys), times)
    return items if hooks.modifies else _sort_by_params(items, keys), keys


def _recall_disturbed(steps: list[Step], settings: Settings, history: History) -> list[Step]:
    """The steps, those marked that earlier runs have found to need the process for themselves."""
    if not history.disturbed or settings.strict_overlap:
        return steps
    from rustest.plan.disturbed import recall_disturbed

    return recall_disturbed(steps, history, settings.rootdir)


def _order(items: tuple[Item, ...], keys: Keys, settings: Settings, history: History) -> "Order | None":
    """The order that the settings ask for; None where it is that of the files."""
    if not (settings.ff or settings.nf or settings.sw or settings.randomize is not None):
        return None
    from rustest.plan.order import Order

    return Order(items, keys, settings, history)


def _extent(collection: Collection, found: tuple[Item, ...]) -> Extent:
    files = frozenset(collection.files).difference(wanted.file for wanted in collection.wanted)
    return Extent(files, found)
