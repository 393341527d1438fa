"""The fan-out: one stream of events to many reporters, none of which can bring down the run."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from rustest.model.events import Event, ReporterFailed

Reporter = Callable[[Event], None]


class NamedReporter(NamedTuple):
    """A reporter, and the name by which users hear of it when it fails."""

    name: str
    receive: Reporter


class Fanout:
    """Passes each event to all reporters in order; one that raises is switched off, and the others are told."""

    def __init__(self, reporters: Sequence[NamedReporter]) -> None:
        self._reporters = tuple(reporters)

    def __call__(self, event: Event) -> None:
        """Tell all; a failure is told after the event that met it, so a `ReporterFailed` may follow `RunFinished`."""
        pending = [event]
        for told in pending:  # grows while it is walked: telling of a failure may meet the next one
            for reporter in self._reporters:
                try:
                    reporter.receive(told)
                except (Exception, SystemExit) as error:
                    pending.append(self._switch_off(reporter, error))

    def _switch_off(self, broken: NamedReporter, error: BaseException) -> ReporterFailed:
        self._reporters = tuple(reporter for reporter in self._reporters if reporter is not broken)
        return ReporterFailed(broken.name, _describe(error))


def _describe(error: BaseException) -> str:
    try:
        return ": ".join(part for part in (type(error).__name__, str(error)) if part)
    except Exception:  # an exception that cannot even be printed must not bring down the run either
        return type(error).__name__
