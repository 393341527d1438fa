"""From tests to steps: each is planned by itself, and those that are like one before it are planned as that one is."""

import sys
from collections.abc import Sequence

from rustest.model.calls import CallKind
from rustest.model.errors import PlanError
from rustest.model.item import Item, TestFunction
from rustest.model.marks import Mark
from rustest.model.node import RunConfig
from rustest.model.plan import Retry, RunStep, Step, refused
from rustest.model.record import record_of
from rustest.model.settings import Settings
from rustest.plan.fixtures.graph import FixtureGraph

_PLAIN, _COROUTINE = CallKind.PLAIN, CallKind.COROUTINE
_YIELDING = (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR)


class StepPlanner:
    """Makes the steps of tests, by what these and the settings say."""

    def __init__(self, graph: FixtureGraph, settings: Settings, config: RunConfig) -> None:
        self.graph = graph
        self._settings = settings
        self._config = config

    def plan(self, items: Sequence[Item]) -> list[Step]:
        """The step of each test, with its loop if it needs one."""
        if not items:
            return []
        steps: list[Step] = []
        models: list[Step] = []  # one for all that are like it
        model: RunStep | None = None
        last: TestFunction | None = None  # whose cases have its own marks alone, and need no further look
        own: tuple[Mark, ...] = ()
        rest = plain = self._plain_step(items[0])[1:]
        for item in items:
            _, function, _, marks = item
            if (function is last and marks is own) or (model is not None and item.is_like(model.item)):
                steps.append(record_of(RunStep, (item,) + rest))  # noqa: RUF005 - takes half the time
                continue
            if self._asks_for_nothing(item):
                step: Step = (run := record_of(RunStep, (item,) + plain))  # noqa: RUF005
                model, rest = None if item.marks else run, plain
            else:
                step = self._plan_one(item)
                model = step if isinstance(step, RunStep) and _is_model(step) else None
                rest = plain if model is None else model[1:]
            last, own = function if model is not None and marks is function.marks else None, marks
            steps.append(step)
            models.append(step)
        if self._settings.loop_factory is None and all(map(_is_bare, models)):
            return steps
        return self._with_loops(steps)

    def _with_loops(self, steps: Sequence[Step]) -> list[Step]:
        from rustest.plan.keys import agree_on_limits
        from rustest.plan.loop_policy import LoopPolicies
        from rustest.plan.loops import assign_loops

        settled = assign_loops(agree_on_limits(steps), self._settings, LoopPolicies(self.graph))
        if "hypothesis" not in sys.modules:
            return settled
        from rustest.plan.given import drive_given

        return drive_given(settled)

    def _plain_step(self, item: Item) -> RunStep:
        """That of a test of which the settings say all that there is to say."""
        retries = self._settings.retries
        return RunStep(item, timeout=self._settings.timeout, retry=Retry(retries) if retries else None)

    def _asks_for_nothing(self, item: Item) -> bool:
        """Whether the settings say all that there is to say of it, as of most tests: no marks, and no fixtures."""
        function = item.function
        if not self.graph.gives_nothing(function):
            return False
        return (function.kind is _PLAIN or function.kind is _COROUTINE) and (not item.marks or item.is_plain())

    def _plan_one(self, item: Item) -> Step:
        try:
            is_plain = item.is_plain()
            if not is_plain:
                from rustest.plan.skips import plan_skip

                if skip := plan_skip(item, self._config):
                    return skip
            if item.function.kind in _YIELDING:
                raise PlanError(
                    "a test must not yield: nothing goes on with it\ntake the yield out, or make it a fixture"
                )
            fixtures, arguments, _ = self.graph.uses(item)
            if is_plain:  # and what follows is all that can be said of it
                from rustest.plan.keys import hold_keys

                return hold_keys(RunStep(item, fixtures, arguments, *self._plain_step(item)[3:]))
            from rustest.plan.run_step import plan_run

            return plan_run(item, (fixtures, arguments), self._settings, self._config)
        except PlanError as complaint:
            return refused(item, str(complaint))


def _is_bare(step: Step) -> bool:
    """Whether it has no say in loops and keys, as sync tests have none without keys and fixtures."""
    if not isinstance(step, RunStep):
        return True
    return not (step.fixtures or step.keys or step.limits or step.item.function.kind is _COROUTINE)


def _is_model(step: RunStep) -> bool:
    """Whether none of its fixtures has a value that is the case's own."""
    return not any(use.param or use.definition.place == step.item.id for use in step.fixtures)
