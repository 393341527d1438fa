"""Stage 2 on one page: from a collection to a plan.

Each test becomes one step, by itself; then loops and windows are decided, for which all of them must be seen together.
"""

from rustest.model.calls import CallKind
from rustest.model.failure import Phase, problem
from rustest.model.item import Collection, Item, Problem
from rustest.model.plan import FixtureUse, Plan, ProblemStep, RunStep, SkipStep, Step
from rustest.model.settings import Settings
from rustest.plan.complaint import PlanError
from rustest.plan.fixture_graph import FixtureGraph, Positions
from rustest.plan.keys import agree_on_limits, hold_keys
from rustest.plan.lanes import arrange
from rustest.plan.limits import time_limit
from rustest.plan.lookup import Lookup
from rustest.plan.loop_policy import LoopPolicies
from rustest.plan.loops import assign_loops
from rustest.plan.multiply import multiply
from rustest.plan.param_order import sort_by_params
from rustest.plan.select import select
from rustest.plan.skips import plan_expected_failure, plan_skip
from rustest.plan.wanted import keep_wanted


def make_plan(collection: Collection, settings: Settings) -> Plan:
    """Decide all that can be decided before running: every test that node ids, `-k` and `-m` keep gets one step.

    Raises UsageError where an expression cannot be read, or a node id or `shared_state` names nothing; whatever is
    wrong with a test becomes its ProblemStep.
    """
    graph = FixtureGraph(collection.fixtures)
    items, problems = _choose(collection, graph)
    items, deselected = select(items, settings)
    steps = agree_on_limits([_plan_item(item, graph, settings) for item in items])
    steps = assign_loops(steps, settings, LoopPolicies(graph))
    windows = arrange(steps, settings, has_variants=graph.has_variants)
    resolve = Lookup(graph, windows).resolve
    return Plan(windows, problems, deselected, collection.skipped_files, resolve, collection.fixtures)


def _choose(collection: Collection, graph: FixtureGraph) -> tuple[tuple[Item, ...], tuple[Problem, ...]]:
    """The tests that the user named, one for each param of their fixtures, in pytest's order; and the problems."""
    items, keys = multiply(collection.items, graph)
    items, problems = keep_wanted(collection, items)
    return (sort_by_params(items, keys) if keys else items), problems


def _plan_item(item: Item, graph: FixtureGraph, settings: Settings) -> Step:
    try:
        if item.marks and (skip := plan_skip(item)):
            return skip
        if item.function.kind in _YIELDING:
            raise PlanError("a test must not yield: nothing goes on with it\ntake the yield out, or make it a fixture")
        fixtures, arguments, _ = graph.uses(item)
        if not item.marks and not fixtures:  # most tests, and all that can be said of them
            return RunStep(item, fixtures, arguments, None, settings.timeout)
        return _plan_run(item, fixtures, arguments, settings)
    except PlanError as complaint:
        return ProblemStep(item, problem(Phase.PLAN, str(complaint)))


_YIELDING = (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR)


def _plan_run(
    item: Item, fixtures: tuple[FixtureUse, ...], arguments: Positions, settings: Settings
) -> RunStep | SkipStep:
    expected = plan_expected_failure(item, settings.xfail_strict)
    if isinstance(expected, SkipStep):
        return expected
    return hold_keys(RunStep(item, fixtures, arguments, None, time_limit(item, settings.timeout), expected))
