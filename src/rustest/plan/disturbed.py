"""What earlier runs have found of tests that failed beside others.

Those that passed alone get no company for a while. Those that are expected to fail, and did so alone, too, need not be
run twice to know that.
"""

from collections.abc import Sequence

from rustest.model.history import History, stamps_below
from rustest.model.plan import RunStep, Step


def recall_disturbed(steps: Sequence[Step], history: History, rootdir: str) -> list[Step]:
    """The steps, with what was found of them marked: as long as their file is what it was then."""
    stamp_of = stamps_below(rootdir)

    def marked(step: Step) -> Step:
        found = history.disturbed.get(step.item.id)
        if found is None or not isinstance(step, RunStep) or found.stamp != stamp_of(step.item.function.file):
            return step
        if not found.is_none:
            return step._replace(alone_for=found.alone_for)
        expected = step.expected_failure
        return step if expected is None else step._replace(expected_failure=expected._replace(is_confirmed=True))

    return [marked(step) for step in steps]
