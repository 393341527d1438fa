"""The fan-out: one stream of events to many reporters, none of which can bring down the run."""

from collections.abc import Callable, Sequence

from rustest.model.events import Event, ReporterFailed, TestFinished
from rustest.model.hints import cast
from rustest.model.record import NamedTuple

Reporter = Callable[[Event], None]


class NamedReporter(NamedTuple):
    """A reporter, and the name by which users hear of it when it fails."""

    name: str
    receive: Reporter
    ignores: tuple[type[Event], ...] = ()
    """The kinds of events that it has no use for, and is spared."""
    looks_ahead: bool = True
    """Whether it has a use for what `RunStarted` knows from earlier runs: how long tests took, and all will take."""
    end_test: Callable[[TestFinished], None] | None = None
    """What takes the ends of tests in place of `receive`, if something does: nearly all events are such."""

    def receiver(self, kind: type[Event]) -> Reporter:
        """What takes its events of that kind."""
        return cast("Reporter", self.end_test) if kind is TestFinished and self.end_test else self.receive


class Fanout:
    """Passes each event to all reporters in order; one that raises is switched off, and the others are told.

    They are told at once: those behind it before the event that it met, so that whoever sums up knows of the failure.
    """

    def __init__(self, reporters: Sequence[NamedReporter]) -> None:
        self._reporters = tuple(reporters)
        self._audiences: dict[type[Event], list[tuple[Reporter, NamedReporter]]] = {}
        """By kind of event: who is to hear of it, and how."""

    def put_first(self, reporter: NamedReporter) -> None:
        """Tell that one too, before all others: they hear what it has to say of an event before the event itself."""
        self._reporters = (reporter, *self._reporters)
        self._audiences.clear()

    def __call__(self, event: Event) -> None:
        """Tell all; to those before a reporter that fails at `RunFinished`, its `ReporterFailed` comes after that."""
        kind = type(event)
        for receive, reporter in self._audiences.get(kind) or self._listeners(kind):
            try:
                receive(event)
            except (Exception, SystemExit) as error:
                self._switch_off(reporter, error)

    def _listeners(self, kind: type[Event]) -> list[tuple[Reporter, NamedReporter]]:
        listeners = [(one.receiver(kind), one) for one in self._reporters if kind not in one.ignores]
        self._audiences[kind] = listeners
        return listeners

    def hears(self, kind: type[Event]) -> bool:
        """Whether any reporter listens to events of that kind."""
        return any(kind not in one.ignores for one in self._reporters)

    @property
    def looks_ahead(self) -> bool:
        """Whether any reporter wants to know beforehand how long the tests will take."""
        return any(reporter.looks_ahead for reporter in self._reporters)

    def _switch_off(self, broken: NamedReporter, error: BaseException) -> None:
        self._reporters = tuple(reporter for reporter in self._reporters if reporter is not broken)
        for listeners in self._audiences.values():  # in place: some are just being gone through
            listeners[:] = [(_hear_nothing, one) if one is broken else (receive, one) for receive, one in listeners]
        self(ReporterFailed(broken.name, _describe(error)))


def _hear_nothing(event: Event) -> None:
    """Be told in the place of a reporter that has failed."""


def _describe(error: BaseException) -> str:
    try:
        return ": ".join(part for part in (type(error).__name__, str(error)) if part)
    except Exception:  # an exception that cannot even be printed must not bring down the run either
        return type(error).__name__
