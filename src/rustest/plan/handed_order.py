"""The order of tests that hand state to each other: kept in their window, or else among their file's tests alone."""

from collections.abc import Sequence

from rustest.model.plan import RunStep, Step
from rustest.plan.footprints.code_glance import Glances
from rustest.plan.footprints.hand_over import HandOver, Order, find_hand_overs
from rustest.plan.window_key import Rank, WindowKey

_NO_ORDER = Order((), ())


def keep_order(positions: Sequence[int], steps: list[Step], keys: list[WindowKey], glances: Glances) -> None:
    """Order the steps at these positions, which are of one file, where they hand state to each other.

    Those of one window wait for each other in it; those of several move to the file's window of tests alone, unless it
    is only the params of shared fixtures that divide them: such windows come one after another anyway.
    """
    runs = [step for position in positions if isinstance(step := steps[position], RunStep)]
    for hand_over in find_hand_overs(runs, glances):
        own = {runs[member].item.id: keys[positions[member]] for member in hand_over.members}
        apart = not _is_in_turn(list(own.values()))
        for member in hand_over.members:
            step, order = runs[member], hand_over.orders.get(member, _NO_ORDER)
            key = own[step.item.id]
            if apart:
                keys[positions[member]] = WindowKey(Rank.ALONE, step.item.function.file)
            beside = tuple(earlier for earlier in order.after if own[earlier] == key)
            steps[positions[member]] = _ordered(step, order._replace(after=beside), hand_over, apart)


def _is_in_turn(keys: Sequence[WindowKey]) -> bool:
    """Whether these are keys of one window, or of several that differ in nothing but their stretch, in its order."""
    stretches = [key.stretch for key in keys]
    return stretches == sorted(stretches) and len({key.undivided for key in keys}) == 1


def _ordered(step: RunStep, order: Order, hand_over: HandOver, apart: bool) -> RunStep:
    if not apart:
        return step._replace(after=order.after, reasons=(*step.reasons, *order.reasons))
    resources = " and ".join(hand_over.resources)
    reason = f"alone, in file order: tests of several lanes hand on {resources}"
    return step._replace(reasons=(*step.reasons, reason, *order.reasons))
