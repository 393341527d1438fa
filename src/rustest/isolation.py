"""`--isolate`: one test alone, and then beside each of its neighbours, to name the one that breaks it.

Each trial is a process of its own where the platform can fork: what one leaves in modules is no part of the next.
"""

from collections.abc import Callable, Iterator, Sequence

from rustest.child import CAN_FORK, call_in_child
from rustest.model.errors import UsageError
from rustest.model.plan import Lane, Plan, RunStep, Window
from rustest.model.record import NamedTuple
from rustest.model.report import ExitStatus
from rustest.model.settings import Settings
from rustest.planning import plan_session
from rustest.report.failure.failures import failure_line
from rustest.report.listings.explanation import find_steps
from rustest.report.messages import count, listing
from rustest.session import run_window

Tell = Callable[[str], object]


class Trial(NamedTuple):
    """How the test went once."""

    is_bad: bool
    said: str
    """Its failure in one line, or what else it is: `passed`, `skipped`."""


def isolate(settings: Settings, node_id: str, tell: Tell) -> ExitStatus:
    """Try the test of that id alone and beside each neighbour, and tell line by line how it goes.

    Raises UsageError where the id names no test, or more than one. What earlier runs remember of it is left aside.
    """
    settings = settings._replace(strict_overlap=True, max_reruns=0, maxfail=0, retries=0)
    plan, settings = plan_session(settings)
    window, step = _find(plan, node_id)
    tell(step.item.id)
    alone = _try(plan, window, [step], settings)
    tell(f"  alone: {alone.said}")
    if alone.is_bad:
        tell("it fails by itself: no neighbour is to blame")
        return ExitStatus.FAILURES
    neighbours = _neighbours(window, step, settings)
    if not neighbours:
        tell(f"nothing runs beside it: {'; '.join(step.reasons) or 'it has the loops for itself'}")
        return ExitStatus.OK
    return _conclude(list(_breakers(plan, window, step, settings, tell)), neighbours, tell) or _together(
        plan, window, [*neighbours, step], settings, tell
    )


def _find(plan: Plan, node_id: str) -> tuple[Window, RunStep]:
    found = find_steps(plan, node_id)
    if len(found) > 1:
        ids = ", ".join(listing([step.item.id for _, step in found], 3))
        raise UsageError(f"--isolate takes one test, and {node_id} names {len(found)}: {ids}")
    if not found:
        raise UsageError(f"--isolate: there is no test {node_id!r} among those that would run")
    window, step = found[0]
    if not isinstance(step, RunStep):
        raise UsageError(f"--isolate: {step.item.id} would not run; --explain says why")
    return window, step


def _neighbours(window: Window, step: RunStep, settings: Settings) -> list[RunStep]:
    """Who may be in flight with it."""
    if window.lane is not Lane.OVERLAP or settings.concurrency == 1:
        return []
    others = (other for other in window.steps if isinstance(other, RunStep) and other is not step)
    return [other for other in others if set(step.keys).isdisjoint(other.keys)]


def _breakers(plan: Plan, window: Window, step: RunStep, settings: Settings, tell: Tell) -> Iterator[RunStep]:
    for other in _neighbours(window, step, settings):
        trial = _try(plan, window, [other, step], settings)
        if trial.is_bad:
            tell(f"  beside {other.item.id}: {trial.said}")
            yield other
        elif settings.verbosity > 0:
            tell(f"  beside {other.item.id}: {trial.said}")


def _conclude(breakers: Sequence[RunStep], neighbours: Sequence[RunStep], tell: Tell) -> ExitStatus | None:
    if not breakers:
        return None
    breaks = "breaks" if len(breakers) == 1 else "break"
    tell(f"{len(breakers)} of {count(len(neighbours), 'neighbour')} {breaks} it")
    tell("have the one put back what it changes before it awaits, or keep the two apart:")
    tell('@mark.serial("name") on both does that, or @mark.serial on either')
    return ExitStatus.FAILURES


def _together(plan: Plan, window: Window, steps: Sequence[RunStep], settings: Settings, tell: Tell) -> ExitStatus:
    """No single neighbour breaks it: try them all at once."""
    trial = _try(plan, window, steps, settings)
    tell(f"  beside all {count(len(steps) - 1, 'neighbour')}: {trial.said}")
    tell("no single neighbour breaks it" + (", but together they do" if trial.is_bad else ""))
    return ExitStatus.FAILURES if trial.is_bad else ExitStatus.OK


# --- trials -------------------------------------------------------------------------------------------------


def _try(plan: Plan, window: Window, steps: Sequence[RunStep], settings: Settings) -> Trial:
    """The last of the steps, while the others run with it."""

    def run() -> Trial:
        report = run_window(plan, window._replace(steps=tuple(steps)), settings)
        outcome = report.finished[steps[-1].item.id].outcome
        return Trial(outcome.verdict.is_bad, failure_line(outcome.failures) or outcome.reason or outcome.verdict.value)

    if not CAN_FORK:
        return run()
    told = call_in_child(lambda: _written(run()))
    return Trial(bool(told[0]), told[1:].decode(errors="replace")) if told else Trial(True, "the process died")


def _written(trial: Trial) -> bytes:
    return bytes([trial.is_bad]) + trial.said.encode(errors="backslashreplace")[:4000]
