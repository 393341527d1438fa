"""Levels of loggers that one test sets for itself.

For a sync test, beside which nothing runs, they are set as anybody would set them. For an async test they hold in its
context alone: the methods by which `logging.Logger` decides what is enabled look there first, for as long as any test
has set a level. `Logger.level` itself stays as it is then.
"""

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

from rustest.model.record import NamedTuple
from rustest.output.replacement import Replacement

Undo = Callable[[], None]
SetLevel = Callable[[logging.Logger, int], Undo]
"""Sets the level of a logger, and gives what takes that back; latest first, where there are several."""


def set_process_level(logger: logging.Logger, level: int) -> Undo:
    """Set the level for the whole process, and see to it that `logging.disable` does not hide what it lets through."""
    found, disabled, hidden = logger.level, logger.manager.disable, _is_hidden(logger, level)
    logger.setLevel(level)
    if hidden:
        logging.disable(max(level, 1) - 1)

    def undo() -> None:
        logger.setLevel(found)
        if hidden:
            logging.disable(disabled)

    return undo


def _is_hidden(logger: logging.Logger, level: int) -> bool:
    return logger.manager.disable >= max(level, 1)


class _Level(NamedTuple):
    level: int
    forced: bool
    """Whether `logging.disable` hid it as it was set, and so is not heeded."""


Levels = dict[logging.Logger, _Level]


@contextmanager
def context_levels() -> Generator[SetLevel]:
    """What sets levels in this context and in those that are copied from it: all are to be taken back in the block."""
    levels: Levels = {}
    with _LOOKING_THERE.in_use():
        earlier = _LEVELS.get()
        _LEVELS.set(levels)
        try:
            yield lambda logger, level: _set_context_level(levels, logger, level)
        finally:
            _LEVELS.set(earlier)


def _set_context_level(levels: Levels, logger: logging.Logger, level: int) -> Undo:
    found = levels.get(logger)
    levels[logger] = _Level(level, _is_hidden(logger, level))

    def undo() -> None:
        if found is None:
            levels.pop(logger, None)
        else:
            levels[logger] = found

    return undo


_LEVELS: ContextVar[Levels | None] = ContextVar("rustest_log_levels", default=None)


def _level_here(logger: logging.Logger) -> _Level | None:
    """The effective level if the test has set it, for this logger or for the nearest above that has one."""
    levels = _LEVELS.get()
    while levels:
        here = levels.get(logger)
        if (here.level if here else logger.level) or logger.parent is None:
            return here
        logger = logger.parent
    return None


@contextmanager
def _looking_there() -> Generator[None]:
    is_enabled, effective, set_level = _USUAL

    def is_enabled_here(logger: logging.Logger, level: int) -> bool:
        here = _level_here(logger)
        if here is None:
            return is_enabled(logger, level)
        return level >= here.level and not logger.disabled and (here.forced or level > logger.manager.disable)

    def effective_here(logger: logging.Logger) -> int:
        here = _level_here(logger)
        return effective(logger) if here is None else here.level

    def set_level_here(logger: logging.Logger, level: int | str) -> None:
        set_level(logger, level)
        (_LEVELS.get() or {}).pop(logger, None)  # the code under test decides anew, and the latest counts

    _put((is_enabled_here, effective_here, set_level_here))
    try:
        yield
    finally:
        _put(_USUAL)


_Methods = tuple[
    Callable[[logging.Logger, int], bool],
    Callable[[logging.Logger], int],
    Callable[[logging.Logger, int | str], None],
]
_USUAL: _Methods = (logging.Logger.isEnabledFor, logging.Logger.getEffectiveLevel, logging.Logger.setLevel)


def _put(methods: _Methods) -> None:
    for name, method in zip(("isEnabledFor", "getEffectiveLevel", "setLevel"), methods, strict=True):
        setattr(logging.Logger, name, method)


_LOOKING_THERE = Replacement(_looking_there)
