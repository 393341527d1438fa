"""What tests log, filed as text under the owner of the code that logs it.

A handler of the root logger would miss loggers that do not propagate, would make `logging.basicConfig` do nothing, and
would be thrown out by any `dictConfig`. So the method by which `logging.Logger` finds its handlers files each record
first. It does not ask for handlers that nobody has put there: what the last resort would print is in the log already.
"""

import logging
from collections.abc import Generator
from contextlib import contextmanager

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
        try:
            text = self.format(record)
        except Exception:  # the message and its arguments do not fit together
            self.handleError(record)
        else:
            routing.write(Stream.LOG, f"{text}\n".encode("utf-8", "backslashreplace"))


@contextmanager
def _filing() -> Generator[None]:
    usual, handler = logging.Logger.callHandlers, _FilingHandler()

    def call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
        routing = filing_routing()
        if routing is not None:
            handler.file(record, routing)
        if routing is None or logger.hasHandlers():
            usual(logger, record)

    logging.Logger.callHandlers = call_handlers  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        logging.Logger.callHandlers = usual  # type: ignore[method-assign]


LOGS = Replacement(_filing)
