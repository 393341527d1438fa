"""`caplog`: what a test logs, for the test to look at. Tests that use it overlap, and each sees its own only."""

import logging
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Literal

from rustest.authoring.fixture import fixture
from rustest.builtin_fixtures.log_levels import SetLevel, Undo, context_levels, set_process_level
from rustest.model.calls import kind_of
from rustest.model.failure import Phase
from rustest.model.record import NamedTuple
from rustest.model.request import Request
from rustest.output.log_level import level_number
from rustest.output.owner import owner_here
from rustest.output.routing import current_routing

_PHASES = {"setup": Phase.SETUP, "call": Phase.CALL, "teardown": Phase.TEARDOWN}
_FORMAT = "%(levelname)-8s %(name)s:%(filename)s:%(lineno)d %(message)s"


@fixture
def caplog(request: Request) -> Generator["LogCaptureFixture"]:
    """The log records of the test, and the levels at which it wants them."""
    test = request.function
    levels = context_levels() if kind_of(test).is_async else nullcontext(set_process_level)
    handler = LogCaptureHandler(lambda: request.phase)
    if isinstance(level := request.config.getoption("log_level"), str):
        handler.setLevel(_number(level))
    with levels as set_level, handler.attached(), ExitStack() as undoing:
        yield LogCaptureFixture(handler, set_level, undoing)


class _Logged(NamedTuple):
    """What was logged in one phase of a test."""

    records: list[logging.LogRecord]
    texts: list[str]


class LogCaptureHandler(logging.Handler):
    """Keeps the records of the test whose context this is, phase by phase, of whatever loggers it is a handler.

    Where a message and its arguments do not fit together, logging it raises.
    """

    def __init__(self, phase: Callable[[], Phase]) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self._phase = phase
        self._owner = owner_here()
        self._logged = {phase: _Logged([], []) for phase in _PHASES.values()}

    @property
    def records(self) -> list[logging.LogRecord]:
        """What was logged in the phase that the test is in."""
        return self._logged[self._phase()].records

    @property
    def text(self) -> str:
        """The same, formatted."""
        return "".join(self._logged[self._phase()].texts)

    def records_of(self, phase: Phase) -> list[logging.LogRecord]:
        """What was logged in that phase."""
        return self._logged[phase].records

    @contextmanager
    def attached(self) -> Generator[None]:
        """Let all loggers hand their records on to it, for the time of the block."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield
        finally:
            root.removeHandler(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Refuse what another test logs."""
        return current_routing().owner is self._owner and super().filter(record)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record, and its text."""
        logged = self._logged[self._phase()]
        logged.records.append(record)
        logged.texts.append(f"{self.format(record)}\n")

    def clear(self) -> None:
        """Forget what was logged in the phase that the test is in."""
        for kept in self._logged[self._phase()]:
            kept.clear()


class LogCaptureFixture:
    """What a test gets as `caplog`."""

    def __init__(self, handler: LogCaptureHandler, set_level: SetLevel, undoing: ExitStack) -> None:
        self.handler = handler
        """What takes the records; it may be added to loggers that do not propagate theirs."""
        self._set_level = set_level
        self._undoing = undoing

    @property
    def records(self) -> list[logging.LogRecord]:
        """The records of the phase that the test is in, the earliest first: in the test itself those of its body."""
        return self.handler.records

    def get_records(self, when: Literal["setup", "call", "teardown"]) -> list[logging.LogRecord]:
        """The records of one phase; those of "setup" begin where this fixture was set up."""
        return self.handler.records_of(_PHASES[when])

    @property
    def record_tuples(self) -> list[tuple[str, int, str]]:
        """Of each record the logger's name, the level and the message."""
        return [(record.name, record.levelno, record.getMessage()) for record in self.records]

    @property
    def messages(self) -> list[str]:
        """The messages, with their arguments filled in, without tracebacks."""
        return [record.getMessage() for record in self.records]

    @property
    def text(self) -> str:
        """The records, formatted, a line or more for each."""
        return self.handler.text

    def clear(self) -> None:
        """Forget the records of the phase that the test is in."""
        self.handler.clear()

    def set_level(self, level: int | str, logger: str | None = None) -> None:
        """Log from this level on, for that logger or the root logger, until the test has ended."""
        self._undoing.callback(self._change_level(level, logger))

    @contextmanager
    def at_level(self, level: int | str, logger: str | None = None) -> Generator[None]:
        """Log from this level on, for that logger or the root logger, for the time of the block."""
        undo = self._change_level(level, logger)
        try:
            yield
        finally:
            undo()

    @contextmanager
    def filtering(self, filter_: logging.Filter) -> Generator[None]:
        """Keep only what the filter lets through, for the time of the block."""
        self.handler.addFilter(filter_)
        try:
            yield
        finally:
            self.handler.removeFilter(filter_)

    def _change_level(self, level: int | str, logger: str | None) -> Undo:
        number = _number(level)
        undo, found = self._set_level(logging.getLogger(logger), number), self.handler.level
        self.handler.setLevel(number)

        def undo_both() -> None:
            undo()
            self.handler.setLevel(found)

        return undo_both


def _number(level: int | str) -> int:
    """The level as a number; raises ValueError for a name that logging does not know."""
    if isinstance(level, int):
        return level
    return level_number(level)
