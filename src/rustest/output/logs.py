"""What tests log, filed as text under the owner of the code that logs it.

A handler of the root logger would miss loggers that do not propagate, would make `logging.basicConfig` do nothing, and
would be thrown out by any `dictConfig`. So the method by which `logging.Logger` asks its filters files what they let
through. It has returned when handlers are called: some look for their caller on the stack, and find nobody's frames but
logging's and the test's. What the last resort would print is in the log already, and so is what a handler would print
that `logging.error` and its like install where there is none: for all tests, on behalf of one that has only logged.
"""

import logging
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps

from rustest.model.hints import cast
from rustest.model.output import Stream
from rustest.output.replacement import Replacement
from rustest.output.routing import Routing, filing_routing

_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-8s %(name)s: %(message)s"


class _FilingHandler(logging.Handler):
    """Turns records into text; one that cannot be formatted is complained of as logging does it, on stderr."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT, "%H:%M:%S"))

    def createLock(self) -> None:  # noqa: N802 - logging's name
        """Have none: what files the text has its own."""
        self.lock = None

    def file(self, record: logging.LogRecord, routing: Routing) -> None:
        """File the record under its owner."""
        from copy import copy

        try:
            text = self.format(copy(record))  # which leaves the text and the time on it, and others read records
        except Exception:  # the message and its arguments do not fit together
            self.handleError(record)
        else:
            routing.write(Stream.LOG, f"{text}\n".encode("utf-8", "backslashreplace"))


class _LastResort(logging.Handler):
    """Handles, as the usual one would, what nobody files."""

    def __init__(self, usual: logging.Handler) -> None:
        super().__init__(usual.level)
        self._usual = usual

    def emit(self, record: logging.LogRecord) -> None:
        """Leave alone what is in the log already."""
        if filing_routing() is None:
            self._usual.emit(record)


def _only_where_asked(configure: Callable[..., None]) -> Callable[..., None]:
    """The same, but for calls that logging makes by itself while what is logged is filed."""

    @wraps(configure)
    def basic_config(**settings: object) -> None:
        caller = sys._getframe(1).f_globals["__name__"]  # pyright: ignore[reportPrivateUsage]
        if caller != logging.__name__ or filing_routing() is None:
            configure(**settings)

    return basic_config


_TOLD: list[object] = []
"""Exceptions that are told of otherwise just now, and so are not wanted in logs."""


@contextmanager
def kept_out_of_logs(told: object) -> Generator[None]:
    """What is logged with that exception while the block runs reaches handlers, and no test's log."""
    _TOLD.append(told)
    try:
        yield
    finally:
        _TOLD.pop()


def _is_told(record: logging.LogRecord) -> bool:
    return record.exc_info is not None and any(record.exc_info[1] is told for told in _TOLD)


@contextmanager
def _filing() -> Generator[None]:
    usual, last_resort, handler = logging.Logger.filter, logging.lastResort, _FilingHandler()

    def file_unless_filtered(logger: logging.Logger, record: logging.LogRecord) -> object:
        passed = cast("bool | logging.LogRecord", usual(logger, record))  # the one or the other, by Python's version
        if passed and (routing := filing_routing()) is not None and not _is_told(record):
            handler.file(record if isinstance(passed, bool) else passed, routing)
        return passed

    logging.Logger.filter = file_unless_filtered  # type: ignore[method-assign, assignment]
    logging.lastResort = _LastResort(last_resort) if last_resort is not None else None
    configure = logging.basicConfig
    logging.basicConfig = _only_where_asked(configure)
    try:
        yield
    finally:
        logging.basicConfig = configure
        logging.Logger.filter, logging.lastResort = usual, last_resort  # type: ignore[method-assign]


LOGS = Replacement(_filing)
