"""The listing of tests, for `--collect-only`."""

from collections.abc import Iterator

from rustest.model.plan import Plan
from rustest.report.messages import count


def list_tests(plan: Plan) -> Iterator[str]:
    """The node ids of all tests, in the order of the run, and how many there are."""
    for window in plan.windows:
        yield from (step.item.id for step in window.steps)
    yield ""
    yield count(plan.total, "test")
