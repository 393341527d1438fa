"""The level from which on a run keeps log records."""

import logging
from collections.abc import Generator
from contextlib import contextmanager

from rustest.model.errors import UsageError


@contextmanager
def lowered_root(level: str) -> Generator[None]:
    """Let the root logger pass records of that level for the time of the block, if it did not; raises UsageError."""
    try:
        number = level_number(level)
    except ValueError as error:
        raise UsageError(f"log_level: {error}") from None
    root = logging.getLogger()
    before = root.level
    root.setLevel(min(before, number))
    try:
        yield
    finally:
        root.setLevel(before)


def level_number(level: str) -> int:
    """The number of a level, `INFO` or `20`; raises ValueError for a name that logging does not know."""
    if level.isdecimal():
        return int(level)
    if (number := logging.getLevelNamesMapping().get(level.upper())) is None:
        raise ValueError(f"there is no log level {level!r}")
    return number
