"""The watch over what the whole process shares: a test that leaves a change of it to its neighbours is named.

The plan reads from a test's code that it changes such things, and puts it alone; what it cannot read, because it
happens in a function that the test only imports, is seen here. What can be compared in a microsecond or two is compared
after each step of a test that may have company. A change that is taken back within its step has disturbed nobody.
"""

import os
import signal
import sys
import warnings
from collections.abc import Iterator, Mapping

from rustest.model.failure import Phase, problem
from rustest.model.hints import TYPE_CHECKING, cast
from rustest.model.strictness import SHARED_CHANGE
from rustest.run.checks.findings import Finding, Findings
from rustest.run.stops.interrupts import handler_of
from rustest.run.tenant import Occupancy, Tenant

if TYPE_CHECKING:
    from rustest.run.flight import Flight

State = tuple[object, ...]

_ENVIRONMENT = cast("Mapping[bytes, bytes]", vars(os.environ)["_data"])
"""What `os.environ` holds, undecoded: to compare that takes a tenth of the time."""
_SIGNALS = ("SIGINT", "SIGTERM", "SIGALRM", "SIGUSR1")
_NUMBERS = tuple(int(number) for name in _SIGNALS if (number := vars(signal).get(name)) is not None)
FOLDER = "the working directory"
_KINDS = (
    FOLDER,
    "the warning filters",
    "the number of warning filters",
    "the length of sys.path",
    "the root logger's handlers",
    *(f"the handler of {name}" for name in _SIGNALS if name in vars(signal)),
)
"""What is compared beside the environment, in the order of a state's parts."""


class Watch:
    """Compares after each step while several tests may be in flight, and files what one of them has changed."""

    def __init__(self, occupancy: Occupancy, findings: Findings, flights: "dict[Flight, None]") -> None:
        self._occupancy = occupancy
        self._findings = findings
        self._flights = flights
        self._environment = dict(_ENVIRONMENT)
        self._state = _look_around()
        self._before: dict[str, object] = {}
        """What has been changed and not put back, with what it was."""
        self._told: set[tuple[str, str]] = set()

    def begin(self) -> None:
        """Compare from now on; what has changed until now is nobody's doing."""
        self._before.clear()
        self.adopt()
        self._occupancy.watch = self

    def end(self) -> None:
        """No test has company any more."""
        self._occupancy.watch = None

    def adopt(self) -> None:
        """Take things as they are: what is done between steps, such as sync set-up, is planned for."""
        self._state = _look_around()
        if self._environment != _ENVIRONMENT:
            self._environment = dict(_ENVIRONMENT)

    def look(self, tenant: Tenant | None) -> None:
        """That tenant's step has ended: file what it has changed, unless it has only put things back."""
        state = _look_around()
        if state != self._state or self._environment != _ENVIRONMENT:
            self._compare(tenant, state)

    def has_told(self, tenant: Tenant, what: str) -> bool:
        """Whether it has filed that the tenant has changed that."""
        return (tenant.name, what) in self._told

    def _compare(self, tenant: Tenant | None, state: State) -> None:
        changed = [what for what, was, now in self._changes(state) if self._is_news(what, was, now)]
        self.adopt()
        others = len(self._flights) - 1
        if others < 1 or tenant is None or all(flight.attempt is not tenant for flight in self._flights):
            return  # a fixture of a wider scope does it for all its users
        for what in changed:
            if (tenant.name, what) not in self._told:
                self._told.add((tenant.name, what))
                self._file(tenant, what, others)

    def _changes(self, state: State) -> Iterator[tuple[str, object, object]]:
        yield from (change for change in zip(_KINDS, self._state, state, strict=True) if change[1] != change[2])
        for name in sorted(self._environment.keys() | _ENVIRONMENT.keys()):
            was, now = self._environment.get(name), _ENVIRONMENT.get(name)
            if was != now:
                yield f"the environment variable {os.fsdecode(name)}", was, now

    def _is_news(self, what: str, was: object, now: object) -> bool:
        """Whether a change is more than the end of an earlier one."""
        if what in self._before and self._before[what] == now:
            del self._before[what]
            return False
        self._before.setdefault(what, was)
        return True

    def _file(self, tenant: Tenant, what: str, others: int) -> None:
        neighbours = "another test was" if others == 1 else f"{others} other tests were"
        said = (
            f"the test changed {what} and left it so while {neighbours} in flight: "
            "put it back before the next await, or mark the test with @mark.serial"
        )
        self._findings.file(tenant, Finding(SHARED_CHANGE, problem(Phase.CALL, said, at=tenant.place())))


def _look_around() -> State:
    """The parts of a state, in the order of `_KINDS`; after every step, and so with no call that can be spared."""
    try:
        folder = os.getcwd()
    except OSError:  # somebody has removed it
        folder = ""
    filters, logging = warnings.filters, sys.modules.get("logging")
    handlers = tuple(logging.root.handlers) if logging is not None else ()
    return folder, filters, len(filters), len(sys.path), handlers, *map(handler_of, _NUMBERS)
