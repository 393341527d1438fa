"""The step of a test that has marks or fixtures, with all that these say of how it runs."""

from rustest.model.item import Item
from rustest.model.node import RunConfig
from rustest.model.plan import FixtureUse, Positions, RunStep, SkipStep
from rustest.model.settings import Settings
from rustest.plan.keys import hold_keys
from rustest.plan.limits import time_limit
from rustest.plan.retries import retry_of
from rustest.plan.skips import plan_expected_failure
from rustest.plan.warning_marks import warning_filters


def plan_run(
    item: Item, uses: tuple[tuple[FixtureUse, ...], Positions], settings: Settings, config: RunConfig
) -> RunStep | SkipStep:
    """How the test runs; raises PlanError where its marks make no sense."""
    expected = None if settings.runxfail else plan_expected_failure(item, settings.xfail_strict, config)
    if isinstance(expected, SkipStep):
        return expected
    step = RunStep(item, *uses, None, time_limit(item, settings.timeout), expected)
    if retry := retry_of(item, settings.retries):
        step = step._replace(retry=retry)
    if filters := warning_filters(item):
        step = step._replace(warning_filters=filters)
    return hold_keys(step)
