"""The writing of an entry in the ledger, which nothing must come in between."""

from _thread import RLock
from collections.abc import Callable

from rustest.output.routing import Routing
from rustest.run.checks.findings import Findings


class Writing:
    """A context for writing an entry and telling of it; what belongs to no test and came before is told first.

    One for a whole run, entered several times for each test: hence a class, at a third of a generator's price.
    """

    def __init__(self, findings: Findings, routing: Routing, tell_strays: Callable[[], None]) -> None:
        self.lock = RLock()
        self._findings = findings
        self._routing = routing
        self._tell_strays = tell_strays
        self._depth = 0
        self._afterwards: list[Callable[[], object]] = []

    def __enter__(self) -> None:
        self.begin()

    def __exit__(self, *_: object) -> None:
        self.end()

    def begin(self) -> None:
        """Enter; for each test, and so apart: `with` calls no method without a detour."""
        self.lock.acquire()
        self._depth += 1
        if self._findings.loose or self._routing.loose:
            try:
                self._tell_loose()
            except BaseException:
                self.end()
                raise

    def end(self) -> None:
        """Leave."""
        self._depth -= 1
        self.lock.release()
        while self._afterwards and not self._depth:
            self._afterwards.pop(0)()

    def _tell_loose(self) -> None:
        if self._findings.loose:
            self._findings.tell_loose()
        if self._routing.loose:
            self._tell_strays()

    def then(self, call: Callable[[], object]) -> None:
        """Make a call when no event is on its way to the reporters: at once, or as soon as that one has been told."""
        if self._depth:
            self._afterwards.append(call)
        else:
            call()
